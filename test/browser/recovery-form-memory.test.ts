import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { expectAccessible, screenshot } from './browser.ts';
import { focusAndAnnouncement, inState } from './element-state.ts';
import { ADDRESS, send, useFormPage } from './form-page.ts';

const form = useFormPage();

async function visitAndSend(): Promise<Page> {
  const page = await form.visit();
  await page.clock.install();
  await send(page);
  await inState(page, 'sent');
  return page;
}

describe('within the cooldown of an address', () => {
  test('a reloaded form says that a link was sent a moment ago, and sends no request', async () => {
    const page = await visitAndSend();
    await page.clock.runFor(20_000);
    await page.reload();
    await inState(page, 'idle');
    await send(page, 'JANE@example.com');
    await inState(page, 'sent-recently');
    const [focused, announced] = await focusAndAnnouncement(page);
    expect(focused).toBe('Check your inbox');
    expect(announced).toMatch(/we sent a link a moment ago\. Please use that one\. /);
    expect(await page.getByText(/^You can try again in (40|39) seconds\.$/).count()).toBe(1);
    expect(form.endpoint.bodies).toEqual([{ email: ADDRESS }]);
    await expectAccessible(page);
    await screenshot(page, 'sent-recently');
  });

  test('the form offers another address, for which it sends a request', async () => {
    const page = await visitAndSend();
    await page.reload();
    await send(page);
    await inState(page, 'sent-recently');
    await page.getByRole('button', { name: 'Use another address' }).click();
    await inState(page, 'idle');
    await page.keyboard.type('john@example.com');
    await page.keyboard.press('Enter');
    await inState(page, 'sent');
    expect(form.endpoint.bodies).toEqual([{ email: ADDRESS }, { email: 'john@example.com' }]);
  });

  test('the form still knows an address after requests for others', async () => {
    const page = await visitAndSend();
    for (const other of ['john@example.com', 'jim@example.com']) {
      await page.reload();
      await send(page, other);
      await inState(page, 'sent');
    }
    await page.reload();
    await send(page);
    await inState(page, 'sent-recently');
    expect(form.endpoint.bodies).toHaveLength(3);
  });

  test('the tab keeps a hash, and not the address', async () => {
    const page = await visitAndSend();
    const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    expect(stored).toMatch(/[0-9a-f]{64}/);
    expect(stored).not.toMatch(/jane|example/i);
  });
});

test('after the cooldown, a reloaded form sends a request again', async () => {
  const page = await visitAndSend();
  await page.clock.runFor(61_000);
  await page.reload();
  await send(page);
  await inState(page, 'sent');
  expect(form.endpoint.bodies).toHaveLength(2);
});

test.each(['', 'null', '[]', '{"salt":1,"requests":[]}', '{"salt":"x","requests":[null,{"hash":1}]}', '{'])(
  'a form that finds %j in its storage sends a request',
  async (content) => {
    const page = await form.visit();
    await page.evaluate((text) => sessionStorage.setItem('recover-user-form', text), content);
    await send(page);
    await inState(page, 'sent');
    expect(form.endpoint.bodies).toHaveLength(1);
  },
);

test('a cooldown that a wrong clock has made too long does not stop a request', async () => {
  const page = await form.visit();
  const month = 30 * 24 * 3600 * 1000;
  await page.clock.install({ time: Date.now() + month });
  await send(page);
  await inState(page, 'sent');
  await page.clock.setSystemTime(Date.now() - month);
  await page.reload();
  await send(page);
  await inState(page, 'sent');
  expect(form.endpoint.bodies).toHaveLength(2);
});

test('a form without storage remembers its requests until the page is reloaded', async () => {
  const page = await form.visit();
  await page.evaluate(() => {
    Object.defineProperty(globalThis, 'sessionStorage', {
      get: () => {
        throw new DOMException('blocked', 'SecurityError');
      },
    });
  });
  await send(page);
  await inState(page, 'sent');
  await page.getByRole('button', { name: 'Use another address' }).click();
  await send(page);
  await inState(page, 'sent-recently');
  expect(form.endpoint.bodies).toHaveLength(1);
});
