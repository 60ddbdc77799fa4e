import { describe, expect, test } from '@jest/globals';
import { focusAndAnnouncement, inState } from './element-state.ts';
import { ADDRESS, send, useFormPage } from './form-page.ts';

const form = useFormPage();

describe('a pause of the form', () => {
  test.each(['too-many-requests', 'unavailable'])('after %s applies to every address', async (state) => {
    form.endpoint.nextResponse = {
      status: state === 'unavailable' ? 503 : 429,
      headers: { 'Retry-After': '60' },
    };
    const page = await form.visit();
    await page.clock.install();
    await send(page);
    await inState(page, state);
    const other = page.getByRole('button', { name: 'Use another address' });
    await other.click({ force: true });
    await inState(page, state);
    await page.clock.runFor(61_000);
    await other.click();
    await inState(page, 'idle');
    expect(form.endpoint.bodies).toHaveLength(1);
  });

  test('after a sent email applies to that mailbox only', async () => {
    const page = await form.visit();
    const other = page.getByRole('button', { name: 'Use another address' });
    await page.clock.install();
    await send(page);
    await inState(page, 'sent');
    await page.clock.runFor(20_000);
    await other.click();
    await send(page);
    await inState(page, 'sent-recently');
    expect(await page.getByText(/^You can try again in (40|39) seconds\.$/).count()).toBe(1);
    expect(form.endpoint.bodies).toEqual([{ email: ADDRESS }]);

    await other.click();
    await send(page, 'john@example.com');
    await inState(page, 'sent');
    expect(form.endpoint.bodies).toEqual([{ email: ADDRESS }, { email: 'john@example.com' }]);
  });

  test('counts down and announces its end', async () => {
    form.endpoint.nextResponse = { status: 429, headers: { 'Retry-After': '125' } };
    const page = await form.visit();
    await page.clock.install();
    await send(page);
    await inState(page, 'too-many-requests');
    const again = page.getByRole('button', { name: 'Try again' });
    const countdown = page.locator('recover-user-form').getByText(/^You can try again/);
    expect(await countdown.first().textContent()).toBe('You can try again in 3 minutes.');
    await page.clock.runFor(65_000);
    expect(await countdown.first().textContent()).toMatch(/^You can try again in (60|59) seconds\.$/);
    expect(await again.getAttribute('aria-disabled')).toBe('true');
    await again.click({ force: true });
    await inState(page, 'too-many-requests');
    expect(form.endpoint.bodies).toHaveLength(1);
    await page.clock.runFor(61_000);
    expect(await again.getAttribute('aria-disabled')).toBe('false');
    expect((await focusAndAnnouncement(page))[1]).toBe('You can try again now.');
  });

  test('lasts for resend-after and survives a language change', async () => {
    const page = await form.visit();
    await page.locator('recover-user-form').evaluate((element) => element.setAttribute('resend-after', '90'));
    await page.clock.install();
    await send(page);
    await inState(page, 'sent');
    await page.clock.runFor(30_000);
    await page.evaluate(() => {
      document.documentElement.lang = 'de-CH';
    });
    await page.getByText(/^In (60|59) Sekunden /).waitFor();
    // the focus stays on the heading, and no text of the previous language is announced
    expect(await focusAndAnnouncement(page)).toEqual(['Prüfen Sie Ihr Postfach', '']);
    expect(await page.getByRole('heading').textContent()).toBe('Prüfen Sie Ihr Postfach');
  });

  test('of 0 seconds enables the button immediately', async () => {
    const page = await form.visit();
    await page.locator('recover-user-form').evaluate((element) => element.setAttribute('resend-after', '0'));
    await send(page);
    await inState(page, 'sent');
    expect(await page.getByRole('button', { name: 'Send again' }).getAttribute('aria-disabled')).toBe(
      'false',
    );
  });
});
