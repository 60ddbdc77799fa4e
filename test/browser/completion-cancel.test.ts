import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { expectAccessible, screenshot } from './browser.ts';
import {
  confirm,
  expectAnnounced,
  inCompletionState,
  registerCredentialModule,
  useCompletionPage,
} from './completion-page.ts';
import { addVirtualAuthenticator } from './simulated-world.ts';

const completion = useCompletionPage();

/** A callback that waits, and ignores the signal: the page settles it. */
const DEAF = `
  globalThis.calls = (globalThis.calls ?? 0) + 1;
  await new Promise((resolve, reject) => Object.assign(globalThis, { resolve, reject }));
`;

async function visitAndCancel(): Promise<Page> {
  const page = await completion.visit();
  await confirm(page);
  await inCompletionState(page, 'registering');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await inCompletionState(page, 'cancelled');
  return page;
}

const retry = (page: Page) => page.getByRole('button', { name: 'Try again' }).click();
const calls = (page: Page) => page.evaluate(() => Reflect.get(globalThis, 'calls'));

/** Settles the latest call of the callback. */
const settle = (page: Page, how: 'resolve' | 'reject') =>
  page.evaluate((name) => Reflect.get(globalThis, name)(new Error('late')), how);

describe('a registration that the user cancels', () => {
  test('ends at once, and can be started again with the same link', async () => {
    completion.hostModule = registerCredentialModule(`
      globalThis.calls = (globalThis.calls ?? 0) + 1;
      if (globalThis.calls > 1) return;
      await new Promise((_, reject) => options.signal.addEventListener('abort', () => reject(options.signal.reason)));
    `);
    const page = await visitAndCancel();
    await expectAnnounced(page, 'Not set up yet');
    await expectAccessible(page);
    await screenshot(page, 'completion-cancelled');
    await retry(page);
    await page.waitForURL('**/sign-in.html');
  });

  test('is not started a second time while the first call runs on', async () => {
    completion.hostModule = registerCredentialModule(DEAF);
    const page = await visitAndCancel();
    await retry(page);
    await inCompletionState(page, 'registering');
    expect(await calls(page)).toBe(1);
    await settle(page, 'resolve');
    await page.waitForURL('**/sign-in.html');
  });

  test('is called once at a time, and only if the user has not cancelled again', async () => {
    completion.hostModule = registerCredentialModule(`
      globalThis.running = (globalThis.running ?? 0) + 1;
      globalThis.most = Math.max(globalThis.most ?? 0, globalThis.running);
      globalThis.calls = (globalThis.calls ?? 0) + 1;
      await new Promise((resolve, reject) => {
        globalThis.end = () => reject(new DOMException('late', 'AbortError'));
      }).finally(() => { globalThis.running -= 1; });
    `);
    const page = await visitAndCancel();
    const cancel = () => page.getByRole('button', { name: 'Cancel' }).click();
    const end = () => page.evaluate(() => Reflect.get(globalThis, 'end')());
    await retry(page);
    await cancel();
    await end();
    await inCompletionState(page, 'cancelled');
    expect(await calls(page)).toBe(1);

    await retry(page);
    await page.waitForFunction(() => Reflect.get(globalThis, 'calls') === 2);
    await cancel();
    await retry(page);
    await cancel();
    await retry(page);
    await end();
    await page.waitForFunction(() => Reflect.get(globalThis, 'calls') === 3);
    expect(await page.evaluate(() => Reflect.get(globalThis, 'most'))).toBe(1);
    await inCompletionState(page, 'registering');
  });

  test('counts if it succeeds nevertheless', async () => {
    completion.hostModule = registerCredentialModule(DEAF);
    const page = await visitAndCancel();
    await settle(page, 'resolve');
    await page.waitForURL('**/sign-in.html');
  });

  test('stays cancelled when it fails afterwards', async () => {
    completion.hostModule = registerCredentialModule(DEAF);
    const page = await visitAndCancel();
    await settle(page, 'reject');
    await completion.browser.expectProblem(/late/);
    await inCompletionState(page, 'cancelled');
  });
});

describe('a registration that fails', () => {
  test('shows a hint on a device without an authenticator, though the browser reports a canceled prompt', async () => {
    completion.hostModule = registerCredentialModule("throw new DOMException('x', 'NotAllowedError');");
    const page = await completion.visit();
    await confirm(page);
    await inCompletionState(page, 'no-authenticator');
    await expectAnnounced(page, 'This device cannot be set up yet');
    await expectAccessible(page);
    await screenshot(page, 'completion-no-authenticator');
    await addVirtualAuthenticator(page);
    await retry(page);
    await inCompletionState(page, 'cancelled');
  });

  test('is not put down to a missing authenticator in a browser without WebAuthn', async () => {
    completion.hostModule = registerCredentialModule("throw new DOMException('x', 'NotAllowedError');");
    const page = await completion.visit();
    await page.evaluate(() => Reflect.set(globalThis, 'PublicKeyCredential', class {}));
    await confirm(page);
    await inCompletionState(page, 'cancelled');
  });

  test('says that there is no connection, and can be tried again', async () => {
    completion.hostModule = registerCredentialModule("throw new TypeError('Failed to fetch');");
    const page = await completion.visit();
    // the module is loaded
    await confirm(page);
    await inCompletionState(page, 'failed');
    await completion.browser.expectProblem(/Failed to fetch/);
    await page.context().setOffline(true);
    await retry(page);
    await inCompletionState(page, 'offline');
    await expectAnnounced(page, 'No connection');
    await expectAccessible(page);
    await screenshot(page, 'completion-offline');
  });

  test('offers a new link beside the retry', async () => {
    completion.hostModule = registerCredentialModule("throw Object.assign(new Error('x'), { reason: 'x' });");
    const page = await completion.visit();
    await confirm(page);
    await inCompletionState(page, 'failed');
    await completion.browser.expectProblem(/x/);
    const newLink = page.getByRole('link', { name: 'Request a new link' });
    expect(await newLink.getAttribute('href')).toBe(`${completion.origin}/recover`);
  });
});

test.each([
  ['/sign-in.html?app=2', '/sign-in.html?app=2'],
  ['https://evil.example/', '/sign-in.html'],
])(
  'after the registration, the redirect URL %s of the tenant leads to %s',
  async (redirectUrl, destination) => {
    completion.hostModule = registerCredentialModule(
      `return { redirectUrl: new URL('${redirectUrl}', location.href).href };`,
    );
    const page = await completion.visit();
    await confirm(page);
    await page.waitForURL(`**${destination}`);
    expect(page.url()).toBe(completion.origin + destination);
  },
);
