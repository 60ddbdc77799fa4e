import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { RunningServer } from '../../local/http-server.ts';
import { buildCompletionPage, bundle } from '../../web/build.ts';
import { COMPLETION_TEXTS } from '../../web/complete-recovery/texts.ts';
import { LANGUAGES } from '../../web/element/language.ts';
import { expectAccessible, screenshot, useBrowser } from './browser.ts';
import { focusAndAnnouncement, sticksOut, inState as waitForState } from './element-state.ts';
import { asLocalhost, hostPage } from './page-host.ts';

/** The host's module: what it does with the link, as JavaScript. */
const hostModule = (body: string) => `export async function registerCredential(link) { ${body} }`;
const REFUSED = (reason: string) =>
  hostModule(`throw Object.assign(new Error('no'), { reason: '${reason}' });`);
const SIGN_IN = '<!doctype html><html lang="en"><title>Sign in</title><main><h1>Sign in</h1></main></html>';

const browser = useBrowser();
let host: RunningServer;
let evil: RunningServer;
let module: string | undefined;
/** A page of the host's own, without a policy and without any thought of referrers. */
let own = '';

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
    name === 'own.html' || name === 'complete-recovery.js'
      ? { files: { 'own.html': own, 'complete-recovery.js': script } }
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

async function expectTold(page: Page, title: string): Promise<void> {
  const told = await focusAndAnnouncement(page, 'complete-recovery');
  expect(told).toEqual([title, expect.stringMatching(new RegExp(`^${title}\\. .`))]);
}

const confirm = (page: Page) => page.getByRole('button', { name: 'Set up this device' }).click();

describe('opening a recovery link', () => {
  test('does nothing by itself: the person confirms', async () => {
    module = hostModule("document.title = 'registered';");
    const page = await visit();
    await inState(page, 'asking');
    expect(await page.getByText(/close this page: nothing has happened/).count()).toBe(1);
    // whatever would happen by itself has had its time: the page is loaded, and its scripts have come to rest
    await page.waitForLoadState('networkidle');
    expect(await page.title()).toBe('Set up this device');
    await inState(page, 'asking');
    await expectAccessible(page);
    await screenshot(page, 'completion-asking');
  });

  test('hands the whole link to the callback of the host, once, and goes on to sign in', async () => {
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
    await expectTold(page, 'Setting up…');
    await expectAccessible(page);
    await page.evaluate(() => {
      document.addEventListener('recovery-completed', () => sessionStorage.setItem('told', location.search));
    });
    await page.evaluate(() => Reflect.get(globalThis, 'finish')());
    await page.waitForURL('**/sign-in.html');
    expect(await page.evaluate(() => sessionStorage.getItem('told'))).toBe('?token=a%20b&x=1');
    // the spent link is not in the history
    await page.goBack().catch(() => null);
    expect(page.url()).not.toContain('token');
  });

  test.each([
    ['?token=abc&continue=/sign-in.html%3Fapp=2', '/sign-in.html?app=2'],
    ['?token=abc', '/sign-in.html'],
  ])('with %s goes on to %s', async (query, destination) => {
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
  ])('never leads where it was not allowed to (%#)', async (evilUrl) => {
    module = hostModule('');
    const page = await visit(`?token=abc&continue=${encodeURIComponent(evilUrl(evil.url))}`);
    await confirm(page);
    await page.waitForURL('**/sign-in.html');
    expect(page.url()).toBe(`${asLocalhost(host.url)}/sign-in.html`);
    expect(await page.title()).toBe('Sign in');
  });
});

describe('a link that is no good', () => {
  test.each([
    ['expired', 'This link has expired', ['Request a new link']],
    ['used', 'This link has been used', ['Sign in', 'Request a new link']],
    ['malformed', 'This link is incomplete', ['Request a new link']],
  ])('because it is %s, is told clearly, with a way on', async (reason, title, actions) => {
    module = REFUSED(reason);
    const page = await visit();
    await confirm(page);
    await inState(page, reason);
    await expectTold(page, title);
    expect(await page.getByRole('link').allTextContents()).toEqual(actions);
    expect(await page.getByRole('link', { name: 'Request a new link' }).getAttribute('href')).toBe(
      `${asLocalhost(host.url)}/recover`,
    );
    await expectAccessible(page);
    await screenshot(page, `completion-${reason}`);
  });

  test.each(['', '?token=', '?other=abc'])(
    'because %j has no token, is told before anything is done',
    async (query) => {
      module = hostModule("document.title = 'registered';");
      const page = await visit(query);
      await inState(page, 'malformed');
      expect(await page.getByRole('button').count()).toBe(0);
      await expectAccessible(page);
    },
  );
});

describe('a registration that does not come about', () => {
  test('because the person called it off, can be done again with the same link', async () => {
    module = hostModule(`
      if (globalThis.calls) return;
      globalThis.calls = 1;
      throw new DOMException('dismissed', 'NotAllowedError');
    `);
    const page = await visit();
    await confirm(page);
    await inState(page, 'cancelled');
    await expectTold(page, 'Not set up yet');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForURL('**/sign-in.html');
  });

  test('for another reason, is told to the page, and can be done again', async () => {
    module = hostModule("throw new Error('the SDK is at fault');");
    const page = await visit();
    await confirm(page);
    await inState(page, 'failed');
    await browser.expectProblem(/the SDK is at fault/);
    await expectTold(page, 'Something went wrong');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await browser.expectProblem(/the SDK is at fault/);
  });

  test.each([
    ['is missing', undefined, /Failed to fetch dynamically imported module/],
    ['has no such function', 'export const x = 1;', /exports no function registerCredential/],
  ])('because the module of the host %s, is told to the page', async (_name, given, problem) => {
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
  ])('because there is no %s, is told to the page', async (missing, remove) => {
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

describe('in a page of the host, which', () => {
  const HELD = `
    sessionStorage.setItem('calls', 1 + Number(sessionStorage.getItem('calls')));
    await new Promise((resolve) => { globalThis.finish = resolve; });
  `;
  const finish = (page: Page) => page.evaluate(() => Reflect.get(globalThis, 'finish')());

  async function visitOwnPage(attributes = '', base = ''): Promise<Page> {
    own = `<!doctype html><html lang="en"><title>App</title><link rel="icon" href="icon.svg">
      <main><complete-recovery authentication-urls="/sign-in.html" ${attributes}></complete-recovery></main>
      <script>document.querySelector('complete-recovery').registerCredential = async (link) => { ${HELD} };</script>
      <script type="module" src="complete-recovery.js"></script>${base}</html>`;
    return browser.visit(`${asLocalhost(host.url)}/own.html?token=secret`);
  }

  test('has set its callback before the element is there, it is used; and the link is told to nobody', async () => {
    const page = await visitOwnPage();
    await confirm(page);
    await inState(page, 'registering');
    const signIn = page.waitForRequest('**/sign-in.html');
    await finish(page);
    expect((await signIn).headers()['referer'] ?? '').not.toContain('secret');
    await page.waitForURL('**/sign-in.html');
    expect(await page.evaluate(() => document.referrer)).not.toContain('secret');
  });

  test('moves the element meanwhile, the link is still used once', async () => {
    const page = await visitOwnPage();
    await confirm(page);
    await inState(page, 'registering');
    await page.locator('complete-recovery').evaluate((element) => document.body.prepend(element));
    await inState(page, 'registering');
    await finish(page);
    await page.waitForURL('**/sign-in.html');
    expect(await page.evaluate(() => sessionStorage.getItem('calls'))).toBe('1');
  });

  test('takes the element away and brings it back, is told what came of it', async () => {
    const page = await visitOwnPage();
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

  test('has another base for its URLs, is left all the same', async () => {
    const page = await visitOwnPage('', '<base href="https://cdn.example/">');
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

  test('has its sign-in route in a fragment of the same page, is loaded anew', async () => {
    const page = await visitOwnPage();
    await page.locator('complete-recovery').evaluate((element) => {
      element.setAttribute('authentication-urls', '/own.html#sign-in');
    });
    await confirm(page);
    await inState(page, 'registering');
    await finish(page);
    await inState(page, 'asking');
    expect(page.url()).toBe(`${asLocalhost(host.url)}/own.html#sign-in`);
  });

  test('takes the element away meanwhile, the person is left where they are', async () => {
    const page = await visitOwnPage();
    await confirm(page);
    await inState(page, 'registering');
    await page.locator('complete-recovery').evaluate((element) => element.remove());
    await finish(page);
    await page.waitForLoadState('networkidle');
    expect(page.url()).toContain('/own.html');
  });

  test.each(['https://', 'javascript:alert(1)'])(
    'gives %s for new links, there is no link to it',
    async (url) => {
      const page = await visitOwnPage(`recovery-url="${url}" link-parameter="other"`);
      await inState(page, 'malformed');
      await page.getByRole('heading', { name: 'This link is incomplete' }).waitFor();
      expect(await page.getByRole('link').count()).toBe(0);
    },
  );

  test('gives an own page for new links, that is not told the link either', async () => {
    const page = await visitOwnPage('recovery-url="/sign-in.html" link-parameter="other"');
    await page.getByRole('link', { name: 'Request a new link' }).click();
    await page.waitForURL('**/sign-in.html');
    expect(await page.evaluate(() => document.referrer)).toBe('');
  });
});

test.each(LANGUAGES)('in %s it speaks the language of the browser', async (language) => {
  const page = await visit('?token=abc', language);
  expect(await page.title()).toBe(COMPLETION_TEXTS[language].title);
  expect(await page.getByRole('button').textContent()).toBe(COMPLETION_TEXTS[language].confirm);
  await page.setViewportSize({ width: 320, height: 600 });
  expect(await sticksOut(page)).toBe(false);
  await expectAccessible(page);
});
