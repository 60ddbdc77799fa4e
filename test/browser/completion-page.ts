import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { RunningServer } from '../../local/http-server.ts';
import { buildCompletionPage } from '../../web/build-link-pages.ts';
import { type TestBrowser, useBrowser } from './browser.ts';
import { focusAndAnnouncement, inState } from './element-state.ts';
import { asLocalhost, hostPage } from './page-host.ts';

/** The page that the user signs in on. */
export const SIGN_IN_HTML =
  '<!doctype html><html lang="en"><title>Sign in</title><main><h1>Sign in</h1></main></html>';

/** The ready completion page. */
export interface CompletionPage {
  readonly browser: TestBrowser;
  /** Without a trailing slash. Throws before the first test has started. */
  readonly origin: string;
  /** The host's `register-credential.js`; `undefined`: the host has none. */
  hostModule: string | undefined;
  /** Opens the page in a new context, with the query of a recovery link. */
  visit(query?: string, locale?: string): Promise<Page>;
}

/** Serves the completion page to the tests of a file. */
export function useCompletionPage(): CompletionPage {
  const browser = useBrowser();
  let host: RunningServer | undefined;

  beforeAll(async () => {
    const page = buildCompletionPage({
      authenticationUrls: ['/sign-in.html', '/sign-in.html?app=2'],
      recoveryUrl: '/recover',
      linkParameter: 'token',
      connectOrigins: [],
    });
    host = await hostPage(() => ({
      ...page,
      files: {
        ...page.files,
        'sign-in.html': SIGN_IN_HTML,
        ...(completion.hostModule !== undefined && { 'register-credential.js': completion.hostModule }),
      },
    }));
  });
  afterAll(() => host?.close());

  const completion: CompletionPage = {
    browser,
    get origin() {
      if (host === undefined) throw new Error('The host has not started.');
      return asLocalhost(host.url);
    },
    hostModule: undefined,
    async visit(query = '?token=abc', locale = 'en') {
      return browser.visit(`${completion.origin}/register.html${query}`, { locale });
    },
  };
  return completion;
}

/** Returns a `register-credential.js` whose function has the given body. */
export function registerCredentialModule(body: string): string {
  return `export async function registerCredential(link, options) { ${body} }`;
}

/** Waits until `<complete-recovery>` is in a state. */
export function inCompletionState(page: Page, state: string): Promise<void> {
  return inState(page, state, 'complete-recovery');
}

/** Starts the registration as the user does. */
export function confirm(page: Page): Promise<void> {
  return page.getByRole('button', { name: 'Set up this device' }).click();
}

/** Fails unless the heading has the focus and the state is announced. */
export async function expectAnnounced(page: Page, title: string): Promise<void> {
  const announced = await focusAndAnnouncement(page, 'complete-recovery');
  expect(announced).toEqual([title, expect.stringMatching(new RegExp(`^${title}\\. .`))]);
}
