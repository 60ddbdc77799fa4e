import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page, Route } from 'playwright-core';
import type { RunningServer } from '../../local/http-server.ts';
import { buildBindPage } from '../../web/build-link-pages.ts';
import type { BuiltPage } from '../../web/build-page.ts';
import { bundleSdk, SDK_FILE } from '../../web/bundle.ts';
import { useBrowser } from './browser.ts';
import { inCompletionState, SIGN_IN_HTML } from './completion-page.ts';
import { asLocalhost, hostPage } from './page-host.ts';

const browser = useBrowser();
const AUTH = 'https://auth-eu.beyondidentity.com';
const TOKEN = 'TheTokenOfTheLink';

let host: RunningServer;
let page: BuiltPage;
let headers: BuiltPage['headers'];
beforeAll(async () => {
  page = buildBindPage({
    authenticationUrls: ['/sign-in.html', '/sign-in.html?app=2'],
    recoveryUrl: '/recover',
    signInUrl: '/sign-in.html',
    supportUrl: 'mailto:help@example.com',
    sdkOrigins: ['https://api-eu.beyondidentity.com', AUTH],
  });
  const files = { ...page.files, [SDK_FILE]: bundleSdk(), 'sign-in.html': SIGN_IN_HTML };
  // the SDK takes the link of a page at /bind only
  host = await hostPage(() => ({ files: { ...files, bind: page.files['bind.html'] ?? '' }, headers }));
});
afterAll(() => host.close());

/** Answers the calls of the SDK in place of the vendor. */
async function answer(route: Route, redirectUri: string): Promise<void> {
  const url = route.request().url();
  const names = { id: '0001a51b1a7ed001', display_name: 'x' };
  const traits = { type: 'traits_v0', username: 'jane', primary_email_address: 'jane@example.com' };
  const info = {
    ...{ tenant: names, realm: names, identity: { ...names, traits } },
    theme: { logo_url_light: AUTH, logo_url_dark: AUTH, support_url: AUTH },
    post_binding_redirect_uri: redirectUri,
    application_id: 'a',
    authenticator_config: {
      ...{ id: 'c', tenant_id: names.id, realm_id: names.id, display_name: 'c' },
      config: {
        ...{ type: 'embedded', invoke_url: 'https://app.example.com', invocation_type: 'automatic' },
        trusted_origins: [],
        authentication_methods: [{ type: 'software_passkey' }],
      },
    },
  };
  const time = '2030-01-01T00:00:00.000000Z';
  const bound = { id: 'f3e87aa26a696372', state: 'ACTIVE', create_time: time, update_time: time };
  const json = url.endsWith(':getInfo') ? info : bound;
  await route.fulfill({ json, headers: corsHeaders() });
}

const corsHeaders = () => ({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' });

/** Opens a link on the page, with what the vendor's server does; confirms. */
async function follow(vendor: (route: Route) => Promise<void>): Promise<Page> {
  const link = new URLSearchParams({
    ...{ api_base_url: AUTH, tenant_id: '0001a51b1a7ed001', realm_id: '0001a51b1a7ed001' },
    ...{ identity_id: '0001a51b1a7ed001', job_id: 'c4fc2d753ca22b14', token: TOKEN },
  });
  const opened = await browser.visit(`${asLocalhost(host.url)}/bind?${link}`);
  await opened
    .context()
    .route(`${AUTH}/**`, (route) =>
      route.request().method() === 'OPTIONS'
        ? route.fulfill({ status: 204, headers: { ...corsHeaders(), 'Access-Control-Allow-Methods': '*' } })
        : vendor(route),
    );
  await opened.getByRole('button', { name: 'Set up this device' }).click();
  return opened;
}

describe('the ready page bind.html, with the SDK of the vendor under its own policy,', () => {
  beforeAll(() => {
    headers = page.headers;
  });

  test('follows the redirect of the tenant to one of authentication-urls', async () => {
    const opened = await follow((route) => answer(route, `${asLocalhost(host.url)}/sign-in.html?app=2`));
    await opened.waitForURL('**/sign-in.html?app=2');
  });

  test('opens the first of authentication-urls when the tenant redirects to any other URL', async () => {
    const opened = await follow((route) => answer(route, 'https://evil.example/'));
    await opened.waitForURL('**/sign-in.html');
  });

  test.each([
    [410, 'says that the link does not work', 'invalid'],
    [503, 'offers to try again', 'failed'],
  ])('receives a %i from the vendor and %s', async (status, _, state) => {
    const json = { code: 'gone', message: `about ${TOKEN}` };
    const opened = await follow((route) => route.fulfill({ status, json, headers: corsHeaders() }));
    await inCompletionState(opened, state);
    if (state === 'failed') await browser.expectProblem(/^uncaught: The registration did not succeed\.$/);
  });

  test('says that the servers of the vendor cannot be reached', async () => {
    const opened = await follow((route) => route.abort());
    await inCompletionState(opened, 'offline');
  });

  test('has a way back and to support', async () => {
    const opened = await follow((route) => route.abort());
    await inCompletionState(opened, 'offline');
    const links = await opened
      .getByRole('link')
      .evaluateAll((anchors) => anchors.map((anchor) => anchor.getAttribute('href')));
    expect(links).toEqual([expect.stringMatching(/\/sign-in\.html$/), 'mailto:help@example.com']);
  });
});

test('the SDK of the vendor does not start without unsafe-eval, and the user can try again', async () => {
  const policy = page.headers['Content-Security-Policy'] ?? '';
  headers = { 'Content-Security-Policy': policy.replace("'unsafe-eval'", '') };
  const opened = await follow((route) => route.abort());
  await inCompletionState(opened, 'failed');
  await browser.expectProblem(/^policy: script-src eval$|^policy: script-src wasm-eval$/);
  await browser.expectProblem(/^uncaught: The registration did not succeed\.$/);
});
