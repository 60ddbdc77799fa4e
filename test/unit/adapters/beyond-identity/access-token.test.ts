import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  type AccessTokenOptions,
  claimsToReadJobs,
  createAccessTokens,
} from '../../../../functions/adapters/beyond-identity/access-token.ts';
import { claimsOf } from '../../../../functions/adapters/beyond-identity/token-claims.ts';
import {
  type ApplicationOptions,
  createRequestToken,
} from '../../../../functions/adapters/beyond-identity/token-request.ts';
import {
  type HttpsRequest,
  type HttpsResponse,
  RequestFailed,
} from '../../../../functions/adapters/http/https-client.ts';
import type { Deadline } from '../../../../functions/core/deadline.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';

const HOUR_MS = 3_600_000;
const READ_JOBS = 'credential-binding-jobs:read';
const observer = { called: jest.fn(), accessTokenUnavailable: jest.fn<(reason: string) => void>() };
let deadline: Deadline;

beforeEach(() => {
  jest.clearAllMocks();
  jest.useFakeTimers();
  deadline = startDeadline(60_000);
});
afterEach(() => {
  deadline.clear();
  jest.useRealTimers();
});

type Response = Partial<HttpsResponse> | Error | 'hang';

const ALL = `identities:read credential-binding-jobs:create ${READ_JOBS}`;
const issued = (value: string, scope = ALL, expires_in = 3600): Response => ({
  body: JSON.stringify({ access_token: value, token_type: 'Bearer', expires_in, scope }),
});
const refused = (status: number, error: string): Response => ({ status, body: JSON.stringify({ error }) });

interface World {
  responses: Response[];
  /** The client secret as first read, and as read again; `undefined`: it cannot be read. */
  secrets?: (string | undefined)[];
  jobScope?: ApplicationOptions['jobScope'];
  timeoutMs?: number;
}

function tokensIn({ responses, secrets = ['s'], jobScope = 'create', timeoutMs = 4000 }: World) {
  const requests: HttpsRequest[] = [];
  const credentialsOf = (clientSecret: string | undefined) =>
    clientSecret === undefined ? undefined : { clientId: 'c', clientSecret };
  const options: AccessTokenOptions = {
    requestToken: createRequestToken(
      async (request, signal) => {
        const response = responses[Math.min(requests.length, responses.length - 1)];
        requests.push(request);
        if (response === 'hang') {
          if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
          throw new RequestFailed(new Error('aborted'), false);
        }
        if (response instanceof Error) throw response;
        return { status: 200, headers: {}, body: '', ...response };
      },
      { tenantId: 't', applicationRealmId: 'admin', applicationId: 'a/b', jobScope },
      { firstMs: 0, longestMs: 0, shortestTryMs: 1 },
      observer,
    ),
    credentials: {
      current: async () => credentialsOf(secrets[0]),
      renewed: async () => credentialsOf(secrets.at(-1)),
    },
    timeoutMs,
    retryMs: 10_000,
    observer,
  };
  return { tokens: createAccessTokens(options), requests };
}

const scopesOf = ({ body = '' }: HttpsRequest) => new URLSearchParams(body).get('scope');

describe('an access token', () => {
  test('is fetched while the module loads, with the client credentials and the needed scopes', async () => {
    const { tokens, requests } = tokensIn({ responses: [issued('tok')] });
    await tokens.ready;
    expect(requests).toEqual([
      {
        method: 'POST',
        path: '/v1/tenants/t/realms/admin/applications/a%2Fb/token',
        headers: {
          authorization: `Basic ${btoa('c:s')}`,
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: `grant_type=client_credentials&scope=${encodeURIComponent(`identities:read credential-binding-jobs:create ${READ_JOBS}`)}`,
      },
    ]);
    await expect(tokens.current(deadline)).resolves.toBe('tok');
    expect(requests).toHaveLength(1);
  });

  test('is requested once for many concurrent requests', async () => {
    const { tokens, requests } = tokensIn({ responses: [issued('tok')] });
    const waiting = Array.from({ length: 50 }, () => tokens.current(deadline));
    await expect(Promise.all(waiting)).resolves.toEqual(Array(50).fill('tok'));
    expect(requests).toHaveLength(1);
  });

  test('is replaced shortly before it expires, without a wait', async () => {
    const { tokens, requests } = tokensIn({ responses: [issued('one'), issued('two')] });
    await tokens.ready;
    jest.advanceTimersByTime(HOUR_MS * 0.89);
    await expect(tokens.current(deadline)).resolves.toBe('one');
    expect(requests).toHaveLength(1);
    const later = startDeadline(60_000);
    jest.advanceTimersByTime(HOUR_MS * 0.02);
    await expect(tokens.current(later)).resolves.toBe('one');
    await jest.advanceTimersByTimeAsync(10);
    await expect(tokens.current(later)).resolves.toBe('two');
    expect(requests).toHaveLength(2);
    later.clear();
  });

  test('is never used after it has expired', async () => {
    const { tokens } = tokensIn({ responses: [issued('one'), refused(503, 'down')] });
    await tokens.ready;
    jest.advanceTimersByTime(HOUR_MS);
    const later = startDeadline(60_000);
    await expect(tokens.current(later)).resolves.toBeUndefined();
    later.clear();
  });

  test('is replaced once for all requests for which it was rejected', async () => {
    const { tokens, requests } = tokensIn({ responses: [issued('one'), issued('two')] });
    await tokens.ready;
    const renewed = await Promise.all([tokens.renewed('one', deadline), tokens.renewed('one', deadline)]);
    expect(renewed).toEqual(['two', 'two']);
    await expect(tokens.renewed('one', deadline)).resolves.toBe('two');
    expect(requests).toHaveLength(2);
  });

  test('is waited for only until the deadline', async () => {
    const { tokens } = tokensIn({ responses: ['hang'] });
    const short = startDeadline(100);
    const waiting = tokens.current(short);
    await jest.advanceTimersByTimeAsync(100);
    await expect(waiting).resolves.toBeUndefined();
    await jest.advanceTimersByTimeAsync(4000);
    await tokens.ready;
    expect(observer.accessTokenUnavailable).toHaveBeenCalledTimes(1);
  });
});

describe('the authorization server', () => {
  test.each([refused(400, 'invalid_client'), refused(401, 'invalid_client'), { status: 401, body: '{}' }])(
    'is called with the rotated client secret after it rejected the old one: %j',
    async (response) => {
      const { tokens, requests } = tokensIn({
        responses: [response, issued('tok')],
        secrets: ['old', 'new'],
      });
      await expect(tokens.current(deadline)).resolves.toBe('tok');
      expect(requests.map(({ headers }) => headers['authorization'])).toEqual(
        ['old', 'new'].map((secret) => `Basic ${btoa(`c:${secret}`)}`),
      );
    },
  );

  test.each([
    [refused(401, 'invalid_client'), 'status 401 invalid_client'],
    [refused(404, 'not_found'), 'status 404 not_found'],
    [{ status: 404, body: '{"code":"not_found"}' }, 'status 404'],
    [refused(400, 'c:s'), 'status 400'],
  ] satisfies [Response, string][])(
    'is not called for ten seconds after it rejected the client: %j',
    async (response, reason) => {
      const { tokens, requests } = tokensIn({ responses: [response, issued('tok')] });
      await tokens.ready;
      expect(observer.accessTokenUnavailable).toHaveBeenCalledWith(reason);
      await expect(tokens.current(deadline)).resolves.toBeUndefined();
      expect(requests).toHaveLength(1);
      jest.advanceTimersByTime(10_000);
      await expect(tokens.current(deadline)).resolves.toBe('tok');
    },
  );

  test.each([
    refused(503, 'x'),
    { status: 429, body: '' },
    { status: 302, body: '' },
    { status: 400, body: undefined },
    { body: '<html>' },
    { body: '{"access_token":"a b","expires_in":1}' },
    { body: '{"access_token":"a","expires_in":0}' },
    new RequestFailed(new Error('reset'), false),
    new RequestFailed(new Error('stale'), true),
  ] satisfies Response[])('is called again immediately after %j', async (response) => {
    const { tokens } = tokensIn({ responses: [response, issued('tok')] });
    await tokens.ready;
    await expect(tokens.current(deadline)).resolves.toBe('tok');
  });

  test('is called again by the next request after three failures', async () => {
    const { tokens, requests } = tokensIn({
      responses: [...Array(3).fill(refused(500, 'x')), issued('tok')],
    });
    await tokens.ready;
    expect(observer.accessTokenUnavailable).toHaveBeenCalledWith('status 500');
    expect(requests).toHaveLength(3);
    await expect(tokens.current(deadline)).resolves.toBe('tok');
  });

  test('is not called before the time that it asked for, at most ten seconds', async () => {
    const busy: Response = { status: 429, headers: { 'ratelimit-reset': '3600' }, body: '' };
    const { tokens, requests } = tokensIn({ responses: [busy, issued('tok')] });
    await tokens.ready;
    await expect(tokens.current(deadline)).resolves.toBeUndefined();
    expect(requests).toHaveLength(1);
    jest.advanceTimersByTime(10_000);
    await expect(tokens.current(deadline)).resolves.toBe('tok');
  });

  test('is not called without client credentials, which the next request reads again', async () => {
    const { tokens, requests } = tokensIn({ responses: [issued('tok')], secrets: [undefined] });
    await tokens.ready;
    expect(requests).toHaveLength(0);
    expect(observer.accessTokenUnavailable).toHaveBeenCalledWith('the client credentials cannot be read');
  });

  test('is not called when too little time is left', async () => {
    const { tokens, requests } = tokensIn({ responses: [issued('tok')], timeoutMs: 0 });
    jest.advanceTimersByTime(0);
    await tokens.ready;
    expect(requests).toHaveLength(0);
    expect(observer.accessTokenUnavailable).toHaveBeenCalledWith('deadline exceeded');
  });

  test('does not hide an unexpected error of our own code', async () => {
    const { tokens } = tokensIn({ responses: [new TypeError('ours')] });
    await expect(tokens.ready).rejects.toThrow('ours');
  });
});

describe('the scopes of an access token', () => {
  const SCOPE_REFUSED = refused(400, 'invalid_scope');

  test('are fewer where the application may not read jobs, and stay so', async () => {
    const { tokens, requests } = tokensIn({
      responses: [SCOPE_REFUSED, issued('one', ''), issued('two', '')],
    });
    await tokens.ready;
    await tokens.renewed('one', deadline);
    expect(requests.map(scopesOf)).toEqual([
      `identities:read credential-binding-jobs:create ${READ_JOBS}`,
      'identities:read credential-binding-jobs:create',
      'identities:read credential-binding-jobs:create',
    ]);
    expect(tokens.canReadJobs('two')).toBe(false);
  });

  test('start with the narrow scope where it is configured', async () => {
    const { tokens, requests } = tokensIn({
      responses: [SCOPE_REFUSED, SCOPE_REFUSED, issued('tok')],
      jobScope: 'create-email',
    });
    await tokens.ready;
    expect(requests.map(scopesOf)).toEqual([
      `identities:read credential-binding-jobs:create-email ${READ_JOBS}`,
      'identities:read credential-binding-jobs:create-email',
      `identities:read credential-binding-jobs:create ${READ_JOBS}`,
    ]);
    expect(requests.some((request) => scopesOf(request)?.includes('create-links'))).toBe(false);
  });

  test('that the application lacks are named in the fix', async () => {
    const { tokens } = tokensIn({ responses: [SCOPE_REFUSED] });
    await tokens.ready;
    expect(observer.accessTokenUnavailable).toHaveBeenCalledWith(
      expect.stringMatching(/^invalid_scope: grant the application the scopes/),
    );
  });

  test('decide whether jobs can be read, from the response or the claims of the token', async () => {
    const { tokens } = tokensIn({ responses: [issued('tok', `identities:read ${READ_JOBS}`)] });
    await tokens.ready;
    expect(tokens.canReadJobs('tok')).toBe(true);
    expect(tokens.canReadJobs('other')).toBe(false);
    const jwt = `h.${Buffer.from(JSON.stringify({ scope: READ_JOBS })).toString('base64url')}.s`;
    const byClaims = tokensIn({
      responses: [{ body: JSON.stringify({ access_token: jwt, expires_in: 60 }) }],
    }).tokens;
    await byClaims.ready;
    expect(byClaims.canReadJobs(jwt)).toBe(true);
    expect(claimsToReadJobs(jwt)).toBe(true);
    expect(claimsToReadJobs('opaque')).toBe(false);
  });
});

test.each(['', 'a', 'a.b', 'a.e30', 'a.W10.c', 'a.bnVsbA.c'])(
  'claimsOf(%j) finds no tenant and does not throw',
  (token) => {
    expect(claimsOf(token)?.bi_t).toBeUndefined();
  },
);
