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

describe('an invalid link', () => {
  test.each([
    ['expired', 'This link has expired', ['Request a new link']],
    ['invalid', 'This link no longer works', ['Request a new link']],
    ['malformed', 'This link is incomplete', ['Request a new link']],
  ])('that is %s leads to an explanation and a next step', async (reason, title, actions) => {
    completion.hostModule = registerCredentialModule(
      `throw Object.assign(new Error('no'), { reason: '${reason}' });`,
    );
    const page = await completion.visit();
    await confirm(page);
    await inCompletionState(page, reason);
    await expectAnnounced(page, title);
    expect(await page.getByRole('link').allTextContents()).toEqual(actions);
    expect(await page.getByRole('link', { name: 'Request a new link' }).getAttribute('href')).toBe(
      `${completion.origin}/recover`,
    );
    await expectAccessible(page);
    await screenshot(page, `completion-${reason}`);
  });

  test('that is used does not lead on, because someone else may have used it', async () => {
    completion.hostModule = registerCredentialModule(
      "throw Object.assign(new Error('no'), { reason: 'used' });",
    );
    const page = await completion.visit();
    await page
      .locator('complete-recovery')
      .evaluate((element) => element.setAttribute('support-url', 'mailto:help@example.com'));
    await confirm(page);
    await inCompletionState(page, 'used');
    await expectAnnounced(page, 'This link has already been used');
    expect(await page.getByText('someone else may have set up a device').first().isVisible()).toBe(true);
    expect(await page.getByRole('link').allTextContents()).toEqual([
      'Contact support',
      'I used it myself: sign in',
    ]);
    const support = page.getByRole('link', { name: 'Contact support' });
    expect(await support.getAttribute('href')).toBe('mailto:help@example.com');
    await expectAccessible(page);
    await screenshot(page, 'completion-used');
  });

  test.each(['', '?token=', '?other=abc'])(
    'without a token (%j) is malformed before the user confirms',
    async (query) => {
      completion.hostModule = registerCredentialModule("document.title = 'registered';");
      const page = await completion.visit(query);
      await inCompletionState(page, 'malformed');
      expect(await page.getByRole('button').count()).toBe(0);
      await expectAccessible(page);
    },
  );
});

describe('a failed registration', () => {
  test('can be retried with the same link after the user cancels', async () => {
    completion.hostModule = registerCredentialModule(`
      if (globalThis.calls) return;
      globalThis.calls = 1;
      throw new DOMException('dismissed', 'NotAllowedError');
    `);
    const page = await completion.visit();
    await addVirtualAuthenticator(page);
    await confirm(page);
    await inCompletionState(page, 'cancelled');
    await expectAnnounced(page, 'Not set up yet');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForURL('**/sign-in.html');
  });

  test('is reported to the page and can be retried', async () => {
    completion.hostModule = registerCredentialModule("throw new Error('the SDK is at fault');");
    const page = await completion.visit();
    await confirm(page);
    await inCompletionState(page, 'failed');
    await completion.browser.expectProblem(/the SDK is at fault/);
    await expectAnnounced(page, 'Something went wrong');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await completion.browser.expectProblem(/the SDK is at fault/);
  });

  test.each([
    ['is missing', undefined, /Failed to fetch dynamically imported module/],
    ['exports no such function', 'export const x = 1;', /exports no function registerCredential/],
  ])('is reported to the page when the host module %s', async (_name, given, problem) => {
    completion.hostModule = given;
    const page = await completion.visit();
    await confirm(page);
    await inCompletionState(page, 'failed');
    await completion.browser.expectProblem(problem);
  });

  test.each([
    [
      'registerCredential',
      (page: Page) =>
        page.evaluate(() =>
          document
            .querySelector('complete-recovery')
            ?.replaceWith(document.createElement('complete-recovery')),
        ),
    ],
    [
      'authentication-urls',
      (page: Page) =>
        page
          .locator('complete-recovery')
          .evaluate((element) => element.removeAttribute('authentication-urls')),
    ],
  ])('is reported to the page when there is no %s', async (missing, remove) => {
    completion.hostModule = registerCredentialModule('');
    const page = await completion.visit();
    await remove(page);
    if (missing === 'registerCredential')
      await page
        .locator('complete-recovery')
        .evaluate((element) => element.setAttribute('authentication-urls', '/sign-in.html'));
    await confirm(page);
    await inCompletionState(page, 'failed');
    await completion.browser.expectProblem(new RegExp(`<complete-recovery>: ${missing} `));
  });
});
