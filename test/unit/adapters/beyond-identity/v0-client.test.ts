import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createV0Client } from '../../../../functions/adapters/beyond-identity/v0-client.ts';
import {
  type HttpsClient,
  type HttpsResponse,
  RequestFailed,
} from '../../../../functions/adapters/http/https-client.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';

const PAUSES = { firstMs: 1, longestMs: 1, shortestTryMs: 0 };
const CALL = { reference: 'jane@example.com', apiToken: 'tok' };
const observer = {
  called: jest.fn(),
  unrecognizedSuccess: jest.fn(),
  forbiddenForOneUser: jest.fn(),
};
beforeEach(() => {
  jest.clearAllMocks();
});

type Response = Partial<HttpsResponse> | Error;

/** The outcome of recovering `jane` with these responses, the last one repeated, and the references in the calls. */
async function recover(...responses: Response[]) {
  const references: string[] = [];
  const client: HttpsClient = async ({ body = '' }) => {
    const { external_id }: { external_id: string } = JSON.parse(body);
    references.push(external_id);
    const response = responses[Math.min(references.length, responses.length) - 1];
    if (response instanceof Error) throw response;
    return { status: 200, headers: {}, body: '{}', ...response };
  };
  const deadline = startDeadline(1000);
  const result = await createV0Client(client, PAUSES, observer)
    .recoverUser(CALL, deadline, { left: 3 })
    .finally(deadline.clear);
  return { result, references };
}

test('a recovery is one request, which is reported', async () => {
  const client = jest.fn<HttpsClient>(async () => ({ status: 200, headers: {}, body: '{}' }));
  const deadline = startDeadline(1000);
  await createV0Client(client, PAUSES, observer).recoverUser(CALL, deadline, { left: 3 });
  deadline.clear();
  expect(client.mock.calls.map(([request]) => request)).toEqual([
    {
      method: 'POST',
      path: '/v1/manage/recover-user',
      headers: {
        authorization: 'Bearer tok',
        accept: 'application/json',
        'content-type': 'application/json',
      },
      body: '{"external_id":"jane@example.com","binding_token_delivery_method":"email"}',
    },
  ]);
  expect(observer.called.mock.calls).toEqual([
    [expect.any(Number), { operation: 'recover-user', status: 200 }],
  ]);
});

describe('a response of Beyond Identity', () => {
  test.each([101, 300, 301, 302, 304, 307, 308])(
    'with status %i is a fault, and never a rejection of the user',
    async (status) => {
      const { result } = await recover({ status });
      expect(result).toEqual({ outcome: 'upstream-failed' });
    },
  );

  test.each([400, 404, 409, 410, 422])('with status %i and a JSON body is about the user', async (status) => {
    const { result } = await recover({ status, body: '{"message":"User not found"}' });
    expect(result).toEqual({ outcome: 'not-recoverable' });
  });

  test.each([400, 404, 409, 410, 422])(
    'with status %i without a JSON body is not about the user',
    async (status) => {
      for (const body of ['', '<html>Not Found</html>']) {
        const { result, references } = await recover({ status, body });
        expect(result).toEqual({ outcome: 'misconfigured' });
        expect(references).toHaveLength(1);
      }
    },
  );

  test.each([400, 404, 422])('with status %i whose body was cut off is a fault', async (status) => {
    const { result, references } = await recover({ status, body: undefined });
    expect(result).toEqual({ outcome: 'upstream-failed' });
    expect(references).toHaveLength(1);
  });

  test.each([402, 405, 406, 407, 411, 412, 413, 414, 415, 416, 417, 418, 421, 426, 428, 431, 451, 499])(
    'with status %i means that we are misconfigured',
    async (status) => {
      const { result, references } = await recover({ status, body: '{"message":"no"}' });
      expect(result).toEqual({ outcome: 'misconfigured' });
      expect(references).toHaveLength(1);
    },
  );

  test.each([408, 425, 429, 500, 502, 503, 504, 599])(
    'with status %i leads to four tries in all',
    async (status) => {
      const { result, references } = await recover({ status });
      expect(result).toMatchObject({ outcome: 'upstream-failed' });
      expect(references).toHaveLength(4);
    },
  );

  test.each(['0', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
    'with Retry-After %s, which has passed, leads to four tries at most',
    async (retryAfter) => {
      const { references } = await recover({ status: 503, headers: { 'retry-after': retryAfter } });
      expect(references).toHaveLength(4);
    },
  );

  test('has its requested pause passed on', async () => {
    const { result, references } = await recover({ status: 429, headers: { 'retry-after': '3600' } });
    expect(result).toEqual({ outcome: 'upstream-failed', retryAfterMs: 3_600_000 });
    expect(references).toHaveLength(1);
  });

  test('is a success when its body was too large to read', async () => {
    const { result } = await recover({ status: 200, body: undefined });
    expect(result).toEqual({ outcome: 'forwarded' });
    expect(observer.unrecognizedSuccess).toHaveBeenCalledTimes(1);
  });

  test.each(['{"internal_id":"x"}', '{"user":{"internal_id":"x"}}'])(
    'is a success about a user: %s',
    async (body) => {
      await recover({ status: 200, body });
      expect(observer.unrecognizedSuccess).not.toHaveBeenCalled();
    },
  );
});

describe('a missing response of Beyond Identity', () => {
  test('leads to four tries in all', async () => {
    const { result, references } = await recover(new RequestFailed(new Error('broken'), false));
    expect(result).toEqual({ outcome: 'upstream-failed' });
    expect(references).toHaveLength(4);
    const report = { operation: 'recover-user', fault: 'no response (Error)' };
    expect(observer.called).toHaveBeenCalledWith(expect.any(Number), report);
  });

  test('leads to one immediate repetition when a kept connection was closed', async () => {
    const stale = new RequestFailed(new Error('stale'), true);
    expect((await recover(stale, { status: 200 })).result).toEqual({ outcome: 'forwarded' });
    expect((await recover(stale)).references).toHaveLength(4);
  });

  test('is not assumed when our own code throws', async () => {
    await expect(recover(new TypeError('ours'))).rejects.toThrow('ours');
  });

  test('is avoided by not calling when too little time is left', async () => {
    const client = jest.fn<HttpsClient>();
    const deadline = startDeadline(100);
    const { recoverUser } = createV0Client(client, { ...PAUSES, shortestTryMs: 200 }, observer);
    await expect(recoverUser(CALL, deadline, { left: 3 })).resolves.toEqual({
      outcome: 'deadline-exceeded',
    });
    expect(client).not.toHaveBeenCalled();
    deadline.clear();
  });
});

describe('a response of Beyond Identity that forbids', () => {
  test('with 401 is about the token', async () => {
    const { result, references } = await recover({ status: 401 });
    expect(result).toEqual({ outcome: 'token-refused' });
    expect(references).toHaveLength(1);
  });

  test('with 403 is about the token when a user who cannot exist is forbidden, too', async () => {
    const { result, references } = await recover({ status: 403 });
    expect(result).toEqual({ outcome: 'token-refused' });
    expect(references).toEqual(['jane@example.com', expect.stringMatching(/^no-user-[\da-f-]{36}$/)]);
  });

  test.each([
    ['unknown as usual', 404],
    ['accepted', 200],
  ])('with 403 is about one address when a user who cannot exist is %s', async (_what, status) => {
    const { result, references } = await recover({ status: 403 }, { status, body: '{}' }, { status: 403 });
    expect(result).toEqual({ outcome: 'not-recoverable' });
    expect(references).toEqual(['jane@example.com', expect.stringMatching(/^no-user-/), 'jane@example.com']);
    expect(observer.forbiddenForOneUser).toHaveBeenCalledTimes(1);
  });

  test('with 403 that passes loses no request', async () => {
    const { result } = await recover({ status: 403 }, { status: 404, body: '{}' }, { status: 200 });
    expect(result).toEqual({ outcome: 'forwarded' });
    expect(observer.forbiddenForOneUser).not.toHaveBeenCalled();
  });

  test.each([
    [401, 'token-refused'],
    [500, 'upstream-failed'],
    [405, 'misconfigured'],
  ])('with 403, and %i for a user who cannot exist: %s', async (status, outcome) => {
    const { result, references } = await recover({ status: 403 }, { status });
    expect(result).toMatchObject({ outcome });
    expect(references.filter((reference) => reference === 'jane@example.com')).toHaveLength(1);
    expect(observer.forbiddenForOneUser).not.toHaveBeenCalled();
  });

  test.each([
    ['for the call that checks the token', 1],
    ['to repeat the call', 2],
  ])('with 403 without the time %s is a fault', async (_what, callsInTime) => {
    const deadline = startDeadline(1000);
    let calls = 0;
    const client: HttpsClient = async () => {
      calls += 1;
      if (calls === callsInTime) await deadline.pause(2000);
      return { status: calls === 1 ? 403 : 404, headers: {}, body: '{}' };
    };
    const { recoverUser } = createV0Client(client, { ...PAUSES, shortestTryMs: 1 }, observer);
    await expect(recoverUser(CALL, deadline, { left: 3 })).resolves.toEqual({
      outcome: 'deadline-exceeded',
    });
    expect(calls).toBe(callsInTime);
  });
});
