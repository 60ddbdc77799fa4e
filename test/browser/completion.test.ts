import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunningServer } from '../../local/http-server.ts';
import { LANGUAGES } from '../../web/element/language.ts';
import { TEXTS } from '../unit/web/all-texts.ts';
import { expectAccessible, screenshot } from './browser.ts';
import {
  confirm,
  expectAnnounced,
  inCompletionState,
  registerCredentialModule,
  SIGN_IN_HTML,
  useCompletionPage,
} from './completion-page.ts';
import { overflowsHorizontally } from './element-state.ts';
import { hostPage } from './page-host.ts';

const completion = useCompletionPage();
let evil: RunningServer;

beforeAll(async () => {
  evil = await hostPage(() => ({ files: { 'index.html': SIGN_IN_HTML } }));
});
afterAll(() => evil.close());

describe('a recovery link', () => {
  test('has no effect until the user confirms', async () => {
    completion.hostModule = registerCredentialModule("document.title = 'registered';");
    const page = await completion.visit();
    await inCompletionState(page, 'asking');
    expect(await page.getByText(/close this page: nothing has happened/).count()).toBe(1);
    // an automatic action would have happened by now
    await page.waitForLoadState('networkidle');
    expect(await page.title()).toBe('Set up this device');
    await inCompletionState(page, 'asking');
    await expectAccessible(page);
    await screenshot(page, 'completion-asking');
  });

  test('is passed to the host callback once, in full, before the redirect to sign-in', async () => {
    completion.hostModule = registerCredentialModule(`
      if (globalThis.calls = (globalThis.calls ?? 0) + 1, globalThis.calls > 1) throw new Error('twice');
      await fetch('/register.html?handed=' + encodeURIComponent(link.href));
      await new Promise((resolve) => { globalThis.finish = resolve; });
    `);
    const page = await completion.visit('?token=a%20b&x=1#fragment');
    const handed = page.waitForRequest(/handed=/);
    await confirm(page);
    const link = new URL((await handed).url()).searchParams.get('handed');
    expect(link).toBe(`${completion.origin}/register.html?token=a%20b&x=1#fragment`);
    await inCompletionState(page, 'registering');
    await expectAnnounced(page, 'Setting up…');
    await expectAccessible(page);
    await page.evaluate(() => {
      document.addEventListener('recovery-completed', () => sessionStorage.setItem('query', location.search));
    });
    await page.evaluate(() => Reflect.get(globalThis, 'finish')());
    await page.waitForURL('**/sign-in.html');
    expect(await page.evaluate(() => sessionStorage.getItem('query'))).toBe('?token=a%20b&x=1');
    // the used link is not in the history
    await page.goBack().catch(() => null);
    expect(page.url()).not.toContain('token');
  });

  test.each([
    ['?token=abc&continue=/sign-in.html%3Fapp=2', '/sign-in.html?app=2'],
    ['?token=abc', '/sign-in.html'],
  ])('with the query %s redirects to %s', async (query, destination) => {
    completion.hostModule = registerCredentialModule('');
    const page = await completion.visit(query);
    await confirm(page);
    await page.waitForURL(`**${destination}`);
    expect(page.url()).toBe(completion.origin + destination);
  });

  test.each([
    ['another origin', (url: string) => `${url}/`],
    ['a URL without a scheme', (url: string) => url.replace('http:', '')],
    ['a URL with a user name', (url: string) => `//user@${new URL(url).host}/sign-in.html`],
    ['a javascript: URL', () => "javascript:document.title='evil'"],
    ['a data: URL', () => 'data:text/html,<title>evil</title>'],
    ['a URL with backslashes', () => '\\\\evil.example\\sign-in.html'],
  ])('never redirects to %s', async (_name, evilUrl) => {
    completion.hostModule = registerCredentialModule('');
    const page = await completion.visit(`?token=abc&continue=${encodeURIComponent(evilUrl(evil.url))}`);
    await confirm(page);
    await page.waitForURL('**/sign-in.html');
    expect(page.url()).toBe(`${completion.origin}/sign-in.html`);
    expect(await page.title()).toBe('Sign in');
  });
});

describe.each(LANGUAGES)('the completion page in %s', (language) => {
  const texts = TEXTS[language].completion;

  test('uses the language of the browser, fits a narrow screen and is accessible', async () => {
    const page = await completion.visit('?token=abc', language);
    await page.getByRole('heading', { name: texts.title }).waitFor();
    expect(await page.title()).toBe(texts.title);
    expect(await page.getByRole('button').textContent()).toBe(texts.confirm);
    await page.setViewportSize({ width: 320, height: 600 });
    expect(await overflowsHorizontally(page)).toBe(false);
    await expectAccessible(page);
  });

  test('explains a used link on a narrow screen and with text of twice the size', async () => {
    completion.hostModule = registerCredentialModule(
      "throw Object.assign(new Error('no'), { reason: 'used' });",
    );
    const page = await completion.visit('?token=abc', language);
    await page.setViewportSize({ width: 320, height: 600 });
    await page.getByRole('button', { name: texts.confirm }).click();
    await page.getByRole('heading', { name: texts.usedTitle }).waitFor();
    expect(await page.getByText(texts.usedMessage, { exact: true }).isVisible()).toBe(true);
    expect(await overflowsHorizontally(page)).toBe(false);
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    await page.setViewportSize({ width: 640, height: 600 });
    expect(await overflowsHorizontally(page)).toBe(false);
    await expectAccessible(page);
  });
});
