import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { V1Tenant } from '../../../../../local/tenant/v1/options.ts';
import {
  SIMULATED_ADMIN_REALM_ID,
  SIMULATED_REALM_ID,
} from '../../../../../local/tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../../../../../local/tenant/v1/tenant.ts';
import { createdJobBody, jobsBody } from './response-bodies.ts';
import {
  aboutResource,
  callApi,
  createJob,
  IDENTITIES_PATH,
  identityOf,
  jobsPath,
  violation,
} from './v1-tenant-harness.ts';

const JANE = 'jane@example.com';
const JANES_JOBS = jobsPath(identityOf(JANE).id);

let tenant: V1Tenant;
let time: number;
beforeEach(async () => {
  time = 1_800_000_000_000;
  tenant = await startV1Tenant({ now: () => time });
});
afterEach(() => tenant.close());

/** Creates jobs one second apart; returns their ids. */
async function createJobs(count: number, username = JANE): Promise<string[]> {
  const ids: string[] = [];
  for (let created = 0; created < count; created += 1) {
    time += 1000;
    const response = await createJob(tenant, username);
    ids.push(createdJobBody.parse(await response.json()).credential_binding_job.id);
  }
  return ids;
}

async function list(path: string) {
  const body = jobsBody.parse(await (await callApi(tenant, path)).json());
  const { credential_binding_jobs: jobs, total_size: total, next_page_token: next } = body;
  return { jobs, ids: jobs.map(({ id }) => id), total, next };
}

describe('the list of jobs', () => {
  test('has the jobs of the identity, as they were created', async () => {
    const response = await createJob(tenant, JANE);
    await createJob(tenant, 'john@example.com');
    const { credential_binding_job: job } = createdJobBody.parse(await response.json());
    expect(await (await callApi(tenant, JANES_JOBS)).json()).toEqual({
      credential_binding_jobs: [job],
      total_size: 1,
    });
  });

  test('is empty for an identity without jobs, and for an unknown one', async () => {
    for (const id of [identityOf(JANE).id, '0000000000000000']) {
      expect((await list(jobsPath(id))).total).toBe(0);
    }
  });

  test('is that of all identities for the wildcard', async () => {
    const ids = [...(await createJobs(1)), ...(await createJobs(1, 'john@example.com'))];
    expect(new Set((await list(jobsPath('-'))).ids)).toEqual(new Set(ids));
  });

  test('is ordered by create_time in neither direction', async () => {
    const ids = await createJobs(3);
    expect((await list(JANES_JOBS)).ids).toEqual([ids[0], ids[2], ids[1]]);
  });

  test('comes in pages of 20, the newest job not on the first one', async () => {
    const ids = await createJobs(23);
    const first = await list(JANES_JOBS);
    expect([first.ids.length, first.total, first.ids.includes(ids[22] ?? '')]).toEqual([20, 23, false]);
    const second = await list(`${JANES_JOBS}?page_token=${first.next}`);
    expect(second).toMatchObject({ total: 23, next: undefined });
    expect(new Set([...first.ids, ...second.ids])).toEqual(new Set(ids));
    expect((await list(`${JANES_JOBS}?page_size=200`)).ids).toHaveLength(23);
  });

  test.each([
    ['filter=state%20eq%20%22COMPLETE%22', 'filter'],
    ['page_size=0', 'page_size'],
    ['page_token=abc', 'page_token'],
  ])('is rejected with the query %s', async (query, field) => {
    const response = await callApi(tenant, `${JANES_JOBS}?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual(violation(field, expect.any(String)));
  });

  test('is rejected with a page token of another list', async () => {
    await createJobs(2);
    const { next } = await list(`${JANES_JOBS}?page_size=1`);
    for (const path of [jobsPath('-'), IDENTITIES_PATH]) {
      expect((await callApi(tenant, `${path}?page_token=${next}`)).status).toBe(400);
    }
  });

  test('needs credential-binding-jobs:read and the realm of the users', async () => {
    const token = tenant.issueConsoleToken({ scopes: ['credential-binding-jobs:create'] });
    expect((await callApi(tenant, JANES_JOBS, { token })).status).toBe(403);
    expect((await callApi(tenant, JANES_JOBS, { token: null })).status).toBe(401);
    const path = JANES_JOBS.replace(SIMULATED_REALM_ID, SIMULATED_ADMIN_REALM_ID);
    expect((await callApi(tenant, path)).status).toBe(404);
  });
});

describe('one job', () => {
  test('is returned with its current state', async () => {
    const [id] = await createJobs(1);
    const read = async () => (await callApi(tenant, `${JANES_JOBS}/${id}`)).json();
    expect(await read()).toMatchObject({ id, state: 'LINK_SENT' });
    tenant.expireLinks();
    expect(await read()).toMatchObject({ id, state: 'EXPIRED' });
  });

  test('is not found under another identity or another id', async () => {
    const [id = ''] = await createJobs(1);
    const johns = jobsPath(identityOf('john@example.com').id);
    for (const [path, job] of [
      [johns, id],
      [JANES_JOBS, '0000000000000000'],
    ] as const) {
      const response = await callApi(tenant, `${path}/${job}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual(
        aboutResource('not_found', 'CredentialBindingJob', job, 'credential binding job not found'),
      );
    }
  });

  test('needs credential-binding-jobs:read and the realm of the users', async () => {
    const [id] = await createJobs(1);
    const token = tenant.issueConsoleToken({ scopes: ['identities:read'] });
    expect((await callApi(tenant, `${JANES_JOBS}/${id}`, { token })).status).toBe(403);
    const elsewhere = JANES_JOBS.replace(SIMULATED_REALM_ID, SIMULATED_ADMIN_REALM_ID);
    expect((await callApi(tenant, `${elsewhere}/${id}`)).status).toBe(404);
  });

  test('is revoked once, with credential-binding-jobs:revoke', async () => {
    const [id] = await createJobs(1);
    const path = `${JANES_JOBS}/${id}:revoke`;
    expect((await callApi(tenant, path, { method: 'POST', body: {} })).status).toBe(403);
    const token = tenant.issueConsoleToken({ scopes: ['credential-binding-jobs:revoke'] });
    const revoked = await callApi(tenant, path, { method: 'POST', body: {}, token });
    expect(await revoked.json()).toMatchObject({ id, state: 'REVOKED' });
    expect(tenant.bindingJobs).toEqual([expect.objectContaining({ id, state: 'REVOKED' })]);
    expect((await callApi(tenant, path, { method: 'POST', body: {}, token })).status).toBe(409);
  });
});
