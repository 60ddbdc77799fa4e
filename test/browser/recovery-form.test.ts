import { describe, expect, test } from '@jest/globals';
import { expectAccessible, screenshot } from './browser.ts';
import { focusAndAnnouncement, inState } from './element-state.ts';
import { ADDRESS, recordEvents, send, useFormPage } from './form-page.ts';

const form = useFormPage();

describe('the form', () => {
  test('starts idle and does not take the focus from the page', async () => {
    const page = await form.visit();
    await inState(page, 'idle');
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('body');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Recover your account');
    await expectAccessible(page);
    await screenshot(page, 'idle');
  });

  test.each(['', 'jane', 'jane@', 'jane@exa mple.com'])(
    'rejects the address %j without a request',
    async (address) => {
      const page = await form.visit();
      await page.getByLabel('Email address').fill(address);
      await page.keyboard.press('Enter');
      await inState(page, 'invalid-address');
      const message = 'Enter a valid email address, for example jane@example.com.';
      expect(await focusAndAnnouncement(page)).toEqual(['address', message]);
      const input = page.getByRole('textbox', { name: 'Email address', description: message });
      expect(await input.getAttribute('aria-invalid')).toBe('true');
      expect(form.endpoint.bodies).toEqual([]);
    },
  );

  test('clears the error when a valid address is submitted', async () => {
    const page = await form.visit();
    await send(page, 'jane');
    await inState(page, 'invalid-address');
    await expectAccessible(page);
    await screenshot(page, 'invalid-address');
    await send(page);
    await inState(page, 'sent');
    expect(form.endpoint.bodies).toEqual([{ email: ADDRESS }]);
  });

  test('shows an invalid address when the endpoint rejects it', async () => {
    form.endpoint.nextResponse = { status: 422, body: { errors: [{ pointer: '#/email', detail: 'x' }] } };
    const page = await form.visit();
    const events = await recordEvents(page);
    await send(page);
    await inState(page, 'invalid-address');
    expect(await events()).toEqual([['recovery-failed', { reason: 'invalid-address' }]]);
  });

  test('cannot be submitted twice and shows its progress', async () => {
    form.endpoint.nextResponse = 'hang';
    const page = await form.visit();
    await send(page);
    await inState(page, 'sending');
    expect(await focusAndAnnouncement(page)).toEqual(['Sending…', 'Sending…']);
    expect(await page.getByRole('button').getAttribute('aria-disabled')).toBe('true');
    expect(await page.getByLabel('Email address').getAttribute('readonly')).not.toBeNull();
    await page.getByRole('button').press('Enter');
    await page.getByRole('button').click({ force: true });
    await page.getByLabel('Email address').press('Enter');
    await expectAccessible(page);
    await screenshot(page, 'sending');
    form.endpoint.release();
    await inState(page, 'sent');
    expect(form.endpoint.bodies).toEqual([{ email: ADDRESS }]);
  });

  test('does not animate the button for users who prefer reduced motion', async () => {
    form.endpoint.nextResponse = 'hang';
    const page = await form.visit();
    await send(page);
    const animation = () =>
      page.getByRole('button').evaluate((button) => getComputedStyle(button, '::before').animationName);
    expect(await animation()).toBe('spin');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await animation()).toBe('none');
    form.endpoint.release();
  });
});

test('the attribute email does not replace the address of a request in flight', async () => {
  form.endpoint.nextResponse = 'hang';
  const page = await form.visit();
  const setEmail = (address: string) =>
    page
      .locator('recover-user-form')
      .evaluate((element, email) => element.setAttribute('email', email), address);
  await setEmail(ADDRESS);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await inState(page, 'sending');
  await setEmail('john@example.com');
  form.endpoint.release();
  await inState(page, 'sent');
  expect(await page.locator('recover-user-form .content').textContent()).toContain(
    'exists for jane@example.com',
  );
});

test('the event recovery-requested is dispatched after the form has changed its state', async () => {
  const page = await form.visit();
  await page.evaluate(() => {
    document.addEventListener('recovery-requested', (event) => {
      document.title = String(event.target instanceof Element && event.target.matches(':state(sent)'));
    });
  });
  await send(page);
  await inState(page, 'sent');
  expect(await page.title()).toBe('true');
});

test('a listener that changes the form does not take the focus from the heading', async () => {
  const page = await form.visit();
  await page.evaluate(() => {
    document.addEventListener('recovery-state-changed', (event) => {
      if (event.target instanceof Element)
        event.target.setAttribute('support-url', `/help?${event.timeStamp}`);
    });
  });
  await send(page);
  await inState(page, 'sent');
  const [focused, announced] = await focusAndAnnouncement(page);
  expect(focused).toBe('Check your inbox');
  expect(announced).toMatch(/^Check your inbox\. /);
});

test('a response does not take the focus from another field of the page', async () => {
  form.endpoint.nextResponse = 'hang';
  const page = await form.visit();
  await send(page);
  await inState(page, 'sending');
  await page.evaluate(() => {
    const other = document.createElement('button');
    other.id = 'other';
    document.querySelector('main')?.append(other);
    other.focus();
  });
  form.endpoint.release();
  await inState(page, 'sent');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('other');
});

test('the form reports a missing endpoint to the page', async () => {
  const page = await form.visit();
  await page.locator('recover-user-form').evaluate((element) => element.removeAttribute('endpoint'));
  await send(page);
  await inState(page, 'failed');
  await form.browser.expectProblem(/has no endpoint: set it to the stack's EndpointUrl/);
});

test('the form returns to idle when the page moves it during a request', async () => {
  form.endpoint.nextResponse = 'hang';
  const page = await form.visit();
  await send(page);
  await inState(page, 'sending');
  await page
    .locator('recover-user-form')
    .evaluate((element) => document.querySelector('main')?.prepend(element));
  await inState(page, 'idle');
  expect(await page.getByLabel('Email address').inputValue()).toBe(ADDRESS);
  form.endpoint.release();
});

test('the Content-Security-Policy blocks foreign scripts and requests, and the tests detect it', async () => {
  const page = await form.visit();
  await page
    .evaluate(() => {
      const script = document.createElement('script');
      script.textContent = '1';
      document.body.append(script);
    })
    .catch(() => {});
  await page.evaluate(() => fetch('http://localhost:1/').catch(() => {}));
  await form.browser.expectProblem(/^policy: require-trusted-types-for/);
  await form.browser.expectProblem(/^policy: connect-src http:\/\/localhost:1/);
});
