import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { V1Tenant } from '../../../../../local/tenant/v1/options.ts';
import { SIMULATED_CLIENT_ID } from '../../../../../local/tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../../../../../local/tenant/v1/tenant.ts';
import { basic, callApi, createJob, IDENTITIES_PATH, requestToken } from './v1-tenant-harness.ts';

const JANE = 'jane@example.com';

let tenant: V1Tenant;
beforeEach(async () => {
  tenant = await startV1Tenant();
});
afterEach(() => tenant.close());

function control(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  return fetch(`${tenant.url}/simulation/${path}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
}

describe('control endpoints of the v1 tenant', () => {
  test('show, set and heal a fault, and are not recorded', async () => {
    const show = async () => (await control('GET', 'fault')).json();
    expect(await show()).toEqual({ fault: null });
    const fault = { kind: '500', operation: 'jobs', times: 2 };
    expect((await control('PUT', 'fault', JSON.stringify(fault))).status).toBe(200);
    expect((await callApi(tenant, IDENTITIES_PATH)).status).toBe(200);
    expect((await createJob(tenant, JANE)).status).toBe(500);
    expect(await show()).toEqual({ fault: { ...fault, times: 1 } });
    expect((await control('DELETE', 'fault')).status).toBe(200);
    expect((await createJob(tenant, JANE)).status).toBe(200);
    expect(tenant.requests).toHaveLength(3);
  });

  test('rotate the client secret', async () => {
    expect((await control('POST', 'client-secret', '{"clientSecret":"new-not-real"}')).status).toBe(200);
    expect((await requestToken(tenant)).status).toBe(401);
    const headers = { authorization: basic(SIMULATED_CLIENT_ID, 'new-not-real') };
    expect((await requestToken(tenant, { headers })).status).toBe(200);
  });

  test('revoke tokens', async () => {
    expect((await control('DELETE', 'tokens')).status).toBe(200);
    expect((await callApi(tenant, IDENTITIES_PATH)).status).toBe(401);
  });

  test('expire links, and show the jobs', async () => {
    await createJob(tenant, JANE);
    expect((await control('DELETE', 'links')).status).toBe(200);
    const jobs = await control('GET', 'jobs');
    expect(await jobs.json()).toMatchObject({ jobs: [{ state: 'EXPIRED', delivery_method: 'EMAIL' }] });
  });

  test.each([
    ['PUT', 'fault', '{"kind":"boom"}', 400, /kind: .*'hang'/],
    ['PUT', 'fault', '{"kind":"429","retryAfterSeconds":1}', 400, /"retryAfterSeconds"/],
    ['PUT', 'fault', '{"kind":"500","operation":"other"}', 400, /operation: /],
    ['PATCH', 'fault', '{}', 405, /GET, PUT, POST, DELETE/],
    ['PUT', 'client-secret', '{"clientSecret":""}', 400, /clientSecret: /],
    ['DELETE', 'client-secret', undefined, 405, /PUT, POST/],
    ['GET', 'tokens', undefined, 405, /DELETE/],
    ['GET', 'links', undefined, 405, /DELETE/],
    ['DELETE', 'jobs', undefined, 405, /GET/],
    ['PUT', 'api-token', '{}', 404, /client-secret/],
  ])('reject %s %s %s', async (method, path, body, status, message) => {
    const response = await control(method, path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message: expect.stringMatching(message) });
  });

  test('reject a page of another origin', async () => {
    const response = await control('DELETE', 'tokens', undefined, { origin: 'https://app.example.com' });
    expect(response.status).toBe(403);
    expect((await callApi(tenant, IDENTITIES_PATH)).status).toBe(200);
  });
});
