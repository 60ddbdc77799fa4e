import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { V1Tenant } from '../../../../../local/tenant/v1/options.ts';
import {
  SIMULATED_APPLICATION_ID,
  SIMULATED_AUTHENTICATOR_CONFIG_ID,
  SIMULATED_REALM_ID,
  SIMULATED_TENANT_ID,
} from '../../../../../local/tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../../../../../local/tenant/v1/tenant.ts';
import { createBinding, openLink, type TestLink } from './software-passkey.ts';
import { aboutResource, callApi, createJob, EMAIL_JOB, identityOf } from './v1-tenant-harness.ts';

const JANE = 'jane@example.com';
const REDIRECT = 'https://app.example.com/sign-in';

let tenant: V1Tenant;
let link: TestLink;
beforeEach(async () => {
  tenant = await startV1Tenant();
  await createJob(tenant, JANE, { job: { ...EMAIL_JOB.job, post_binding_redirect_uri: REDIRECT } });
  link = openLink(tenant.mails[0]?.recoveryLink ?? '');
});
afterEach(() => tenant.close());

const state = () => tenant.bindingJobs[0]?.state;

function getInfo(token = link.token, path = link.path) {
  return callApi(tenant, `${path}:getInfo`, { method: 'POST', token });
}

function bind(body: object, token = link.token, path = link.path) {
  return callApi(tenant, `${path}:bind`, { method: 'POST', body, token });
}

describe('getInfo', () => {
  test('returns what an authenticator shows, opens the link, and does not use it up', async () => {
    const response = await getInfo();
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      tenant: { id: SIMULATED_TENANT_ID, display_name: expect.any(String) },
      realm: { id: SIMULATED_REALM_ID, display_name: expect.any(String) },
      identity: {
        id: identityOf(JANE).id,
        display_name: 'Jane Doe',
        traits: { type: 'traits_v0', username: JANE, primary_email_address: JANE },
      },
      theme: {
        logo_url_light: expect.any(String),
        logo_url_dark: expect.any(String),
        support_url: expect.any(String),
      },
      post_binding_redirect_uri: REDIRECT,
      application_id: SIMULATED_APPLICATION_ID,
      authenticator_config: {
        id: SIMULATED_AUTHENTICATOR_CONFIG_ID,
        tenant_id: SIMULATED_TENANT_ID,
        realm_id: SIMULATED_REALM_ID,
        display_name: expect.any(String),
        config: {
          type: 'embedded',
          invoke_url: 'https://app.example.com',
          invocation_type: 'automatic',
          trusted_origins: ['https://app.example.com'],
          authentication_methods: [{ type: 'software_passkey' }],
        },
      },
    });
    expect(state()).toBe('LINK_OPENED');
    expect((await getInfo()).status).toBe(200);
  });

  test('has no redirect if the job has none', async () => {
    await createJob(tenant, JANE);
    const second = openLink(tenant.mails[1]?.recoveryLink ?? '');
    const response = await getInfo(second.token, second.path);
    expect(await response.json()).not.toHaveProperty('post_binding_redirect_uri');
  });

  test('takes no body', async () => {
    const response = await callApi(tenant, `${link.path}:getInfo`, {
      method: 'POST',
      body: {},
      token: link.token,
    });
    expect(response.status).toBe(400);
  });
});

describe('bind', () => {
  test('binds the credential that signed, completes the job, and uses up the link', async () => {
    await getInfo();
    const { body, publicKey } = createBinding(link);
    const response = await bind(body);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      state: 'ACTIVE',
      create_time: expect.any(String),
      update_time: expect.any(String),
    });
    const { credential_id: credentialId } = tenant.bindingJobs[0] ?? {};
    expect(tenant.boundCredentials).toEqual([
      { id: credentialId, identityId: identityOf(JANE).id, publicKey },
    ]);
    expect(state()).toBe('COMPLETE');
    await expectGone();
    expect(tenant.boundCredentials).toHaveLength(1);
  });

  test('lets one of two concurrent requests succeed', async () => {
    const responses = await Promise.all([bind(createBinding(link).body), bind(createBinding(link).body)]);
    expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 410]);
    expect(tenant.boundCredentials).toHaveLength(1);
  });

  const other = { identityId: '0000000000000000' };
  test.each<[string, (valid: TestLink) => object]>([
    ['a signature by another key', (valid) => createBinding(valid, { signsWithOtherKey: true }).body],
    ['a subject of another identity', (valid) => createBinding({ ...valid, ...other }).body],
    ['another token in the payload', (valid) => createBinding({ ...valid, token: 'x' }).body],
    ['another algorithm in the header', (valid) => createBinding(valid, { header: { alg: 'none' } }).body],
    ['no key in the header', (valid) => createBinding(valid, { header: { jwk: undefined } }).body],
    [
      'a private key in the header',
      (valid) =>
        createBinding(valid, { header: { jwk: { ...createBinding(valid).publicKey, d: 'AA' } } }).body,
    ],
    [
      'a key that is no point of the curve',
      (valid) =>
        createBinding(valid, { header: { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } } }).body,
    ],
    ['another type', (valid) => ({ ...createBinding(valid).body, type: 'JWE' })],
    ['no JWS', () => ({ type: 'JWT', raw: 'a.b' })],
    ['an unreadable JWS', () => ({ type: 'JWT', raw: 'a.b.c' })],
  ])('rejects %s, and the link stays good', async (_, bodyFor) => {
    const response = await bind(bodyFor(link));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'bad_request' });
    expect([state(), tenant.boundCredentials]).toEqual(['REQUEST_DELIVERED', []]);
    expect((await bind(createBinding(link).body)).status).toBe(200);
  });
});

describe('a link', () => {
  test.each([
    ['another token', () => ({ token: 'x'.repeat(64), path: link.path })],
    ['the token of an application', () => ({ token: tenant.consoleToken, path: link.path })],
    ['another job', () => ({ token: link.token, path: link.path.replace(/[^/]+$/, '0000000000000000') })],
    [
      'another identity',
      () => ({
        token: link.token,
        path: link.path.replace(identityOf(JANE).id, identityOf('sam@example.com').id),
      }),
    ],
    ['another realm', () => ({ token: link.token, path: link.path.replace(SIMULATED_REALM_ID, 'x') })],
  ])('is refused with %s', async (_, variant) => {
    const { token, path } = variant();
    for (const response of [await getInfo(token, path), await bind(createBinding(link).body, token, path)]) {
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ code: 'unauthorized', message: 'unauthorized' });
    }
    expect(state()).toBe('LINK_SENT');
  });

  test('is gone when it has expired', async () => {
    tenant.expireLinks();
    await expectGone();
  });

  test('is gone when its job is revoked', async () => {
    const token = tenant.issueConsoleToken({ scopes: ['credential-binding-jobs:revoke'] });
    await callApi(tenant, `${link.path}:revoke`, { method: 'POST', body: {}, token });
    await expectGone();
  });

  test('is not affected by the revocation of access tokens', async () => {
    tenant.revokeTokens();
    expect((await bind(createBinding(link).body)).status).toBe(200);
  });

  test('has only POST on its paths', async () => {
    const response = await callApi(tenant, `${link.path}:bind`, { token: link.token });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('can be used by pages of the app, and by no other page', async () => {
    const preflight = (origin: string, operation: string) =>
      fetch(tenant.url + link.path + operation, { method: 'OPTIONS', headers: { origin } });
    const allowed = await preflight('https://app.example.com', ':bind');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://app.example.com',
    ]);
    expect((await preflight('https://other.example.com', ':bind')).status).toBe(405);
    expect((await preflight('https://app.example.com', ':revoke')).status).toBe(405);
    const headers = { origin: 'https://app.example.com' };
    const response = await callApi(tenant, `${link.path}:getInfo`, {
      method: 'POST',
      token: link.token,
      headers,
    });
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(tenant.requests.map(({ operation }) => operation)).not.toContain('bind');
  });
});

async function expectGone() {
  const id = tenant.bindingJobs[0]?.id ?? '';
  for (const response of [await getInfo(), await bind(createBinding(link).body)]) {
    expect(response.status).toBe(410);
    expect(await response.json()).toEqual(
      aboutResource('gone', 'CredentialBindingJob', id, 'credential binding job is gone'),
    );
  }
}
