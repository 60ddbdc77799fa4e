import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { CaptchaProvider } from '../../functions/adapters/captcha/captcha-verifier.ts';
import type { RunningServer } from '../../local/http-server.ts';
import { bundleElement } from '../../web/bundle.ts';
import {
  type CaptchaProviderEmulator,
  SIMULATED_CAPTCHA_SECRET,
  startCaptchaProvider,
  WIDGET_PATH,
} from '../emulators/captcha/captcha-provider.ts';
import { API_TOKEN, type RecoveryService, startRecoveryService } from '../integration/recovery-service.ts';
import { expectAccessible, screenshot, useBrowser } from './browser.ts';
import { focusAndAnnouncement, inState } from './element-state.ts';
import { asLocalhost, hostPage } from './page-host.ts';
import { type ScriptedEndpoint, startScriptedEndpoint } from './scripted-endpoint.ts';

const CAPTCHA_PROMPT = 'One more step: please confirm that you are human.';

const browser = useBrowser();
let host: RunningServer;
let attributes = '';

beforeEach(async () => {
  const scripts = bundleElement('recover-user-form');
  host = await hostPage(() => ({
    files: {
      'index.html': `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="icon.svg">
        <main><h1>Shop</h1><recover-user-form ${attributes}></recover-user-form></main>
        <script type="module" src="recover-user-form.js"></script></html>`,
      ...scripts,
      'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    },
  }));
});
afterEach(() => host.close());

async function send(): Promise<Page> {
  const page = await browser.visit(`${asLocalhost(host.url)}/`);
  await page.getByLabel('Email address').fill('jane@example.com');
  await page.getByRole('button', { name: 'Send the link' }).click();
  return page;
}

// `check()` would verify the checkbox afterwards, when it no longer exists
const tick = (page: Page) => page.getByRole('checkbox', { name: 'I am human' }).click();
const isSent = (page: Page) => page.getByRole('heading', { name: 'Check your inbox' }).waitFor();

describe.each<[widget: string, provider: CaptchaProvider]>([
  ['turnstile', 'turnstile'],
  ['hcaptcha', 'hcaptcha'],
  ['recaptcha', 'recaptcha'],
  ['recaptcha-v3', 'recaptcha'],
])('the form with the CAPTCHA %s and the real endpoint', (widget, name) => {
  let provider: CaptchaProviderEmulator;
  let service: RecoveryService;

  beforeEach(async () => {
    provider = await startCaptchaProvider({ provider: name });
    service = await startRecoveryService({
      secret: JSON.stringify({ API_TOKEN, CAPTCHA_SECRET: SIMULATED_CAPTCHA_SECRET }),
      environment: {
        ALLOWED_ORIGINS: asLocalhost(host.url),
        CAPTCHA_PROVIDER: name,
        CAPTCHA_VERIFY_URL: provider.verifyUrl.href,
      },
    });
    attributes = `endpoint="${service.url}/recover-user" captcha="${widget}" site-key="site-key" resend-after="0"
      captcha-script="${provider.url}${WIDGET_PATH}"`;
  });
  afterEach(async () => {
    await Promise.all([service.close(), provider.close()]);
  });

  test('sends a recovery email after the CAPTCHA, and again with a new token', async () => {
    const page = await send();
    if (widget !== 'recaptcha-v3') await tick(page);
    await isSent(page);
    await page.getByRole('button', { name: 'Send again' }).click();
    if (widget !== 'recaptcha-v3') await tick(page);
    await isSent(page);
    expect(service.tenant.mails).toHaveLength(2);
    // the widget is removed from the host page
    expect(await page.locator('recover-user-form').evaluate((form) => form.childNodes.length)).toBe(0);
  });

  test('shows that recovery is unavailable when the provider is down', async () => {
    provider.fault({ kind: '500' });
    const page = await send();
    if (widget !== 'recaptcha-v3') await tick(page);
    await page.getByRole('heading', { name: 'Not available right now' }).waitFor();
    expect(service.tenant.mails).toEqual([]);
  });
});

describe('the CAPTCHA', () => {
  let endpoint: ScriptedEndpoint;
  let provider: CaptchaProviderEmulator;

  beforeEach(async () => {
    endpoint = await startScriptedEndpoint();
    provider = await startCaptchaProvider({ provider: 'turnstile' });
    attributes = `endpoint="${endpoint.url}" captcha="turnstile" site-key="site-key"
      captcha-script="${provider.url}${WIDGET_PATH}"`;
  });
  afterEach(async () => {
    await Promise.all([endpoint.close(), provider.close()]);
  });

  test('is not loaded before the user submits an address', async () => {
    const page = await browser.visit(`${asLocalhost(host.url)}/`);
    await page.waitForLoadState('networkidle');
    expect(await page.locator('script').count()).toBe(1);
  });

  test('receives the focus, is announced and works with the keyboard', async () => {
    const page = await send();
    await inState(page, 'captcha');
    expect(await focusAndAnnouncement(page)).toEqual([CAPTCHA_PROMPT, CAPTCHA_PROMPT]);
    await page.getByRole('checkbox').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'captcha');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await isSent(page);
  });

  test('is shown again on request after the endpoint rejects its token', async () => {
    endpoint.nextResponse = { status: 422, body: { errors: [{ pointer: '#/captchaToken', detail: 'x' }] } };
    const page = await send();
    await tick(page);
    await inState(page, 'captcha-failed');
    expect(await focusAndAnnouncement(page)).toEqual([
      'Something went wrong',
      'Something went wrong. We couldn’t verify that you’re human. Please try again.',
    ]);
    await expectAccessible(page);
    await screenshot(page, 'captcha-failed');
    endpoint.nextResponse = { status: 202 };
    await page.getByRole('button', { name: 'Try again' }).click();
    await tick(page);
    await isSent(page);
    const tokens = endpoint.bodies.map((body) => Object(body).captchaToken);
    expect(new Set(tokens).size).toBe(2);
  });

  test('is not repeated automatically after the endpoint rejects an invisible token', async () => {
    attributes = attributes.replace('captcha="turnstile"', 'captcha="recaptcha-v3"');
    await provider.close();
    provider = await startCaptchaProvider({ provider: 'recaptcha' });
    attributes = attributes.replace(
      /captcha-script="[^"]*"/,
      `captcha-script="${provider.url}${WIDGET_PATH}"`,
    );
    endpoint.nextResponse = { status: 422, body: { errors: [{ pointer: '#/captchaToken', detail: 'x' }] } };
    const page = await send();
    await inState(page, 'captcha-failed');
    await page.waitForLoadState('networkidle');
    await inState(page, 'captcha-failed');
    expect(endpoint.bodies).toHaveLength(1);
  });

  test('is not rendered if the user cancels while its script loads', async () => {
    const page = await browser.visit(`${asLocalhost(host.url)}/`);
    const canceled = Promise.withResolvers<void>();
    await page.route(`**${WIDGET_PATH}*`, async (route) => {
      await canceled.promise;
      const body = `
        globalThis.turnstile = { render() { document.title += ' and rendered'; return 'widget'; }, remove() {} };
        globalThis[new URL(document.currentScript.src).searchParams.get('onload')]();
        setTimeout(() => { document.title += ', and at rest'; });
      `;
      await route.fulfill({ contentType: 'text/javascript', body });
    });
    await page.getByLabel('Email address').fill('jane@example.com');
    await page.keyboard.press('Enter');
    await inState(page, 'captcha');
    await page.getByRole('button', { name: 'Use another address' }).click();
    await inState(page, 'idle');
    canceled.resolve();
    await page.waitForFunction(() => document.title.endsWith('at rest'));
    expect(await page.title()).toBe('Shop, and at rest');
  });

  test('uses the script that the page has already loaded', async () => {
    const page = await browser.visit(`${asLocalhost(host.url)}/`);
    await page.addScriptTag({ url: `${provider.url}${WIDGET_PATH}` });
    await page.getByLabel('Email address').fill('jane@example.com');
    await page.keyboard.press('Enter');
    await tick(page);
    await isSent(page);
    expect(await page.locator(`script[src*="${WIDGET_PATH}"]`).count()).toBe(1);
  });

  test('can be canceled to correct the address', async () => {
    const page = await send();
    await page.getByRole('checkbox').waitFor();
    await page.getByRole('button', { name: 'Use another address' }).click();
    await inState(page, 'idle');
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await page.getByLabel('Email address').fill('john@example.com');
    await page.keyboard.press('Enter');
    await tick(page);
    await isSent(page);
    expect(endpoint.bodies).toEqual([{ email: 'john@example.com', captchaToken: expect.any(String) }]);
  });

  test('shows an error when its script cannot be loaded, and can be retried', async () => {
    const script = `${provider.url}${WIDGET_PATH}`;
    attributes = attributes.replace(script, `${provider.url}/nothing.js`);
    const page = await send();
    await inState(page, 'captcha-unavailable');
    await browser.expectProblem(/The CAPTCHA script failed to load/);
    expect(await page.getByRole('heading', { name: 'Something went wrong' }).count()).toBe(1);
    await expectAccessible(page);
    await screenshot(page, 'captcha-unavailable');
    await page
      .locator('recover-user-form')
      .evaluate((form, url) => form.setAttribute('captcha-script', url), script);
    await page.getByRole('button', { name: 'Try again' }).click();
    await tick(page);
    await isSent(page);
  });

  test.each([
    [
      'an unknown provider',
      'captcha="captcha"',
      /has an unknown captcha "captcha": use turnstile/,
      'captcha-unavailable',
    ],
    [
      'a missing provider',
      '',
      /has no captcha, but the endpoint requires one: set captcha and site-key/,
      'captcha-failed',
    ],
  ])('reports %s to the page as an error', async (_name, attribute, problem, state) => {
    endpoint.nextResponse = { status: 422, body: { errors: [{ pointer: '#/captchaToken', detail: 'x' }] } };
    attributes = `endpoint="${endpoint.url}" ${attribute}`;
    const page = await send();
    await inState(page, state);
    await browser.expectProblem(problem);
  });

  test('reports the script of another provider to the page as an error', async () => {
    attributes = attributes.replace('captcha="turnstile"', 'captcha="hcaptcha"');
    const page = await send();
    await inState(page, 'captcha-unavailable');
    await browser.expectProblem(/The CAPTCHA script has no render/);
  });
});
