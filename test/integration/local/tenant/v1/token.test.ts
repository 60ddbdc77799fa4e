import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { V1Tenant, V1TenantOptions } from '../../../../../local/tenant/v1/options.ts';
import {
  SIMULATED_ADMIN_REALM_ID,
  SIMULATED_APPLICATION_ID,
  SIMULATED_CLIENT_ID,
  SIMULATED_REALM_ID,
  SIMULATED_TENANT_ID,
} from '../../../../../local/tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../../../../../local/tenant/v1/tenant.ts';
import { tokenBody, tokenClaims } from './response-bodies.ts';
import {
  basic,
  callApi,
  createJob,
  IDENTITIES_PATH,
  requestToken,
  SCOPES,
  TOKEN_PATH,
} from './v1-tenant-harness.ts';

let tenant: V1Tenant;
let time: number;

async function restart(options: V1TenantOptions): Promise<void> {
  await tenant.close();
  tenant = await startV1Tenant({ now: () => time, ...options });
}

async function tokenOf(response: Promise<Response>): Promise<string> {
  return tokenBody.parse(await (await response).json()).access_token;
}

function claimsOf(token: string) {
  return tokenClaims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()));
}

const statusOf = async (token: string) => (await callApi(tenant, IDENTITIES_PATH, { token })).status;

beforeEach(async () => {
  time = 1_800_000_000_500;
  tenant = await startV1Tenant({ now: () => time });
});
afterEach(() => tenant.close());

describe('the token endpoint', () => {
  test('issues a token with the claims of a v1 token, which the API accepts', async () => {
    const response = await requestToken(tenant);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = tokenBody.parse(await response.json());
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 86_400,
      scope: SCOPES,
    });
    expect(claimsOf(body.access_token)).toEqual({
      iss: tenant.url + TOKEN_PATH.replace(/\/token$/, ''),
      bi_t: SIMULATED_TENANT_ID,
      iat: 1_800_000_000,
      exp: 1_800_086_400,
      scope: SCOPES,
      jti: expect.any(String),
    });
    expect(await statusOf(body.access_token)).toBe(200);
  });

  test('issues tokens that expire, by the clock', async () => {
    await restart({ expiresIn: 60, authUrl: 'https://auth.example.com' });
    const response = await requestToken(tenant);
    const { access_token: token, expires_in: expiresIn } = tokenBody.parse(await response.json());
    expect([expiresIn, claimsOf(token).iss]).toEqual([
      60,
      expect.stringMatching(/^https:\/\/auth\.example\.com\/v1\//),
    ]);
    time = 1_800_000_059_999;
    expect(await statusOf(token)).toBe(200);
    time = 1_800_000_060_000;
    expect(await statusOf(token)).toBe(401);
  });

  test.each([
    ['tenant', SIMULATED_TENANT_ID, '0000000000000000'],
    ['realm', SIMULATED_ADMIN_REALM_ID, SIMULATED_REALM_ID],
    ['application', SIMULATED_APPLICATION_ID, '00000000-0000-0000-0000-000000000000'],
  ])('does not find another %s', async (_, id, other) => {
    const response = await requestToken(tenant, { path: TOKEN_PATH.replace(id, other) });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'not_found', details: [{ id: other }] });
  });

  test.each([
    ['another id', basic('another')],
    ['another secret', basic(SIMULATED_CLIENT_ID, 'another')],
    ['an empty secret', basic(SIMULATED_CLIENT_ID, '')],
    ['a malformed header', 'Basic !'],
    ['no colon', `Basic ${Buffer.from(SIMULATED_CLIENT_ID).toString('base64')}`],
    ['another scheme', 'Bearer abc'],
    ['an invalid escape', basic('%zz', '%zz')],
  ])('refuses a client with %s', async (_, authorization) => {
    const response = await requestToken(tenant, { headers: { authorization } });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Basic']);
    expect(await response.json()).toEqual({ error: 'invalid_client' });
  });

  test('refuses a client with status 400 when invalidClientStatus is 400', async () => {
    await restart({ invalidClientStatus: 400 });
    const response = await requestToken(tenant, { headers: { authorization: basic('another') } });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'invalid_client' });
  });

  test('accepts an id and a secret form-encoded, and unencoded', async () => {
    const [clientId, clientSecret] = ['not real: 1', 'not+a/real%secret'];
    await restart({ clientId, clientSecret });
    const encoded = basic('not+real%3A+1', 'not%2Ba%2Freal%25secret');
    expect((await requestToken(tenant, { headers: { authorization: encoded } })).status).toBe(200);
    await restart({ clientSecret });
    const raw = basic(SIMULATED_CLIENT_ID, clientSecret);
    expect((await requestToken(tenant, { headers: { authorization: raw } })).status).toBe(200);
  });

  test.each([
    ['JSON', { headers: { 'content-type': 'application/json' } }, 'invalid_request'],
    ['a query', { path: `${TOKEN_PATH}?scope=x` }, 'invalid_request'],
    ['no grant type', { body: { scope: SCOPES } }, 'invalid_request'],
    ['a repeated parameter', { body: 'grant_type=client_credentials&scope=a&scope=b' }, 'invalid_request'],
    [
      'the secret in the body',
      { body: { grant_type: 'client_credentials', scope: SCOPES, client_secret: 'x' } },
      'invalid_request',
    ],
    ['another grant type', { body: { grant_type: 'password', scope: SCOPES } }, 'unsupported_grant_type'],
    ['no scope', { body: { grant_type: 'client_credentials' } }, 'invalid_scope'],
    [
      'scopes separated by commas and spaces',
      { body: { grant_type: 'client_credentials', scope: 'identities:read,  x' } },
      'invalid_scope',
    ],
    [
      'only scopes that the application lacks',
      { body: { grant_type: 'client_credentials', scope: 'credential-binding-jobs:create-links' } },
      'invalid_scope',
    ],
  ])('rejects a request with %s', async (_, request, error) => {
    const response = await requestToken(tenant, request);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error });
  });

  test('rejects other methods than POST', async () => {
    const response = await requestToken(tenant, { method: 'GET' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('narrows the token by a scope that the application lacks', async () => {
    await restart({ scopes: ['identities:read'] });
    const response = await requestToken(tenant);
    const { access_token: token, scope } = tokenBody.parse(await response.json());
    expect([scope, claimsOf(token).scope]).toEqual(['identities:read', 'identities:read']);
    expect(await statusOf(token)).toBe(200);
    expect((await createJob(tenant, 'jane@example.com', undefined, token)).status).toBe(403);
  });

  test('refuses a scope that the application lacks when unknownScopes is refuse', async () => {
    await restart({ scopes: ['identities:read'], unknownScopes: 'refuse' });
    const response = await requestToken(tenant);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'invalid_scope' });
    const narrower = { grant_type: 'client_credentials', scope: 'identities:read' };
    expect((await requestToken(tenant, { body: narrower })).status).toBe(200);
  });

  test('accepts only the new client secret after a rotation, and the tokens issued before', async () => {
    const token = await tokenOf(requestToken(tenant));
    tenant.rotateClientSecret('new-not-real');
    expect((await requestToken(tenant)).status).toBe(401);
    const headers = { authorization: basic(SIMULATED_CLIENT_ID, 'new-not-real') };
    expect((await requestToken(tenant, { headers })).status).toBe(200);
    expect(await statusOf(token)).toBe(200);
  });

  test('revokes every token, after which a new one is accepted', async () => {
    const token = await tokenOf(requestToken(tenant));
    tenant.revokeTokens();
    expect([await statusOf(token), await statusOf(tenant.consoleToken)]).toEqual([401, 401]);
    expect(await statusOf(await tokenOf(requestToken(tenant)))).toBe(200);
    expect(await statusOf(tenant.issueConsoleToken())).toBe(200);
  });
});

describe('the console token', () => {
  test('has the shape of an access token, and lasts for a year', async () => {
    expect(claimsOf(tenant.consoleToken)).toMatchObject({
      iss: tenant.url + TOKEN_PATH.replace(/\/token$/, ''),
      bi_t: SIMULATED_TENANT_ID,
      exp: 1_800_000_000 + 365 * 86_400,
      scope: SCOPES,
    });
    expect(await statusOf(tenant.consoleToken)).toBe(200);
  });

  test('can have other scopes and expire soon', async () => {
    const token = tenant.issueConsoleToken({ scopes: ['credential-binding-jobs:read'], lifetimeSeconds: 1 });
    expect(await statusOf(token)).toBe(403);
    time += 1000;
    expect(await statusOf(token)).toBe(401);
  });

  test('can be given, and is accepted until its exp', async () => {
    const consoleToken = tenant.issueConsoleToken({ lifetimeSeconds: 10 });
    await restart({ consoleToken });
    expect(tenant.consoleToken).toBe(consoleToken);
    expect(await statusOf(consoleToken)).toBe(200);
    time += 10_000;
    expect(await statusOf(consoleToken)).toBe(401);
  });

  test.each(['not-a-jwt', 'a.b.c'])('cannot be %s', async (consoleToken) => {
    await expect(startV1Tenant({ consoleToken })).rejects.toThrow('consoleToken must be a JWT');
  });
});
