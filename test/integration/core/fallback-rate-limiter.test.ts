import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createFallbackRateLimiter } from '../../../functions/core/fallback-rate-limiter.ts';
import { createInMemoryRateLimiter } from '../../../functions/core/in-memory-rate-limiter.ts';
import type { RateLimiter } from '../../../functions/core/rate-limiter.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';
import { ATTEMPTS_TABLE_NAME } from '../../../local/emulators/dynamodb.ts';
import { createRateLimiter, deadline, LIMITS, newMailbox, useRateLimiters } from './rate-limiters.ts';

useRateLimiters();

describe('a rate limiter with a fallback', () => {
  const onFallback = jest.fn<(reason: string) => void>();
  const onReleaseFailed = jest.fn<(reason: string) => void>();
  beforeEach(() => {
    onFallback.mockReset();
    onReleaseFailed.mockReset();
  });

  const withFallback = (primary: RateLimiter, timeoutMs = 1000) =>
    createFallbackRateLimiter({
      primary,
      fallback: createInMemoryRateLimiter(LIMITS, Date.now),
      timeoutMs,
      onFallback,
      onReleaseFailed,
    });

  const rateLimiter = (tableName = ATTEMPTS_TABLE_NAME, timeoutMs?: number) =>
    withFallback(createRateLimiter({ tableName }), timeoutMs);

  test('uses DynamoDB and does not consult the fallback', async () => {
    const mailbox = newMailbox();
    expect(await rateLimiter().admit(mailbox, deadline)).toBeDefined();
    // an instance that knows nothing of it
    expect(await rateLimiter().admit(mailbox, deadline)).toBeUndefined();
    expect(onFallback).not.toHaveBeenCalled();
  });

  test('applies the same limits in memory when the table is missing', async () => {
    const broken = rateLimiter('missing-table');
    expect(await broken.admit('mailbox', deadline)).toBeDefined();
    expect(await broken.admit('mailbox', deadline)).toBeUndefined();
    expect(onFallback).toHaveBeenCalledWith('ResourceNotFoundException');
  });

  test('remembers in memory what DynamoDB admitted before', async () => {
    const admit = jest.fn<RateLimiter['admit']>();
    admit.mockResolvedValueOnce({ release: async () => undefined }).mockRejectedValue(new Error('down'));
    const failing = withFallback({ admit });
    expect(await failing.admit('mailbox', deadline)).toBeDefined();
    expect(await failing.admit('mailbox', deadline)).toBeUndefined();
    expect(onFallback).toHaveBeenCalledTimes(1);
  });

  test('releases an attempt in DynamoDB and in memory', async () => {
    const mailbox = newMailbox();
    const healthy = rateLimiter();
    await (await healthy.admit(mailbox, deadline))?.release(deadline);
    expect(await healthy.admit(mailbox, deadline)).toBeDefined();

    const release = jest.fn(async () => undefined);
    const admit = jest.fn<RateLimiter['admit']>();
    admit.mockResolvedValueOnce({ release }).mockRejectedValue(new Error('down'));
    const failing = withFallback({ admit });
    await (await failing.admit('mailbox', deadline))?.release(deadline);
    expect(release).toHaveBeenCalledTimes(1);
    expect(await failing.admit('mailbox', deadline)).toBeDefined();
  });

  test('releases an attempt that the fallback would not have admitted', async () => {
    const release = jest.fn(async () => undefined);
    const healthy = withFallback({ admit: async () => ({ release }) });
    for (let attempts = 0; attempts < 2; attempts++) {
      await (await healthy.admit('mailbox', deadline))?.release(deadline);
      await healthy.admit('mailbox', deadline);
    }
    expect(release).toHaveBeenCalledTimes(2);
  });

  test('leaves no timer once it has decided', async () => {
    jest.useFakeTimers();
    await withFallback({ admit: async () => undefined }).admit('mailbox', deadline);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  test('reports an attempt that cannot be released', async () => {
    const release = () => Promise.reject(new RangeError('down'));
    const failing = withFallback({ admit: async () => ({ release }) });
    await (await failing.admit('mailbox', deadline))?.release(deadline);
    expect(onReleaseFailed).toHaveBeenCalledWith('RangeError');
  });

  test.each(['ThrottlingException', 'AccessDeniedException', 'InternalServerError', 'TimeoutError'])(
    'falls back to memory on %s',
    async (name) => {
      const mock = mockClient(DynamoDBClient);
      mock.on(UpdateItemCommand).rejects(Object.assign(new Error('theirs'), { name }));
      expect(await rateLimiter().admit('mailbox', deadline)).toBeDefined();
      expect(onFallback).toHaveBeenCalledWith(name);
      mock.restore();
    },
  );

  test('falls back when a non-Error value is thrown', async () => {
    const failing = withFallback({ admit: () => Promise.reject('text') });
    expect(await failing.admit('mailbox', deadline)).toBeDefined();
    expect(onFallback).toHaveBeenCalledWith('string');
  });

  test.each([
    ['exceeds its timeout', () => rateLimiter(ATTEMPTS_TABLE_NAME, 0), () => deadline],
    ['exceeds the deadline', () => rateLimiter(), () => startDeadline(0)],
  ])('falls back to memory when the call to DynamoDB %s', async (_why, createSlow, deadlineOf) => {
    const mailbox = newMailbox();
    expect(await createSlow().admit(mailbox, deadlineOf())).toBeDefined();
    expect(onFallback).toHaveBeenCalledWith('DeadlineExceeded');
    // the emulator may still handle the call that was cut off: a second one for the same item waits for it
    await createRateLimiter().admit(mailbox, deadline);
  });
});
