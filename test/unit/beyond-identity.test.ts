import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBeyondIdentity, retryAfterMs } from '../../functions/recover-user/beyond-identity.ts';
import { startDeadline } from '../../functions/recover-user/deadline.ts';
import type { HttpsPost } from '../../functions/recover-user/https-post.ts';

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['3', 3000],
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-1', undefined],
    ['2026-11-22', undefined],
    ['Sun, 99 Abc 2026 10:00:00 GMT', undefined],
    ['99999999999999', undefined],
  ])('%j is %j ms', (header, expected) => expect(retryAfterMs(header)).toBe(expected));

  test('a date is the time until then', () => {
    expect(retryAfterMs(new Date(Date.now() + 60_000).toUTCString())).toBeGreaterThan(55_000);
    expect(retryAfterMs(new Date(Date.now() - 60_000).toUTCString())).toBe(0);
  });

  test('is never negative, whatever the other side sends', () => {
    fc.assert(fc.property(fc.string(), (header) => (retryAfterMs(header) ?? 0) >= 0));
  });
});

describe('recoverUser', () => {
  async function recover(post: HttpsPost) {
    const observer = { called: () => undefined, unrecognisedSuccess: () => undefined };
    const deadline = startDeadline(1000);
    return createBeyondIdentity(post, { firstMs: 1, longestMs: 1 }, observer)
      .recoverUser('jane@example.com', 'tok', deadline)
      .finally(deadline.clear);
  }

  test.each([301, 302, 307, 308, 304])(
    '%i: a base URL that redirects is a fault, not a refusal of the user',
    async (status) => {
      await expect(recover(async () => ({ status, headers: {}, body: '' }))).resolves.toEqual({
        answer: 'upstream-failed',
      });
    },
  );

  test('a success whose body was too large to read is a success', async () => {
    await expect(recover(async () => ({ status: 200, headers: {}, body: undefined }))).resolves.toEqual({
      answer: 'forwarded',
    });
  });

  test('a fault of our own is not taken for one of the network', async () => {
    await expect(recover(() => Promise.reject(new TypeError('ours')))).rejects.toThrow('ours');
  });

  test('hands on how long Beyond Identity asked us to wait', async () => {
    const answer = { status: 429, headers: { 'retry-after': '3600' }, body: '' };
    await expect(recover(async () => answer)).resolves.toEqual({
      answer: 'upstream-failed',
      retryAfterMs: 3_600_000,
    });
  });
});
