import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { V1Tenant, V1TenantOptions } from '../../../../../local/tenant/v1/options.ts';
import {
  SIMULATED_ADMIN_REALM_ID,
  SIMULATED_AUTHENTICATOR_CONFIG_ID,
  SIMULATED_REALM_ID,
  SIMULATED_TENANT_ID,
} from '../../../../../local/tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../../../../../local/tenant/v1/tenant.ts';
import { createdJobBody } from './response-bodies.ts';
import {
  aboutResource,
  callApi,
  createJob,
  EMAIL_JOB,
  identityOf,
  jobsPath,
  violation,
} from './v1-tenant-harness.ts';

const JANE = 'jane@example.com';
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
const { job: JOB } = EMAIL_JOB;

let tenant: V1Tenant;
beforeEach(async () => {
  tenant = await startV1Tenant();
});
afterEach(() => tenant.close());

async function restart(options: V1TenantOptions): Promise<void> {
  await tenant.close();
  tenant = await startV1Tenant(options);
}

describe('a credential binding job', () => {
  test('is created, and its link sent by email, for seven days', async () => {
    await restart({ now: () => 1_800_000_000_123, invokeUrl: 'https://app.example.com/' });
    const redirect = 'https://app.example.com/sign-in';
    const response = await createJob(tenant, JANE, { job: { ...JOB, post_binding_redirect_uri: redirect } });
    expect(response.status).toBe(200);
    const { credential_binding_job: job } = createdJobBody.parse(await response.json());
    expect(job).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      realm_id: SIMULATED_REALM_ID,
      tenant_id: SIMULATED_TENANT_ID,
      identity_id: identityOf(JANE).id,
      delivery_method: 'EMAIL',
      state: 'LINK_SENT',
      post_binding_redirect_uri: redirect,
      authenticator_config_id: SIMULATED_AUTHENTICATOR_CONFIG_ID,
      expire_time: '2027-01-22T08:00:00.123000Z',
      create_time: '2027-01-15T08:00:00.123000Z',
      update_time: '2027-01-15T08:00:00.123000Z',
    });
    expect(tenant.mails).toEqual([
      expect.objectContaining({ to: JANE, name: 'Jane Doe', linkExpiresAt: '2027-01-22T08:00:00.123Z' }),
    ]);
    const link = new URL(tenant.mails[0]?.recoveryLink ?? '');
    expect(link.origin + link.pathname).toBe('https://app.example.com/bind');
    expect(Object.fromEntries(link.searchParams)).toEqual({
      api_base_url: tenant.url,
      tenant_id: SIMULATED_TENANT_ID,
      realm_id: SIMULATED_REALM_ID,
      identity_id: identityOf(JANE).id,
      job_id: job.id,
      token: expect.stringMatching(/^[\w-]{64}$/),
    });
  });

  test('needs no redirect, and is new every time', async () => {
    const ids = [];
    for (let count = 0; count < 2; count += 1) {
      const response = await createJob(tenant, JANE);
      const { credential_binding_job: job } = createdJobBody.parse(await response.json());
      expect(job).not.toHaveProperty('post_binding_redirect_uri');
      ids.push(job.id);
    }
    expect(ids[0]).not.toBe(ids[1]);
    expect(tenant.mails).toHaveLength(2);
    expect(tenant.mails[0]?.recoveryLink).not.toBe(tenant.mails[1]?.recoveryLink);
  });

  test('is sent to the registered address, with the API of linkApiBaseUrl in the link', async () => {
    const identity = { ...identityOf(JANE), primaryEmailAddress: 'registered@example.com' };
    await restart({ identities: [identity], linkApiBaseUrl: 'https://auth-us.beyondidentity.com' });
    await createJob(tenant, JANE);
    expect(tenant.mails[0]?.to).toBe('registered@example.com');
    expect(tenant.mails[0]?.recoveryLink).toContain(
      '/bind?api_base_url=https%3A%2F%2Fauth-us.beyondidentity.com&',
    );
  });

  test('is shown by the console with its state, the newest first', async () => {
    let time = 1_800_000_000_000;
    await restart({ now: () => time });
    await createJob(tenant, JANE);
    time += 1000;
    await createJob(tenant, 'john@example.com');
    expect(tenant.bindingJobs).toEqual([
      expect.objectContaining({ identity_id: identityOf('john@example.com').id, state: 'LINK_SENT' }),
      expect.objectContaining({ identity_id: identityOf(JANE).id, state: 'LINK_SENT' }),
    ]);
    time += WEEK_MS - 1000;
    expect(tenant.bindingJobs.map(({ state }) => state)).toEqual(['LINK_SENT', 'EXPIRED']);
    tenant.expireLinks();
    expect(tenant.bindingJobs.map(({ state }) => state)).toEqual(['EXPIRED', 'EXPIRED']);
  });
});

describe('the body of a job', () => {
  const config = 'job.authenticator_config_id';
  test.each<[string, unknown, string]>([
    ['without a job', {}, 'job'],
    ['with the job as text', { job: 'EMAIL' }, 'job'],
    ['without a delivery method', { job: { ...JOB, delivery_method: undefined } }, 'job.delivery_method'],
    ['with another delivery method', { job: { ...JOB, delivery_method: 'email' } }, 'job.delivery_method'],
    ['without an authenticator config', { job: { delivery_method: 'EMAIL' } }, config],
    ['with another authenticator config', { job: { ...JOB, authenticator_config_id: 'x' } }, config],
    ['with an unknown field of the job', { job: { ...JOB, state: 'COMPLETE' } }, 'job.state'],
    ['with an unknown field', { ...EMAIL_JOB, identity: 'x' }, 'identity'],
    [
      'with a relative redirect',
      { job: { ...JOB, post_binding_redirect_uri: '/sign-in' } },
      'job.post_binding_redirect_uri',
    ],
    [
      'with a redirect to a script',
      { job: { ...JOB, post_binding_redirect_uri: 'javascript:alert(1)' } },
      'job.post_binding_redirect_uri',
    ],
  ])('is rejected %s, which the violation names', async (_, body, field) => {
    const response = await createJob(tenant, JANE, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual(violation(field, expect.any(String)));
    expect(tenant.mails).toEqual([]);
  });

  test('is rejected with an empty authenticator config in the words of the vendor', async () => {
    const response = await createJob(tenant, JANE, { job: { ...JOB, authenticator_config_id: '' } });
    expect(await response.json()).toEqual(violation(config, 'empty string'));
  });

  test.each([
    ['that is no JSON', jobsPath(identityOf(JANE).id), '{', 'application/json'],
    ['of another type', jobsPath(identityOf(JANE).id), JSON.stringify(EMAIL_JOB), 'text/plain'],
    ['with a query', `${jobsPath(identityOf(JANE).id)}?x=1`, JSON.stringify(EMAIL_JOB), 'application/json'],
  ])('is rejected as malformed %s', async (_, path, body, type) => {
    const headers = { 'content-type': type };
    const response = await callApi(tenant, path, { method: 'POST', body, headers });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ code: 'bad_request', message: 'invalid request' });
  });

  test('is rejected when it is too large', async () => {
    expect((await createJob(tenant, JANE, 'x'.repeat(70_000))).status).toBe(413);
  });
});

describe('creating a job', () => {
  test('does not find an unknown identity', async () => {
    const id = '0000000000000000';
    const response = await callApi(tenant, jobsPath(id), { method: 'POST', body: EMAIL_JOB });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual(aboutResource('not_found', 'Identity', id, 'identity not found'));
  });

  test.each([
    ['without an email address', 'noah@example.com', 'Identity missing email address'],
    ['that is suspended', 'sam@example.com', 'Identity suspended'],
  ])('is impossible for an identity %s', async (_, username, message) => {
    const response = await createJob(tenant, username);
    expect(response.status).toBe(422);
    const { id } = identityOf(username);
    expect(await response.json()).toEqual(aboutResource('unprocessable_entity', 'Identity', id, message));
    expect([tenant.mails, tenant.bindingJobs]).toEqual([[], []]);
  });

  test('is refused without a token, and with an unknown one', async () => {
    expect((await createJob(tenant, JANE, EMAIL_JOB, null)).status).toBe(401);
    expect((await createJob(tenant, JANE, EMAIL_JOB, 'unknown')).status).toBe(401);
  });

  test('is forbidden without its scope', async () => {
    const token = tenant.issueConsoleToken({ scopes: ['identities:read', 'credential-binding-jobs:read'] });
    expect((await createJob(tenant, JANE, EMAIL_JOB, token)).status).toBe(403);
  });

  test('is allowed with the scope that is limited to email', async () => {
    const token = tenant.issueConsoleToken({ scopes: ['credential-binding-jobs:create-email'] });
    expect((await createJob(tenant, JANE, EMAIL_JOB, token)).status).toBe(200);
  });

  test.each(['credential-binding-jobs:create', 'credential-binding-jobs:create-email'])(
    'never returns the link, with the scope %s',
    async (scope) => {
      const token = tenant.issueConsoleToken({ scopes: [scope] });
      const response = await createJob(tenant, JANE, { job: { ...JOB, delivery_method: 'RETURN' } }, token);
      expect(response.status).toBe(403);
      expect(await response.json()).toEqual({ code: 'forbidden', message: 'forbidden' });
      expect(tenant.bindingJobs).toEqual([]);
    },
  );

  test('does not find another realm', async () => {
    const path = jobsPath(identityOf(JANE).id).replace(SIMULATED_REALM_ID, SIMULATED_ADMIN_REALM_ID);
    const response = await callApi(tenant, path, { method: 'POST', body: EMAIL_JOB });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ message: 'realm not found' });
  });

  test('has no other methods than GET and POST on its path', async () => {
    const response = await callApi(tenant, jobsPath(identityOf(JANE).id), { method: 'PUT', body: EMAIL_JOB });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, GET']);
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed' });
  });
});
