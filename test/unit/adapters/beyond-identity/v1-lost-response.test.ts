import { describe, expect, test } from '@jest/globals';
import { RequestFailed } from '../../../../functions/adapters/http/https-client.ts';
import {
  CREATED,
  error,
  IDENTITIES_PATH,
  jobs,
  observer,
  type Response,
  recover,
  useObserver,
} from './v1-calls.ts';

useObserver();

describe('a lost response to a job on the v1 platform', () => {
  const lost = new RequestFailed(new Error('lost'), false);
  const job = (create_time: string, state = 'LINK_SENT', delivery_method = 'EMAIL') => ({
    id: 'j',
    state,
    delivery_method,
    create_time,
  });
  const now = () => new Date().toISOString();

  test('leads to no second email when the list of jobs has the job', async () => {
    const { result, operations, requests } = await recover({
      canReadJobs: true,
      create: [lost],
      list: [jobs(job('2020-01-01T00:00:00Z'), job(now()))],
    });
    expect(result).toEqual({ outcome: 'forwarded', reference: 'id-of-user' });
    expect(operations).toEqual(['find', 'create', 'list']);
    expect(requests[2]).toMatchObject({
      method: 'GET',
      path: `${IDENTITIES_PATH}/id-of-user/credential-binding-jobs?page_size=50`,
    });
    expect(observer.called.mock.calls.map(([, report]) => report)).toEqual([
      { operation: 'identities', status: 200 },
      { operation: 'create-binding-job', fault: 'no response (Error)' },
      { operation: 'list-binding-jobs', status: 200 },
    ]);
  });

  test.each([
    ['is old', [job('2020-01-01T00:00:00Z')]],
    ['has no date', [job('yesterday')]],
    ['was never sent', [job(now(), 'FAILED_TO_SEND')]],
    ['was revoked', [job(now(), 'REVOKED')]],
    ['was not sent by email', [job(now(), 'LINK_SENT', 'RETURN')]],
    ['is odd', [{ id: 'odd' }]],
    ['is not there', []],
  ])('leads to another job when the only job %s', async (_what, list) => {
    const { result, operations } = await recover({
      canReadJobs: true,
      create: [lost, CREATED],
      list: [jobs(...list)],
    });
    expect(result).toEqual({ outcome: 'forwarded', reference: 'id-of-user' });
    expect(operations).toEqual(['find', 'create', 'list', 'create']);
  });

  test('of an earlier try leads to no second email', async () => {
    const { operations } = await recover({
      canReadJobs: true,
      list: [jobs(job(new Date(Date.now() - 3_000).toISOString()))],
      call: { mayBeMailedSince: Date.now() },
    });
    expect(operations).toEqual(['find', 'list']);
  });

  test.each([
    ['no second email', 5_000, ['find', 'list']],
    ['another job', 5_001, ['find', 'list', 'create']],
  ])('leads to %s when a job is %i ms older than the earlier try', async (_what, olderMs, expected) => {
    const mayBeMailedSince = Date.UTC(2026, 10, 24);
    const { operations } = await recover({
      canReadJobs: true,
      list: [jobs(job(new Date(mayBeMailedSince - olderMs).toISOString()))],
      call: { mayBeMailedSince },
    });
    expect(operations).toEqual(expected);
  });

  test('is reported with the time of the try, for the next try', async () => {
    const { result } = await recover({ create: [lost] });
    expect(result).toMatchObject({ outcome: 'upstream-failed', mayBeMailedSince: expect.any(Number) });
    const refused = await recover({ create: [lost, error(403)] });
    expect(refused.result).toMatchObject({ outcome: 'token-refused', mayBeMailedSince: expect.any(Number) });
    const before = await recover({ find: [error(503)] });
    expect(before.result).not.toHaveProperty('mayBeMailedSince');
  });

  test('is found beside jobs that are odd', async () => {
    const { operations } = await recover({
      canReadJobs: true,
      create: [lost],
      list: [jobs({ id: 'old' }, job(now()))],
    });
    expect(operations).toEqual(['find', 'create', 'list']);
  });

  test('waits for a new token when the list of jobs refuses this one', async () => {
    const { result, operations } = await recover({ canReadJobs: true, create: [lost], list: [error(401)] });
    expect(result).toMatchObject({ outcome: 'token-refused', mayBeMailedSince: expect.any(Number) });
    expect(operations).toEqual(['find', 'create', 'list']);
  });

  test('leads to another job when the token may not read jobs', async () => {
    const { operations } = await recover({ create: [lost, CREATED], call: { mayBeMailedSince: Date.now() } });
    expect(operations).toEqual(['find', 'create', 'create']);
  });

  test('is looked up after a kept connection was closed, too', async () => {
    const stale = new RequestFailed(new Error('stale'), true);
    const { operations } = await recover({ canReadJobs: true, create: [stale, CREATED] });
    expect(operations).toEqual(['find', 'create', 'list', 'create']);
  });

  test('is looked up on every page of the list of jobs', async () => {
    const page: Response = { body: '{"credential_binding_jobs":[],"next_page_token":"n+1"}' };
    const { operations, requests } = await recover({
      canReadJobs: true,
      list: [page, jobs(job(now()))],
      call: { mayBeMailedSince: Date.now() },
    });
    expect(operations).toEqual(['find', 'list', 'list']);
    expect(requests[2]?.path).toMatch(/\?page_size=50&page_token=n%2B1$/);
  });

  test('leads to another job after five pages of the list of jobs', async () => {
    const page: Response = { body: '{"credential_binding_jobs":[],"next_page_token":"more"}' };
    const { operations } = await recover({
      canReadJobs: true,
      list: [page],
      call: { mayBeMailedSince: Date.now() },
    });
    expect(operations).toEqual(['find', 'list', 'list', 'list', 'list', 'list', 'create']);
  });

  test.each([error(503), { body: '<html>' }])(
    'leads to a retry while the jobs cannot be listed',
    async (list) => {
      const { result, operations } = await recover({
        canReadJobs: true,
        list: [list],
        call: { mayBeMailedSince: 1 },
      });
      expect(result).toMatchObject({ outcome: 'upstream-failed' });
      expect(operations).toEqual(['find', 'list', 'list', 'list', 'list']);
    },
  );

  test.each([error(403), error(400)])(
    'leads to another job when listing is forbidden or rejected',
    async (list) => {
      const { operations } = await recover({
        canReadJobs: true,
        list: [list],
        call: { mayBeMailedSince: 1 },
      });
      expect(operations).toEqual(['find', 'list', 'create']);
    },
  );
});
