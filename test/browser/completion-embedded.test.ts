import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { RunningServer } from '../../local/http-server.ts';
import { bundleElement } from '../../web/bundle.ts';
import { useBrowser } from './browser.ts';
import { confirm, inCompletionState, SIGN_IN_HTML } from './completion-page.ts';
import { asLocalhost, hostPage } from './page-host.ts';

const browser = useBrowser();
let host: RunningServer;
/** A page of the host, without a policy or referrer protection. */
let html = '';

beforeAll(async () => {
  const scripts = bundleElement('complete-recovery');
  host = await hostPage(() => ({
    files: {
      'host.html': html,
      ...scripts,
      'sign-in.html': SIGN_IN_HTML,
      'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    },
  }));
});
afterAll(() => host.close());

describe('<complete-recovery> in a host page', () => {
  const PENDING = `
    sessionStorage.setItem('calls', 1 + Number(sessionStorage.getItem('calls')));
    await new Promise((resolve) => { globalThis.finish = resolve; });
  `;
  const finish = (page: Page) => page.evaluate(() => Reflect.get(globalThis, 'finish')());

  async function visitHostPage(attributes = '', base = ''): Promise<Page> {
    html = `<!doctype html><html lang="en"><title>App</title><link rel="icon" href="icon.svg">
      <main><complete-recovery authentication-urls="/sign-in.html" ${attributes}></complete-recovery></main>
      <script>document.querySelector('complete-recovery').registerCredential = async (link) => { ${PENDING} };</script>
      <script type="module" src="complete-recovery.js"></script>${base}</html>`;
    return browser.visit(`${asLocalhost(host.url)}/host.html?token=secret`);
  }

  test('uses a callback that was set before its definition, and sends no referrer', async () => {
    const page = await visitHostPage();
    await confirm(page);
    await inCompletionState(page, 'registering');
    const signIn = page.waitForRequest('**/sign-in.html');
    await finish(page);
    expect((await signIn).headers()['referer'] ?? '').not.toContain('secret');
    await page.waitForURL('**/sign-in.html');
    expect(await page.evaluate(() => document.referrer)).not.toContain('secret');
  });

  test('uses the link once when the page moves it meanwhile', async () => {
    const page = await visitHostPage();
    await confirm(page);
    await inCompletionState(page, 'registering');
    await page.locator('complete-recovery').evaluate((element) => document.body.prepend(element));
    await inCompletionState(page, 'registering');
    await finish(page);
    await page.waitForURL('**/sign-in.html');
    expect(await page.evaluate(() => sessionStorage.getItem('calls'))).toBe('1');
  });

  test('shows the result when the page removes it and inserts it again', async () => {
    const page = await visitHostPage();
    await confirm(page);
    await inCompletionState(page, 'registering');
    await page.evaluate(async () => {
      const element = document.querySelector('complete-recovery');
      element?.remove();
      await Reflect.get(globalThis, 'finish')();
      await new Promise((resolve) => setTimeout(resolve));
      if (element) document.body.append(element);
    });
    await inCompletionState(page, 'done');
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
    await inCompletionState(page, 'registering');
    await finish(page);
    await page.waitForURL('**/sign-in.html');
  });

  test('reloads the page when the sign-in route is a fragment of it', async () => {
    const page = await visitHostPage();
    await page.locator('complete-recovery').evaluate((element) => {
      element.setAttribute('authentication-urls', '/host.html#sign-in');
    });
    await confirm(page);
    await inCompletionState(page, 'registering');
    await finish(page);
    await inCompletionState(page, 'asking');
    expect(page.url()).toBe(`${asLocalhost(host.url)}/host.html#sign-in`);
  });

  test('forgets the outcome of a link when it is inserted again with another one', async () => {
    const page = await visitHostPage('link-parameter="token"');
    await page.evaluate(() => {
      history.replaceState(null, '', '/host.html');
      const element = document.querySelector('complete-recovery');
      element?.remove();
      if (element) document.body.append(element);
    });
    await inCompletionState(page, 'malformed');
    await page.evaluate(() => {
      history.replaceState(null, '', '/host.html?token=new');
      const element = document.querySelector('complete-recovery');
      element?.remove();
      if (element) document.body.append(element);
    });
    await inCompletionState(page, 'asking');
  });

  test('does not redirect when the page has removed it', async () => {
    const page = await visitHostPage();
    await confirm(page);
    await inCompletionState(page, 'registering');
    await page.locator('complete-recovery').evaluate((element) => element.remove());
    await finish(page);
    await page.waitForLoadState('networkidle');
    expect(page.url()).toContain('/host.html');
  });

  test.each(['https://', 'javascript:alert(1)'])(
    'shows no link to an unsafe recovery-url (%s)',
    async (url) => {
      const page = await visitHostPage(`recovery-url="${url}" link-parameter="other"`);
      await inCompletionState(page, 'malformed');
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
