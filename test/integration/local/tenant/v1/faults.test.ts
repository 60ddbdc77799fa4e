import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { V1TenantFault } from '../../../../../local/tenant/v1/fault.ts';
import type { V1Tenant } from '../../../../../local/tenant/v1/options.ts';
import { startV1Tenant } from '../../../../../local/tenant/v1/tenant.ts';
import { callApi, createJob, findByFilter, IDENTITIES_PATH, requestToken } from './v1-tenant-harness.ts';

const JANE = 'jane@example.com';

let tenant: V1Tenant;
beforeEach(async () => {
  tenant = await startV1Tenant();
});
afterEach(() => tenant.close());

const find = () => findByFilter(tenant, `traits.username eq "${JANE}"`);

describe('a fault of the v1 tenant', () => {
  test.each<[V1TenantFault, number, object]>([
    [{ kind: '401', times: 1 }, 401, { code: 'unauthorized', message: 'unauthorized' }],
    [{ kind: '403', times: 1 }, 403, { code: 'forbidden', message: 'forbidden' }],
    [{ kind: '429', times: 1 }, 429, { code: 'too_many_requests', message: 'too many requests' }],
    [{ kind: '500', times: 1 }, 500, { code: 'internal_server_error', message: 'internal server error' }],
  ])('%j hits one request', async (fault, status, body) => {
    tenant.fault(fault);
    const response = await createJob(tenant, JANE);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
    expect(tenant.mails).toEqual([]);
    expect((await createJob(tenant, JANE)).status).toBe(200);
  });

  test.each<[V1TenantFault, number, object]>([
    [{ kind: '401', times: 1 }, 401, { error: 'invalid_client' }],
    [{ kind: '403', times: 1 }, 403, { error: 'access_denied' }],
  ])('%j has the error document of OAuth at the token endpoint', async (fault, status, body) => {
    tenant.fault(fault);
    const response = await requestToken(tenant);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
    expect((await requestToken(tenant)).status).toBe(200);
  });

  test('429 has RateLimit headers with rateLimitResetSeconds, and never Retry-After', async () => {
    const headersOf = async () => {
      const { headers } = await find();
      return ['limit', 'remaining', 'reset']
        .map((name) => headers.get(`ratelimit-${name}`))
        .concat(headers.get('retry-after'));
    };
    tenant.fault({ kind: '429', rateLimitResetSeconds: 7 });
    expect(await headersOf()).toEqual(['100', '0', '7', null]);
    tenant.fault({ kind: '429' });
    expect(await headersOf()).toEqual([null, null, null, null]);
  });

  test('hits and counts only calls of the operation that it names', async () => {
    tenant.fault({ kind: '500', operation: 'jobs', times: 1 });
    expect((await requestToken(tenant)).status).toBe(200);
    expect((await find()).status).toBe(200);
    expect((await createJob(tenant, JANE)).status).toBe(500);
    expect((await createJob(tenant, JANE)).status).toBe(200);
  });

  test('not-json responds with 200 and HTML', async () => {
    tenant.fault({ kind: 'not-json', operation: 'token' });
    const response = await requestToken(tenant);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html']);
  });

  test('slow responds after the delay', async () => {
    tenant.fault({ kind: 'slow', delayMs: 1 });
    expect((await createJob(tenant, JANE)).status).toBe(200);
    expect(tenant.mails).toHaveLength(1);
  });

  test('late-response sends the email before the delay, and responds after it', async () => {
    tenant.fault({ kind: 'late-response', delayMs: 1 });
    expect((await createJob(tenant, JANE)).status).toBe(200);
    tenant.fault({ kind: 'late-response', delayMs: 600_000, operation: 'jobs', times: 1 });
    const late = createJob(tenant, JANE);
    while (tenant.mails.length < 2) await find();
    await tenant.close();
    await expect(late).rejects.toThrow();
  });

  test('reset resets the connection until it is healed', async () => {
    tenant.fault({ kind: 'reset' });
    await expect(find()).rejects.toThrow();
    tenant.heal();
    expect((await find()).status).toBe(200);
  });

  test('lost-response sends the email, and resets the connection instead of responding', async () => {
    tenant.fault({ kind: 'lost-response', operation: 'jobs', times: 1 });
    await expect(createJob(tenant, JANE)).rejects.toThrow();
    expect(tenant.mails).toHaveLength(1);
    expect(tenant.bindingJobs).toHaveLength(1);
    expect((await createJob(tenant, JANE)).status).toBe(200);
    expect(tenant.requests).toEqual([
      expect.objectContaining({ responseStatus: undefined, isMailed: true, isResponseLost: true }),
      expect.objectContaining({ responseStatus: 200, isMailed: true, isResponseLost: false }),
    ]);
  });

  test('hang never responds, and does not prevent closing', async () => {
    tenant.fault({ kind: 'hang', times: 1 });
    const asked = [find(), find()];
    await Promise.any(asked);
    await tenant.close();
    const outcomes = (await Promise.allSettled(asked)).map((result) => result.status);
    expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('the record of calls', () => {
  test('has every call with its operation, status and email', async () => {
    await requestToken(tenant);
    await find();
    await createJob(tenant, JANE);
    await createJob(tenant, JANE, {});
    await callApi(tenant, IDENTITIES_PATH, { method: 'DELETE' });
    await callApi(tenant, '/other?x=1', { token: null });
    const summary = tenant.requests.map(({ method, operation, responseStatus, isMailed }) =>
      [method, operation, responseStatus, isMailed].join(' '),
    );
    expect(summary).toEqual([
      'POST token 200 false',
      'GET identities 200 false',
      'POST jobs 200 true',
      'POST jobs 400 false',
      'DELETE  405 false',
      'GET  404 false',
    ]);
    expect(tenant.requests[1]?.headers.authorization).toBe(`Bearer ${tenant.consoleToken}`);
    expect(tenant.requests[3]?.body).toBe('{}');
    expect(tenant.requests[5]).toMatchObject({ path: '/other', query: 'x=1' });
  });
});
