import { afterAll, expect, test } from '@jest/globals';
import { createInMemoryRateLimiter } from '../../../functions/core/in-memory-rate-limiter.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';

const LIMITS = { cooldownMs: 60_000, perDay: 5 };
const deadline = startDeadline(60_000);
afterAll(() => deadline.clear());

test('an in-memory rate limiter releases an attempt of a mailbox that it has dropped', async () => {
  const rateLimiter = createInMemoryRateLimiter(LIMITS, () => 0);
  const attempt = await rateLimiter.admit('first', deadline);
  for (let other = 0; other < 10_000; other++) await rateLimiter.admit(`other ${other}`, deadline);
  await attempt?.release(deadline);
  expect(await rateLimiter.admit('first', deadline)).toBeDefined();
});

test('an in-memory rate limiter drops the mailboxes that were admitted longest ago', async () => {
  const rateLimiter = createInMemoryRateLimiter(LIMITS, () => 0);
  await rateLimiter.admit('first', deadline);
  await rateLimiter.admit('second', deadline);
  for (let other = 0; other < 9_999; other++) await rateLimiter.admit(`other ${other}`, deadline);
  expect(await rateLimiter.admit('second', deadline)).toBeUndefined();
  expect(await rateLimiter.admit('first', deadline)).toBeDefined();
});

test('an in-memory rate limiter keeps a mailbox that was admitted again', async () => {
  let time = 0;
  const rateLimiter = createInMemoryRateLimiter(LIMITS, () => time);
  await rateLimiter.admit('first', deadline);
  await rateLimiter.admit('second', deadline);
  time = LIMITS.cooldownMs;
  await rateLimiter.admit('first', deadline);
  for (let other = 0; other < 9_999; other++) await rateLimiter.admit(`other ${other}`, deadline);
  expect(await rateLimiter.admit('first', deadline)).toBeUndefined();
  expect(await rateLimiter.admit('second', deadline)).toBeDefined();
});
