import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunningServer } from '../../local/http-server.ts';
import { buildCompletionPage } from '../../web/build-link-pages.ts';
import type { BuiltPage } from '../../web/build-page.ts';
import { buildRecoveryPage } from '../../web/build-recovery-page.ts';
import { expectAccessible, screenshot, useBrowser } from './browser.ts';
import { type ElementName, inState } from './element-state.ts';
import { send } from './form-page.ts';
import { asLocalhost, hostPage } from './page-host.ts';
import { type ScriptedEndpoint, startScriptedEndpoint } from './scripted-endpoint.ts';

const LINKS = { signInUrl: '/sign-in', supportUrl: 'mailto:help@example.com' };

const browser = useBrowser();
let endpoint: ScriptedEndpoint;
let host: RunningServer;
let pages: Record<ElementName, BuiltPage>;
/** Names of files that the host does not have. */
let missing: RegExp | undefined;

beforeAll(async () => {
  endpoint = await startScriptedEndpoint();
  pages = {
    'recover-user-form': buildRecoveryPage({
      endpoint: endpoint.url,
      endpointOrigin: endpoint.origin,
      ...LINKS,
    }),
    'complete-recovery': buildCompletionPage({
      authenticationUrls: ['/sign-in'],
      recoveryUrl: 'index.html',
      linkParameter: 'token',
      connectOrigins: [],
      ...LINKS,
    }),
  };
  host = await hostPage((name) => {
    const page = pages[name === 'register.html' ? 'complete-recovery' : 'recover-user-form'];
    const files = { ...pages['complete-recovery'].files, ...page.files };
    const served = Object.entries(files).filter(([file]) => !missing?.test(file));
    return { headers: page.headers, files: Object.fromEntries(served) };
  });
});
beforeEach(() => {
  missing = undefined;
});
afterAll(async () => {
  await Promise.all([host.close(), endpoint.close()]);
});

const PAGES = [
  ['index.html', 'recover-user-form', 'idle', 'Recover your account'],
  ['register.html?token=abc', 'complete-recovery', 'asking', 'Set up this device'],
] as const;

describe.each(PAGES)('the ready page %s', (path, element, state, title) => {
  const url = () => `${asLocalhost(host.url)}/${path}`;

  test('leads back to sign-in and to support', async () => {
    const page = await browser.visit(url());
    await inState(page, state, element);
    const hrefs = await page
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(hrefs).toEqual([`${asLocalhost(host.url)}/sign-in`, 'mailto:help@example.com']);
    expect(await page.getByRole('link', { name: 'Contact support' }).isVisible()).toBe(true);
    await expectAccessible(page);
    await screenshot(page, `links-${element}`);
  });

  test('writes no attribute on its element, which a framework could miss', async () => {
    const page = await browser.visit(url());
    await inState(page, state, element);
    const html = pages[element].files[path.split('?')[0] ?? ''] ?? '';
    const written = await page.locator(element).evaluate((host) => host.getAttributeNames());
    for (const name of written) expect(html).toContain(` ${name}="`);
  });

  test.each([
    ['its script is blocked', /\.js$/, true],
    ['JavaScript is off', undefined, false],
  ])('says what to do when %s', async (_name, files, javaScriptEnabled) => {
    missing = files;
    const page = await browser.visit(url(), { javaScriptEnabled });
    const support = page.getByRole('link', { name: 'Contact support' });
    await support.waitFor();
    expect(await support.getAttribute('href')).toBe('mailto:help@example.com');
    expect(await page.getByRole('heading', { name: 'This page did not load' }).isVisible()).toBe(true);
    if (javaScriptEnabled) await expectAccessible(page);
    await screenshot(page, `blocked-${element}`);
  });

  test('falls back to English when the texts of its language do not load', async () => {
    missing = /^languages\//;
    const page = await browser.visit(url(), { locale: 'de' });
    await page.getByRole('heading', { name: title }).waitFor();
    await browser.expectProblem(/Failed to fetch dynamically imported module/);
    expect(await page.locator(`${element} .content`).getAttribute('lang')).toBe('en');
  });

  test('shows the English text in place of one that a cached file of a language lacks', async () => {
    const page = await browser.visit(url(), { locale: 'en' });
    await page.route('**/languages/de.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'export const form = {}, completion = {};' }),
    );
    await page.evaluate(() => {
      document.documentElement.lang = 'de';
    });
    await page.locator(`${element} .content[lang=de]`).waitFor();
    expect(await page.getByRole('heading', { name: title }).isVisible()).toBe(true);
  });

  test('shows a logo in the slot of its element', async () => {
    const page = await browser.visit(url());
    await page.locator(element).evaluate((host) => {
      const logo = document.createElement('img');
      logo.slot = 'logo';
      logo.src = 'icon.svg';
      logo.alt = 'Example';
      host.append(logo);
    });
    const logo = await page.getByRole('img', { name: 'Example' }).boundingBox();
    const heading = await page.getByRole('heading', { name: title }).boundingBox();
    expect(logo?.y).toBeLessThan(heading?.y ?? 0);
  });
});

test('the title of the recovery page follows the state of the form', async () => {
  const page = await browser.visit(asLocalhost(host.url));
  expect(await page.title()).toBe('Recover your account');
  await send(page);
  await inState(page, 'sent');
  expect(await page.title()).toBe('Check your inbox');
  await page.getByRole('button', { name: 'Use another address' }).click();
  expect(await page.title()).toBe('Recover your account');
});

test('the title of the completion page says that a link is incomplete', async () => {
  const page = await browser.visit(`${asLocalhost(host.url)}/register.html`);
  await inState(page, 'malformed', 'complete-recovery');
  expect(await page.title()).toBe('This link is incomplete');
});
