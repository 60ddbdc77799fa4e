import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { RECOVER_USER_PATH } from '../../../local/tenant/recover-user-operation.ts';
import { SIMULATED_API_TOKEN, startTenant, type Tenant } from '../../../local/tenant/tenant.ts';
import { createDevice, type WebAuthnDevice } from './webauthn-device.ts';

const ORIGIN = 'http://localhost:3000';
const LINK_LIFETIME_MS = 60_000;
const OPTIONS = z.object({ challenge: z.string() });

let tenant: Tenant;
let device: WebAuthnDevice;
let elapsedMs: number;

beforeEach(async () => {
  elapsedMs = 0;
  device = createDevice(ORIGIN);
  tenant = await startTenant({
    registrationRedirectUri: `${ORIGIN}/register?from=mail`,
    linkLifetimeMs: LINK_LIFETIME_MS,
    now: () => Date.now() + elapsedMs,
  });
});
afterEach(() => tenant.close());

/** The token of a new recovery link for Jane. */
async function newLink(): Promise<string> {
  await fetch(tenant.url + RECOVER_USER_PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${SIMULATED_API_TOKEN}`, 'content-type': 'application/json' },
    body: '{"external_id":"jane@example.com","binding_token_delivery_method":"email"}',
  });
  const link = new URL(tenant.mails.at(-1)?.recoveryLink ?? '');
  expect([link.origin, link.pathname, link.searchParams.get('from')]).toEqual([ORIGIN, '/register', 'mail']);
  return link.searchParams.get('token') ?? '';
}

function ask(operation: string, body: unknown, init: RequestInit = {}) {
  return fetch(`${tenant.url}/simulated/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: ORIGIN },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });
}

async function challengeFor(operation: string, body: object): Promise<string> {
  return OPTIONS.parse(await (await ask(operation, body)).json()).challenge;
}

async function register(token: string) {
  const response = await device.register(await challengeFor('registration/options', { token }));
  return ask('registration/verify', { token, response });
}

async function signIn() {
  const response = await device.authenticate(await challengeFor('authentication/options', {}));
  return ask('authentication/verify', { response });
}

async function outcome(result: Response) {
  const body: { reason?: string } = JSON.parse(await result.text());
  return [result.status, body.reason];
}

describe('a recovery link', () => {
  test('registers a credential that signs in repeatedly', async () => {
    expect((await register(await newLink())).status).toBe(200);
    for (const result of [await signIn(), await signIn()]) {
      expect([result.status, await result.json()]).toEqual([200, { displayName: 'Jane Doe' }]);
    }
  });

  test('requests a discoverable credential for its user', async () => {
    const options = await ask('registration/options', { token: await newLink() });
    expect(await options.json()).toMatchObject({
      rp: { id: 'localhost' },
      user: { name: 'jane@example.com', displayName: 'Jane Doe' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  });

  test('works once', async () => {
    const token = await newLink();
    expect((await register(token)).status).toBe(200);
    expect(await outcome(await ask('registration/options', { token }))).toEqual([410, 'used']);
  });

  test('works for one of two concurrent devices', async () => {
    const token = await newLink();
    const other = createDevice(ORIGIN);
    const responses = [
      await device.register(await challengeFor('registration/options', { token })),
      await other.register(await challengeFor('registration/options', { token })),
    ];
    const results = await Promise.all(
      responses.map(async (response) => outcome(await ask('registration/verify', { token, response }))),
    );
    expect(results.toSorted()).toEqual([
      [200, undefined],
      [410, 'used'],
    ]);
  });

  test('is not used up by a check, another method, or an invalid registration', async () => {
    const token = await newLink();
    await ask('registration/options', { token });
    const challenge = await challengeFor('registration/options', { token });
    const elsewhere = createDevice('http://localhost:6666');
    const garbage = {
      ...(await device.register(challenge)),
      response: { clientDataJSON: 'e30', attestationObject: 'x' },
    };
    const responses = [garbage, await elsewhere.register(challenge), await device.register('other')];
    for (const response of responses) {
      const result = await ask('registration/verify', { token, response });
      expect(await outcome(result)).toEqual([400, 'not-verified']);
    }
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      await fetch(`${tenant.url}/simulated/registration/verify?token=${token}`, { method });
    }
    expect((await register(token)).status).toBe(200);
  });

  test("rejects another link's challenge, and a challenge that was used before", async () => {
    const [token, otherToken] = [await newLink(), await newLink()];
    const challenge = await challengeFor('registration/options', { token: otherToken });
    const response = await device.register(challenge);
    const verify = (link: string) => ask('registration/verify', { token: link, response });
    expect(await outcome(await verify(token))).toEqual([400, 'not-verified']);
    expect(await outcome(await verify(otherToken))).toEqual([400, 'not-verified']);
  });

  test('expires after its lifetime', async () => {
    const token = await newLink();
    expect(tenant.mails[0]?.linkExpiresAt).toMatch(/^\d{4}-.*Z$/);
    const response = await device.register(await challengeFor('registration/options', { token }));
    elapsedMs = LINK_LIFETIME_MS;
    expect(await outcome(await ask('registration/options', { token }))).toEqual([410, 'expired']);
    expect(await outcome(await ask('registration/verify', { token, response }))).toEqual([410, 'expired']);
  });

  test('expires through the control endpoint, unlike a link sent later', async () => {
    const token = await newLink();
    const result = await fetch(`${tenant.url}/simulation/links`, { method: 'DELETE' });
    expect([result.status, await result.json()]).toEqual([200, { expired: true }]);
    expect(await outcome(await ask('registration/options', { token }))).toEqual([410, 'expired']);
    expect((await register(await newLink())).status).toBe(200);
  });

  test.each(['', 'x', `${'A'.repeat(43)}`])('with the token %j is malformed', async (token) => {
    expect(await outcome(await ask('registration/options', { token }))).toEqual([404, 'malformed']);
    const verified = await ask('registration/verify', { token, response: await device.register('x') });
    expect(await outcome(verified)).toEqual([404, 'malformed']);
  });
});

describe('signing in', () => {
  test('rejects an unknown credential', async () => {
    await device.register('of another tenant');
    expect(await outcome(await signIn())).toEqual([404, 'unknown-credential']);
  });

  test('accepts a signature of its challenge once, and rejects a forged one', async () => {
    await register(await newLink());
    const response = await device.authenticate(await challengeFor('authentication/options', {}));
    expect((await ask('authentication/verify', { response })).status).toBe(200);
    expect(await outcome(await ask('authentication/verify', { response }))).toEqual([400, 'not-verified']);
    const forged = { ...response, response: { ...response.response, signature: 'AAAA' } };
    expect(await outcome(await ask('authentication/verify', { response: forged }))).toEqual([
      400,
      'not-verified',
    ]);
  });
});

describe('an operation', () => {
  test.each([
    ['registration/options', '{'],
    ['registration/options', {}],
    ['registration/options', { token: 1 }],
    ['registration/verify', { token: 'x' }],
    ['registration/verify', { token: 'x', response: { id: 'x' } }],
    ['authentication/options', { token: 'x' }],
    ['authentication/verify', { response: null }],
  ])('%s rejects the body %j', async (operation, body) => {
    expect(await outcome(await ask(operation, body))).toEqual([400, 'bad-request']);
  });

  test('rejects another content type, method and path', async () => {
    const text = { headers: { origin: ORIGIN, 'content-type': 'text/plain' } };
    expect((await ask('registration/options', '{"token":"x"}', text)).status).toBe(415);
    const get = await fetch(`${tenant.url}/simulated/registration/options`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect((await ask('other', {})).status).toBe(404);
  });

  test("accepts only the app's origin", async () => {
    const preflight = (origin: string) =>
      ask('registration/options', '', { method: 'OPTIONS', body: null, headers: { origin } });
    const allowed = await preflight(ORIGIN);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(allowed.headers.get('access-control-allow-methods')).toBe('POST');
    expect(allowed.headers.get('access-control-allow-headers')).toBe('Content-Type');
    expect(allowed.headers.get('vary')).toBe('Origin');

    for (const origin of ['http://localhost:3001', 'https://evil.example', 'null']) {
      const headers = { origin, 'content-type': 'application/json' };
      const posted = await ask('registration/options', { token: await newLink() }, { headers });
      for (const rejected of [await preflight(origin), posted]) {
        expect(rejected.status).toBe(403);
        expect(rejected.headers.get('access-control-allow-origin')).toBeNull();
      }
    }
  });

  test('applies faults to calls, readable for the page, but never to a preflight', async () => {
    tenant.fault({ kind: '429', retryAfterSeconds: 7, times: 1 });
    expect((await ask('authentication/options', '', { method: 'OPTIONS', body: null })).status).toBe(204);
    const rejected = await ask('authentication/options', {});
    expect([rejected.status, rejected.headers.get('retry-after')]).toEqual([429, '7']);
    expect(rejected.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(rejected.headers.get('access-control-expose-headers')).toBe('Retry-After');

    tenant.fault({ kind: 'not-json', times: 1 });
    const page = await ask('authentication/options', {});
    expect(page.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect((await ask('authentication/options', {})).status).toBe(200);
    expect(tenant.requests).toEqual([]);
  });

  test('takes effect when its response is lost', async () => {
    const token = await newLink();
    const response = await device.register(await challengeFor('registration/options', { token }));
    tenant.fault({ kind: 'lost-response', times: 1 });
    await expect(ask('registration/verify', { token, response })).rejects.toThrow();
    expect(await outcome(await ask('registration/options', { token }))).toEqual([410, 'used']);
    expect((await signIn()).status).toBe(200);
  });
});

test("the control endpoints reject another site's pages", async () => {
  const put = (headers: Record<string, string>) =>
    fetch(`${tenant.url}/simulation/fault`, { method: 'POST', headers, body: '{"kind":"500"}' });
  expect((await put({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await put({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect(await (await fetch(`${tenant.url}/simulation/fault`)).json()).toEqual({ fault: null });
});
