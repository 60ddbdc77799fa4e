import { describe, expect, jest, test } from '@jest/globals';
import { claimsToReadJobs } from '../../../../functions/adapters/beyond-identity/access-token.ts';
import { claimsOf } from '../../../../functions/adapters/beyond-identity/token-claims.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';
import {
  deadline,
  HOUR_MS,
  issued,
  observer,
  READ_JOBS,
  refused,
  scopesOf,
  tokensIn,
  useFakeClock,
} from './access-tokens.ts';

useFakeClock();

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
    jest.advanceTimersByTime(HOUR_MS * 0.01);
    await expect(tokens.current(later)).resolves.toBe('one');
    await jest.advanceTimersByTimeAsync(10);
    await expect(tokens.current(later)).resolves.toBe('two');
    expect(requests).toHaveLength(2);
    later.clear();
  });

  test('may still read jobs after a newer one was issued', async () => {
    const { tokens } = tokensIn({ responses: [issued('one'), issued('two')] });
    await tokens.ready;
    await tokens.renewed('one', deadline);
    expect(tokens.canReadJobs('one')).toBe(true);
    expect(tokens.canReadJobs('two')).toBe(true);
  });

  test('is used until it expires when the renewal fails, which is tried every ten seconds', async () => {
    const { tokens, requests } = tokensIn({ responses: [issued('one'), refused(401, 'invalid_client')] });
    await tokens.ready;
    jest.advanceTimersByTime(HOUR_MS * 0.95);
    const later = startDeadline(60_000);
    for (let request = 0; request < 5; request++) {
      await expect(tokens.current(later)).resolves.toBe('one');
      await jest.advanceTimersByTimeAsync(1);
    }
    expect(requests).toHaveLength(2);
    expect(observer.accessTokenRenewalFailed).toHaveBeenCalledTimes(1);
    expect(observer.accessTokenUnavailable).not.toHaveBeenCalled();
    jest.advanceTimersByTime(10_000);
    await tokens.current(later);
    expect(requests).toHaveLength(3);
    later.clear();
  });

  test('that was rejected is not used again', async () => {
    const { tokens } = tokensIn({ responses: [issued('one'), refused(401, 'invalid_client')] });
    await tokens.ready;
    await expect(tokens.renewed('one', deadline)).resolves.toBeUndefined();
    await expect(tokens.current(deadline)).resolves.toBeUndefined();
    await expect(tokens.renewed('another', deadline)).resolves.toBeUndefined();
  });

  test('is none as long as none was issued', async () => {
    const { tokens } = tokensIn({ responses: [refused(401, 'invalid_client')] });
    await tokens.ready;
    await expect(tokens.renewed('another', deadline)).resolves.toBeUndefined();
    expect(tokens.canReadJobs('another')).toBe(false);
  });

  test('is requested after a rejection although the clock is set back', async () => {
    const { tokens, requests } = tokensIn({ responses: [refused(401, 'invalid_client'), issued('tok')] });
    await tokens.ready;
    jest.setSystemTime(Date.now() - HOUR_MS);
    await expect(tokens.current(deadline)).resolves.toBe('tok');
    expect(requests).toHaveLength(2);
  });

  test('that is under way is waited for although the clock is set back', async () => {
    const { tokens } = tokensIn({ responses: [refused(401, 'invalid_client'), 'hang'] });
    await tokens.ready;
    jest.advanceTimersByTime(10_000);
    void tokens.current(deadline);
    jest.setSystemTime(Date.now() - 5_000);
    const isOver = jest.fn();
    void tokens.current(deadline).then(isOver);
    await jest.advanceTimersByTimeAsync(10);
    expect(isOver).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(4000);
    expect(isOver).toHaveBeenCalled();
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

  test('are those of a good token although a narrower one cannot be had', async () => {
    const broad = issued('broad', 'identities:read credential-binding-jobs:create');
    const { tokens } = tokensIn({ responses: [broad, refused(400, 'other')], jobScope: 'create-email' });
    await tokens.ready;
    await expect(tokens.current(deadline)).resolves.toBe('broad');
  });

  test('are those that were requested where neither response nor token names them', async () => {
    const { tokens } = tokensIn({ responses: [{ body: '{"access_token":"opaque","expires_in":60}' }] });
    await tokens.ready;
    expect(tokens.canReadJobs('opaque')).toBe(true);
  });

  test('are asked for from the start again once the application has none of them', async () => {
    const { tokens, requests } = tokensIn({ responses: [SCOPE_REFUSED, issued('one', ''), SCOPE_REFUSED] });
    await tokens.ready;
    await tokens.renewed('one', deadline);
    await tokens.current(deadline);
    expect(requests).toHaveLength(3);
    jest.advanceTimersByTime(10_000);
    await tokens.current(deadline);
    expect(requests.slice(3).map(scopesOf)).toEqual(requests.slice(0, 2).map(scopesOf));
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
    const narrow = `h.${Buffer.from('{"scope":"identities:read"}').toString('base64url')}.s`;
    const fewer = tokensIn({ responses: [{ body: `{"access_token":"${narrow}","expires_in":60}` }] }).tokens;
    await fewer.ready;
    expect(fewer.canReadJobs(narrow)).toBe(false);
    expect(claimsToReadJobs('opaque')).toBe(false);
  });
});

test.each(['', 'a', 'a.b', 'a.e30', 'a.W10.c', 'a.bnVsbA.c'])(
  'claimsOf(%j) finds no tenant and does not throw',
  (token) => {
    expect(claimsOf(token)?.bi_t).toBeUndefined();
  },
);
