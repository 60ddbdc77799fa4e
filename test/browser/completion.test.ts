import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { RunningServer } from '../../local/http-server.ts';
import { buildCompletionPage, bundle } from '../../web/build.ts';
import { COMPLETION_TEXTS } from '../../web/complete-recovery/texts.ts';
import { LANGUAGES } from '../../web/element/language.ts';
import { expectAccessible, screenshot, useBrowser } from './browser.ts';
import { focusAndAnnouncement, overflowsHorizontally, inState as waitForState } from './element-state.ts';
import { asLocalhost, hostPage } from './page-host.ts';

/** The host's `register-credential.js` with the given function body. */
const hostModule = (body: string) => `export async function registerCredential(link) { ${body} }`;
const rejectingModule = (reason: string) =>
  hostModule(`throw Object.assign(new Error('no'), { reason: '${reason}' });`);
const SIGN_IN = '<!doctype html><html lang="en"><title>Sign in</title><main><h1>Sign in</h1></main></html>';

const browser = useBrowser();
let host: RunningServer;
let evil: RunningServer;
let module: string | undefined;
/** A page of the host, without a policy or referrer protection. */
let hostPageHtml = '';

beforeAll(async () => {
  evil = await hostPage(() => ({ files: { 'index.html': SIGN_IN } }));
  const page = buildCompletionPage({
    authenticationUrls: ['/sign-in.html', '/sign-in.html?app=2'],
    recoveryUrl: '/recover',
    linkParameter: 'token',
    connectOrigins: [],
  });
  const script = bundle('complete-recovery/index.ts');
  host = await hostPage((name) =>
    name === 'host.html' || name === 'complete-recovery.js'
      ? { files: { 'host.html': hostPageHtml, 'complete-recovery.js': script } }
      : {
          ...page,
          files: {
            ...page.files,
            'sign-in.html': SIGN_IN,
            ...(module !== undefined && { 'register-credential.js': module }),
          },
        },
  );
});
afterAll(async () => {
  await Promise.all([host.close(), evil.close()]);
});

const visit = (query = '?token=abc', locale = 'en') =>
  browser.visit(`${asLocalhost(host.url)}/register.html${query}`, { locale });

const inState = (page: Page, state: string) => waitForState(page, state, 'complete-recovery');

async function expectAnnounced(page: Page, title: string): Promise<void> {
  const announced = await focusAndAnnouncement(page, 'complete-recovery');
  expect(announced).toEqual([title, expect.stringMatching(new RegExp(`^${title}\\. .`))]);
}

const confirm = (page: Page) => page.getByRole('button', { name: 'Set up this device' }).click();

describe('opening a recovery link', () => {
  test('has no effect until the user confirms', async () => {
    module = hostModule("document.title = 'registered';");
    const page = await visit();
    await inState(page, 'asking');
    expect(await page.getByText(/close this page: nothing has happened/).count()).toBe(1);
    // an automatic action would have happened by now
    await page.waitForLoadState('networkidle');
    expect(await page.title()).toBe('Set up this device');
    await inState(page, 'asking');
    await expectAccessible(page);
    await screenshot(page, 'completion-asking');
  });

  test('passes the whole link to the host callback once, then redirects to sign-in', async () => {
    module = hostModule(`
      if (globalThis.calls = (globalThis.calls ?? 0) + 1, globalThis.calls > 1) throw new Error('twice');
      await fetch('/register.html?handed=' + encodeURIComponent(link.href));
      await new Promise((resolve) => { globalThis.finish = resolve; });
    `);
    const page = await visit('?token=a%20b&x=1#fragment');
    const handed = page.waitForRequest(/handed=/);
    await confirm(page);
    const link = new URL((await handed).url()).searchParams.get('handed');
    expect(link).toBe(`${asLocalhost(host.url)}/register.html?token=a%20b&x=1#fragment`);
    await inState(page, 'registering');
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
  ])('with %s redirects to %s', async (query, destination) => {
    module = hostModule('');
    const page = await visit(query);
    await confirm(page);
    await page.waitForURL(`**${destination}`);
    expect(page.url()).toBe(asLocalhost(host.url) + destination);
  });

  test.each([
    (url: string) => `${url}/`,
    (url: string) => url.replace('http:', ''),
    (url: string) => `//user@${new URL(url).host}/sign-in.html`,
    () => "javascript:document.title='evil'",
    () => 'data:text/html,<title>evil</title>',
    () => '\\\\evil.example\\sign-in.html',
  ])('never redirects to a URL that is not allowed (%#)', async (evilUrl) => {
    module = hostModule('');
    const page = await visit(`?token=abc&continue=${encodeURIComponent(evilUrl(evil.url))}`);
    await confirm(page);
    await page.waitForURL('**/sign-in.html');
    expect(page.url()).toBe(`${asLocalhost(host.url)}/sign-in.html`);
    expect(await page.title()).toBe('Sign in');
  });
});

describe('an invalid link', () => {
  test.each([
    ['expired', 'This link has expired', ['Request a new link']],
    ['used', 'This link has been used', ['Sign in', 'Request a new link']],
    ['malformed', 'This link is incomplete', ['Request a new link']],
  ])('that is %s leads to an explanation and a next step', async (reason, title, actions) => {
    module = rejectingModule(reason);
    const page = await visit();
    await confirm(page);
    await inState(page, reason);
    await expectAnnounced(page, title);
    expect(await page.getByRole('link').allTextContents()).toEqual(actions);
    expect(await page.getByRole('link', { name: 'Request a new link' }).getAttribute('href')).toBe(
      `${asLocalhost(host.url)}/recover`,
    );
    await expectAccessible(page);
    await screenshot(page, `completion-${reason}`);
  });

  test.each(['', '?token=', '?other=abc'])(
    'without a token (%j) is malformed before the user confirms',
    async (query) => {
      module = hostModule("document.title = 'registered';");
      const page = await visit(query);
      await inState(page, 'malformed');
      expect(await page.getByRole('button').count()).toBe(0);
      await expectAccessible(page);
    },
  );
});

describe('a failed registration', () => {
  test('can be retried with the same link after the user cancels', async () => {
    module = hostModule(`
      if (globalThis.calls) return;
      globalThis.calls = 1;
      throw new DOMException('dismissed', 'NotAllowedError');
    `);
    const page = await visit();
    await confirm(page);
    await inState(page, 'cancelled');
    await expectAnnounced(page, 'Not set up yet');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForURL('**/sign-in.html');
  });

  test('is reported to the page and can be retried', async () => {
    module = hostModule("throw new Error('the SDK is at fault');");
    const page = await visit();
    await confirm(page);
    await inState(page, 'failed');
    await browser.expectProblem(/the SDK is at fault/);
    await expectAnnounced(page, 'Something went wrong');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await browser.expectProblem(/the SDK is at fault/);
  });

  test.each([
    ['is missing', undefined, /Failed to fetch dynamically imported module/],
    ['exports no such function', 'export const x = 1;', /exports no function registerCredential/],
  ])('is reported to the page when the host module %s', async (_name, given, problem) => {
    module = given;
    const page = await visit();
    await confirm(page);
    await inState(page, 'failed');
    await browser.expectProblem(problem);
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
    module = hostModule('');
    const page = await visit();
    await remove(page);
    if (missing === 'registerCredential')
      await page
        .locator('complete-recovery')
        .evaluate((element) => element.setAttribute('authentication-urls', '/sign-in.html'));
    await confirm(page);
    await inState(page, 'failed');
    await browser.expectProblem(new RegExp(`has no ${missing}`));
  });
});

describe('in a host page', () => {
  const HELD = `
    sessionStorage.setItem('calls', 1 + Number(sessionStorage.getItem('calls')));
    await new Promise((resolve) => { globalThis.finish = resolve; });
  `;
  const finish = (page: Page) => page.evaluate(() => Reflect.get(globalThis, 'finish')());

  async function visitHostPage(attributes = '', base = ''): Promise<Page> {
    hostPageHtml = `<!doctype html><html lang="en"><title>App</title><link rel="icon" href="icon.svg">
      <main><complete-recovery authentication-urls="/sign-in.html" ${attributes}></complete-recovery></main>
      <script>document.querySelector('complete-recovery').registerCredential = async (link) => { ${HELD} };</script>
      <script type="module" src="complete-recovery.js"></script>${base}</html>`;
    return browser.visit(`${asLocalhost(host.url)}/host.html?token=secret`);
  }

  test('uses a callback that was set before the element was defined, and sends no referrer', async () => {
    const page = await visitHostPage();
    await confirm(page);
    await inState(page, 'registering');
    const signIn = page.waitForRequest('**/sign-in.html');
    await finish(page);
    expect((await signIn).headers()['referer'] ?? '').not.toContain('secret');
    await page.waitForURL('**/sign-in.html');
    expect(await page.evaluate(() => document.referrer)).not.toContain('secret');
  });

  test('uses the link once when the page moves the element meanwhile', async () => {
    const page = await visitHostPage();
    await confirm(page);
    await inState(page, 'registering');
    await page.locator('complete-recovery').evaluate((element) => document.body.prepend(element));
    await inState(page, 'registering');
    await finish(page);
    await page.waitForURL('**/sign-in.html');
    expect(await page.evaluate(() => sessionStorage.getItem('calls'))).toBe('1');
  });

  test('shows the result when the page removes the element and inserts it again', async () => {
    const page = await visitHostPage();
    await confirm(page);
    await inState(page, 'registering');
    await page.evaluate(async () => {
      const element = document.querySelector('complete-recovery');
      element?.remove();
      await Reflect.get(globalThis, 'finish')();
      await new Promise((resolve) => setTimeout(resolve));
      if (element) document.body.append(element);
    });
    await inState(page, 'done');
    expect(await page.getByRole('link', { name: 'Sign in' }).count()).toBe(1);
    expect(await page.evaluate(() => sessionStorage.getItem('calls'))).toBe('1');
  });

  test('redirects even if the page has another base URL', async () => {
    const page = await visitHostPage('', '<base href="https://cdn.example/">');
    await page.locator('complete-recovery').evaluate(
      (element, url) => {
        element.setAttribute('authentication-urls', url);
      },
      `${asLocalhost(host.url)}/sign-in.html`,
    );
    await confirm(page);
    await inState(page, 'registering');
    await finish(page);
    await page.waitForURL('**/sign-in.html');
  });

  test('reloads the page when the sign-in route is a fragment of it', async () => {
    const page = await visitHostPage();
    await page.locator('complete-recovery').evaluate((element) => {
      element.setAttribute('authentication-urls', '/host.html#sign-in');
    });
    await confirm(page);
    await inState(page, 'registering');
    await finish(page);
    await inState(page, 'asking');
    expect(page.url()).toBe(`${asLocalhost(host.url)}/host.html#sign-in`);
  });

  test('does not redirect when the page has removed the element', async () => {
    const page = await visitHostPage();
    await confirm(page);
    await inState(page, 'registering');
    await page.locator('complete-recovery').evaluate((element) => element.remove());
    await finish(page);
    await page.waitForLoadState('networkidle');
    expect(page.url()).toContain('/host.html');
  });

  test.each(['https://', 'javascript:alert(1)'])(
    'shows no link to an unsafe recovery-url (%s)',
    async (url) => {
      const page = await visitHostPage(`recovery-url="${url}" link-parameter="other"`);
      await inState(page, 'malformed');
      await page.getByRole('heading', { name: 'This link is incomplete' }).waitFor();
      expect(await page.getByRole('link').count()).toBe(0);
    },
  );

  test('sends no referrer to the page for new links', async () => {
    const page = await visitHostPage('recovery-url="/sign-in.html" link-parameter="other"');
    await page.getByRole('link', { name: 'Request a new link' }).click();
    await page.waitForURL('**/sign-in.html');
    expect(await page.evaluate(() => document.referrer)).toBe('');
  });
});

test.each(LANGUAGES)('the page uses the browser language %s', async (language) => {
  const page = await visit('?token=abc', language);
  expect(await page.title()).toBe(COMPLETION_TEXTS[language].title);
  expect(await page.getByRole('button').textContent()).toBe(COMPLETION_TEXTS[language].confirm);
  await page.setViewportSize({ width: 320, height: 600 });
  expect(await overflowsHorizontally(page)).toBe(false);
  await expectAccessible(page);
});
