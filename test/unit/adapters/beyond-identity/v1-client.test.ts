import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createV1Client } from '../../../../functions/adapters/beyond-identity/v1-client.ts';
import { canBeUserName } from '../../../../functions/adapters/beyond-identity/v1-identities.ts';
import {
  type HttpsRequest,
  type HttpsResponse,
  RequestFailed,
} from '../../../../functions/adapters/http/https-client.ts';
import type { RecoveryCall } from '../../../../functions/core/forward.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';

const PAUSES = { firstMs: 1, longestMs: 1, shortestTryMs: 0 };
const observer = { called: jest.fn(), unrecognizedSuccess: jest.fn(), forbiddenForOneUser: jest.fn() };
beforeEach(() => {
  jest.clearAllMocks();
});

type Response = Partial<HttpsResponse> | Error;
type Operation = 'find' | 'create' | 'list';

const IDENTITIES_PATH = '/v1/tenants/t/realms/r/identities';
const identity = (username: string, status = 'active') => ({
  id: 'id-of-user',
  status,
  traits: { username },
});
const found = (...identities: object[]): Response => ({ body: JSON.stringify({ identities }) });
const jobs = (...list: object[]): Response => ({ body: JSON.stringify({ credential_binding_jobs: list }) });
const JANE = found(identity('Jane@Example.com'));
const CREATED: Response = { body: '{"credential_binding_job":{"id":"j","state":"LINK_SENT"}}' };
const error = (status: number, ...details: object[]): Response => ({
  status,
  body: JSON.stringify({ code: 'some_code', message: 'no', details }),
});

interface World {
  find?: Response[];
  create?: Response[];
  list?: Response[];
  canReadJobs?: boolean;
  references?: 'user-name' | 'identity-id';
  call?: Partial<RecoveryCall>;
}

/** The outcome of a recovery whose operations get these responses, the last one repeated, and the requests made. */
async function recover(world: World = {}) {
  const { find = [JANE], create = [CREATED], list = [jobs()], canReadJobs = false } = world;
  const scripts: Record<Operation, Response[]> = { find, create, list };
  const requests: (HttpsRequest & { operation: Operation })[] = [];
  const deadline = startDeadline(1000);
  const { recoverUser } = createV1Client(
    async (request) => {
      const isJobs = request.path.includes('credential-binding-jobs');
      const operation = !isJobs ? 'find' : request.method === 'POST' ? 'create' : 'list';
      const count = requests.filter((earlier) => earlier.operation === operation).length;
      requests.push({ ...request, operation });
      const script = scripts[operation];
      const response = script[Math.min(count, script.length - 1)];
      if (response instanceof Error) throw response;
      return { status: 200, headers: {}, body: '', ...response };
    },
    {
      tenantId: 't',
      realmId: 'r',
      authenticatorConfigId: 'config',
      postBindingRedirectUri: 'https://app.example.com/',
      references: world.references ?? 'user-name',
      canReadJobs: () => canReadJobs,
    },
    PAUSES,
    observer,
  );
  const call = { reference: 'jane@example.com', apiToken: 'tok', ...world.call };
  const result = await recoverUser(call, deadline, { left: 3 }).finally(deadline.clear);
  return { result, requests, operations: requests.map(({ operation }) => operation) };
}

describe('recovery on the v1 platform', () => {
  test('finds the identity by its user name, and creates a job that emails the link', async () => {
    const { result, requests } = await recover();
    expect(result).toEqual({ outcome: 'forwarded' });
    expect(requests).toMatchObject([
      {
        method: 'GET',
        path: `${IDENTITIES_PATH}?filter=traits.username%20eq%20%22jane%40example.com%22&page_size=2`,
        headers: { authorization: 'Bearer tok' },
      },
      { method: 'POST', path: `${IDENTITIES_PATH}/id-of-user/credential-binding-jobs` },
    ]);
    expect(JSON.parse(requests[1]?.body ?? '')).toEqual({
      job: {
        delivery_method: 'EMAIL',
        authenticator_config_id: 'config',
        post_binding_redirect_uri: 'https://app.example.com/',
      },
    });
    expect(observer.unrecognizedSuccess).not.toHaveBeenCalled();
  });

  test('uses the id of an identity directly, without a lookup', async () => {
    const { result, operations } = await recover({
      references: 'identity-id',
      call: { reference: 'e372db' },
    });
    expect(result).toEqual({ outcome: 'forwarded' });
    expect(operations).toEqual(['create']);
  });

  test.each(['', '../x', 'a/b', 'a b', 'ü', 'x'.repeat(65)])(
    'takes %j for an id that no user has',
    async (reference) => {
      const { result, operations } = await recover({ references: 'identity-id', call: { reference } });
      expect(result).toEqual({ outcome: 'not-recoverable' });
      expect(operations).toEqual([]);
    },
  );

  test('reports a success that it does not recognize, and repeats nothing', async () => {
    const { result, operations } = await recover({ create: [{ body: '{}' }] });
    expect(result).toEqual({ outcome: 'forwarded' });
    expect(operations).toEqual(['find', 'create']);
    expect(observer.unrecognizedSuccess).toHaveBeenCalledTimes(1);
  });
});

describe('a user on the v1 platform', () => {
  test.each([
    ['unknown', found()],
    ['suspended', found(identity('jane@example.com', 'suspended'))],
  ])('who is %s cannot be recovered', async (_what, response) => {
    const { result, operations } = await recover({ find: [response] });
    expect(result).toEqual({ outcome: 'not-recoverable' });
    expect(operations).toEqual(['find']);
  });

  test.each([404, 422])('who is gone or has no email address (%i) cannot be recovered', async (status) => {
    const { result } = await recover({
      create: [error(status, { type: 'ResourceInfo', resource_type: 'Identity' })],
    });
    expect(result).toEqual({ outcome: 'not-recoverable' });
  });

  test("who is gone cannot be recovered, in the error format of the vendor's schema, too", async () => {
    const { result } = await recover({ create: [{ status: 404, body: '{"resource_type":"Identity"}' }] });
    expect(result).toEqual({ outcome: 'not-recoverable' });
  });

  test.each(['x'.repeat(65), 'jane%doe@example.com', 'jane\u0000@example.com', ''])(
    'is not looked up by the impossible user name %j',
    async (reference) => {
      const { result, operations } = await recover({ call: { reference } });
      expect(result).toEqual({ outcome: 'not-recoverable' });
      expect(operations).toEqual([]);
    },
  );

  test('is looked up by one JSON string in the filter, whatever the user name contains', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 64 }).filter(canBeUserName), async (name) => {
        const { requests } = await recover({ find: [found()], call: { reference: name } });
        const query = requests[0]?.path.split('?')[1] ?? '';
        expect(query).toMatch(/^filter=[\w.~!*'()%-]+&page_size=2$/);
        const filter = decodeURIComponent(query.slice('filter='.length, -'&page_size=2'.length));
        expect(filter.startsWith('traits.username eq "')).toBe(true);
        expect(JSON.parse(filter.slice('traits.username eq '.length))).toBe(name);
      }),
    );
  });
});

describe('a wrong configuration of the v1 platform', () => {
  test.each([
    ['a realm that does not exist', { find: [error(404, { type: 'ResourceInfo', resource_type: 'Realm' })] }],
    ['a filter that is not understood', { find: [error(400)] }],
    [
      'a lookup that does not filter',
      { find: [found(identity('john@example.com'), identity('max@example.com'))] },
    ],
    ['an authenticator config that does not exist', { create: [error(400, { type: 'FieldViolations' })] }],
    ['a realm that is gone', { create: [error(404, { type: 'ResourceInfo', resource_type: 'Realm' })] }],
    ['a 404 that is not the vendor’s', { create: [{ status: 404, body: '<html>' }] }],
    ['a 422 without a reason', { create: [{ status: 422, body: '{"code":"x"}' }] }],
    ['a conflict', { create: [error(409)] }],
  ] satisfies [string, World][])('is never an unknown user: %s', async (_what, world) => {
    const { result } = await recover(world);
    expect(result).toEqual({ outcome: 'misconfigured' });
  });
});

describe('a fault of the v1 platform', () => {
  test.each([500, 503, 429, 408])('in the lookup (%i) leads to four tries in all', async (status) => {
    const { result, operations } = await recover({ find: [error(status)] });
    expect(result).toMatchObject({ outcome: 'upstream-failed' });
    expect(operations).toEqual(['find', 'find', 'find', 'find']);
  });

  test('in the lookup (not JSON) is retried', async () => {
    const { result } = await recover({ find: [{ body: '<html>' }, JANE] });
    expect(result).toEqual({ outcome: 'forwarded' });
  });

  test('is waited for as long as RateLimit-Reset says', async () => {
    const { result, operations } = await recover({
      find: [{ ...error(429), headers: { 'ratelimit-reset': '30' } }],
    });
    expect(result).toEqual({ outcome: 'upstream-failed', retryAfterMs: 30_000 });
    expect(operations).toEqual(['find']);
  });

  test('in the job is retried', async () => {
    const { result, operations } = await recover({ create: [error(503), CREATED] });
    expect(result).toEqual({ outcome: 'forwarded' });
    expect(operations).toEqual(['find', 'create', 'create']);
  });

  test('in sending the link is retried', async () => {
    const { result, operations } = await recover({
      create: [{ body: '{"credential_binding_job":{"id":"j","state":"FAILED_TO_SEND"}}' }, CREATED],
    });
    expect(result).toEqual({ outcome: 'forwarded' });
    expect(operations).toEqual(['find', 'create', 'create']);
  });

  test.each(['find', 'create'] as const)(
    'is avoided by not calling %s when too little time is left',
    async (operation) => {
      const deadline = startDeadline(1000);
      const { recoverUser } = createV1Client(
        async () => {
          await deadline.pause(2000);
          return { status: 200, headers: {}, ...JSON.parse(JSON.stringify(JANE)) };
        },
        {
          tenantId: 't',
          realmId: 'r',
          authenticatorConfigId: 'config',
          postBindingRedirectUri: undefined,
          references: 'user-name',
          canReadJobs: () => false,
        },
        { ...PAUSES, shortestTryMs: operation === 'find' ? 1500 : 1 },
        observer,
      );
      const call = { reference: 'jane@example.com', apiToken: 'tok' };
      await expect(recoverUser(call, deadline, { left: 3 })).resolves.toEqual({
        outcome: 'deadline-exceeded',
      });
    },
  );
});

describe('a v1 token', () => {
  test('is rejected by a 401 in either call', async () => {
    expect((await recover({ find: [error(401)] })).result).toEqual({ outcome: 'token-refused' });
    expect((await recover({ create: [error(401)] })).result).toEqual({ outcome: 'token-refused' });
  });

  test('is rejected when a user who cannot exist is forbidden, too', async () => {
    const { result, requests } = await recover({ find: [error(403)] });
    expect(result).toEqual({ outcome: 'token-refused' });
    expect(requests[1]?.path).toMatch(/filter=traits.username%20eq%20%22no-user-[\da-f-]{36}%22/);
  });

  test('stays in use when only one user is forbidden', async () => {
    const { result } = await recover({ find: [error(403), found(), error(403)] });
    expect(result).toEqual({ outcome: 'not-recoverable' });
    expect(observer.forbiddenForOneUser).toHaveBeenCalledTimes(1);
  });

  test('that may look up identities but not create jobs is rejected, and never means an unknown user', async () => {
    const { result, operations } = await recover({ create: [error(403)] });
    expect(result).toEqual({ outcome: 'token-refused' });
    expect(operations).toEqual(['find', 'create']);
  });
});

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
    expect(result).toEqual({ outcome: 'forwarded' });
    expect(operations).toEqual(['find', 'create', 'list']);
    expect(requests[2]?.path).toBe(`${IDENTITIES_PATH}/id-of-user/credential-binding-jobs?page_size=50`);
  });

  test.each([
    ['is old', [job('2020-01-01T00:00:00Z')]],
    ['has no date', [job('yesterday')]],
    ['was never sent', [job(now(), 'FAILED_TO_SEND')]],
    ['was revoked', [job(now(), 'REVOKED')]],
    ['was not sent by email', [job(now(), 'LINK_SENT', 'RETURN')]],
    ['is not there', []],
  ])('leads to another job when the only job %s', async (_what, list) => {
    const { result, operations } = await recover({
      canReadJobs: true,
      create: [lost, CREATED],
      list: [jobs(...list)],
    });
    expect(result).toEqual({ outcome: 'forwarded' });
    expect(operations).toEqual(['find', 'create', 'list', 'create']);
  });

  test('of an earlier try leads to no second email', async () => {
    const { operations } = await recover({
      canReadJobs: true,
      list: [jobs(job(new Date(Date.now() - 10_000).toISOString()))],
      call: { mayBeMailedSince: Date.now() },
    });
    expect(operations).toEqual(['find', 'list']);
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
      expect(operations).not.toContain('create');
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
