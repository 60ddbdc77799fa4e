import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { parseJson } from '../../../../../local/json-text.ts';
import { SIGN_IN_PATH } from '../../../../../local/paths.ts';
import { SIMULATED_IDENTITIES } from '../../../../../local/tenant/v1/identities.ts';
import type { V1Tenant } from '../../../../../local/tenant/v1/options.ts';
import { startV1Tenant } from '../../../../../local/tenant/v1/tenant.ts';
import {
  authenticateWith,
  authorize,
  type BoundTestPasskey,
  beginSignIn,
  bindPasskey,
  codeIn,
  redeem,
  SIGN_IN_APPLICATION_PATH,
  signInWith,
} from '../../v1-device.ts';
import { openLink } from './software-passkey.ts';
import { createJob } from './v1-tenant-harness.ts';

const APP = 'http://localhost:3000';

let tenant: V1Tenant;
let passkey: BoundTestPasskey;
let elapsedMs: number;

beforeEach(async () => {
  elapsedMs = 0;
  tenant = await startV1Tenant({ invokeUrl: APP, now: () => Date.now() + elapsedMs });
  passkey = await bindFor('jane@example.com');
});
afterEach(() => tenant.close());

async function bindFor(username: string): Promise<BoundTestPasskey> {
  await createJob(tenant, username);
  return bindPasskey(tenant, openLink(tenant.mails.at(-1)?.recoveryLink ?? ''));
}

describe('the simulated sign-in', () => {
  test('names the identity whose bound passkey signed, to the holder of the code', async () => {
    const response = await signInWith(tenant, passkey);
    expect([response.status, await response.json()]).toEqual([200, { display_name: 'Jane Doe' }]);
  });

  test('begins with the URL of a request at the app, which a published key signed', async () => {
    const { url, request } = await beginSignIn(tenant);
    expect(url.origin + url.pathname).toBe(`${APP}/bi-authenticate`);
    expect(request.payload.authn).toMatchObject({ redirect_uri: `${APP}/sign-in`, state: 'xyz' });
    expect(request.header.jku).toBe(`${tenant.url}${SIGN_IN_APPLICATION_PATH}/.well-known/jwks.json`);
    const jwk = z.looseObject({
      kid: z.string(),
      kty: z.string(),
      crv: z.string(),
      x: z.string(),
      y: z.string(),
    });
    const keys = parseJson(z.object({ keys: z.array(jwk) }), await (await fetch(request.header.jku)).text());
    const key = 'value' in keys ? keys.value.keys.find(({ kid }) => kid === request.header.kid) : undefined;
    expect(key).not.toHaveProperty('d');
    expect(key && request.isSignedBy(key)).toBe(true);
  });

  test('refuses a proof by the key of somebody else', async () => {
    const other = await bindFor('john@example.com');
    const begun = await beginSignIn(tenant);
    for (const stolen of [
      { ...passkey, privateKey: other.privateKey },
      { ...other, subject: passkey.subject },
    ]) {
      expect((await authenticateWith(tenant, stolen, begun)).status).toBe(401);
    }
    expect((await authenticateWith(tenant, passkey, begun)).status).toBe(200);
  });

  test.each([
    ['of another transaction', { bi_tid: 'x' }],
    ['with another nonce', { bi_non: 'x' }],
    ['for another server', { aud: ['https://evil.example/bi-authenticate'] }],
    ['that has expired', { exp: 1 }],
    ['of the future', { nbf: 9_999_999_999 }],
    ['of another identity', { sub: 'CN=x, OU=y, O=z' }],
  ])('refuses a proof %s', async (_, claims) => {
    const response = await authenticateWith(tenant, passkey, await beginSignIn(tenant), claims);
    expect(response.status).toBe(401);
  });

  test('takes one proof for a request, and not after five minutes', async () => {
    const begun = await beginSignIn(tenant);
    expect((await authenticateWith(tenant, passkey, begun)).status).toBe(200);
    expect((await authenticateWith(tenant, passkey, begun)).status).toBe(401);
    const late = await beginSignIn(tenant);
    elapsedMs = 5 * 60_000;
    expect((await authenticateWith(tenant, passkey, late)).status).toBe(401);
  });

  test('takes a code once, and not after a minute', async () => {
    const signIn = async () => codeIn(await authenticateWith(tenant, passkey, await beginSignIn(tenant)));
    const code = await signIn();
    expect((await redeem(tenant, code)).status).toBe(200);
    const late = await signIn();
    elapsedMs = 60_000;
    for (const refused of [code, late, 'x']) {
      const response = await redeem(tenant, refused);
      expect([response.status, await response.json()]).toEqual([400, { error: 'invalid_grant' }]);
    }
  });

  test('does not know a passkey that was not bound, and denies a suspended identity', async () => {
    const unknown = { ...passkey, kid: 'x' };
    expect((await authenticateWith(tenant, unknown, await beginSignIn(tenant))).status).toBe(404);
    await tenant.close();
    const identities = SIMULATED_IDENTITIES.map((identity) => ({ ...identity }));
    tenant = await startV1Tenant({ invokeUrl: APP, identities });
    passkey = await bindFor('jane@example.com');
    for (const identity of identities) identity.status = 'suspended';
    const denied = await authenticateWith(tenant, passkey, await beginSignIn(tenant));
    expect([denied.status, await denied.json()]).toEqual([200, { type: 'deny' }]);
  });

  test.each([
    [{ client_id: 'x' }, 'invalid_client'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'email' }, 'invalid_scope'],
    [{ redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    [{ redirect_uri: `${APP}.evil.example/` }, 'invalid_request'],
  ])('does not begin with %j', async (changed, error) => {
    const response = await authorize(tenant, changed);
    expect([response.status, await response.json()]).toEqual([400, { error }]);
  });

  test('does not begin without a state, for another application, or with an unknown parameter', async () => {
    expect((await authorize(tenant, { state: undefined })).status).toBe(400);
    expect((await authorize(tenant, { more: 'x' })).status).toBe(400);
    expect((await authorize(tenant, {}, SIGN_IN_APPLICATION_PATH.replace(/[^/]+$/, 'x'))).status).toBe(404);
  });

  test.each(['', 'claims=x', 'claims={"Jwt":"a.b.c"}', 'claims={}&more=x'])(
    'cannot read the proof %j',
    async (body) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const url = `${tenant.url}${SIGN_IN_APPLICATION_PATH}/bi-authenticate`;
      expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(400);
    },
  );

  test('lets pages of the app read its responses, and no others', async () => {
    const preflight = (origin: string, path: string) =>
      fetch(tenant.url + path, { method: 'OPTIONS', headers: { origin } });
    for (const path of [SIGN_IN_PATH, `${SIGN_IN_APPLICATION_PATH}/bi-authenticate`]) {
      const ofApp = await preflight(APP, path);
      expect([ofApp.status, ofApp.headers.get('access-control-allow-origin')]).toEqual([204, APP]);
      const foreign = await preflight('https://evil.example', path);
      expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([405, null]);
    }
    const keys = `${tenant.url}${SIGN_IN_APPLICATION_PATH}/.well-known/jwks.json`;
    const read = await fetch(keys, { headers: { origin: APP } });
    expect(read.headers.get('access-control-allow-origin')).toBe(APP);
    const token = await preflight(APP, `${SIGN_IN_APPLICATION_PATH}/token`);
    expect(token.headers.get('access-control-allow-origin')).toBe(null);
  });
});
