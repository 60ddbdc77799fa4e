import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createInMemoryRateLimiter } from '../../../functions/core/in-memory-rate-limiter.ts';
import { DAY_MS, type RateLimiter } from '../../../functions/core/rate-limiter.ts';
import {
  createRateLimiter,
  deadline,
  LIMITS,
  MINUTE_MS,
  newMailbox,
  useRateLimiters,
} from './rate-limiters.ts';

useRateLimiters();

const RATE_LIMITERS: [string, (now: () => number, limits?: typeof LIMITS) => RateLimiter][] = [
  ['DynamoDB', (now, limits = LIMITS) => createRateLimiter({ limits, now })],
  ['memory', (now, limits = LIMITS) => createInMemoryRateLimiter(limits, now)],
];

describe.each(RATE_LIMITERS)('the rate limiter in %s', (_where, create) => {
  const START = Date.UTC(2026, 10, 22);
  let time: number;
  beforeEach(() => {
    time = START;
  });

  /** Which of the attempts at these times (in minutes) are admitted. */
  async function admitted(minutes: number[], limits?: typeof LIMITS): Promise<number[]> {
    const rateLimiter = create(() => time, limits);
    const mailbox = newMailbox();
    const passed: number[] = [];
    for (const minute of minutes) {
      time = START + minute * MINUTE_MS;
      if (await rateLimiter.admit(mailbox, deadline)) passed.push(minute);
    }
    return passed;
  }

  test('admits one attempt a minute', async () => {
    expect(await admitted([0, 0.5, 0.999, 1, 1.5, 2.2])).toEqual([0, 1, 2.2]);
  });

  test('admits five attempts in any 24 hours', async () => {
    expect(await admitted([0, 100, 200, 300, 400, 500, 1439, 1440, 1441, 1539, 1540])).toEqual([
      0, 100, 200, 300, 400, 1440, 1540,
    ]);
  });

  test('does not extend a limit by a rejected attempt', async () => {
    const hammering = Array.from({ length: 120 }, (_, index) => index / 60);
    expect(await admitted([...hammering, 2])).toEqual([0, 1, 2]);
  });

  test('limits each mailbox separately', async () => {
    const rateLimiter = create(() => time);
    expect(await rateLimiter.admit(newMailbox(), deadline)).toBeDefined();
    expect(await rateLimiter.admit(newMailbox(), deadline)).toBeDefined();
  });

  test('admits exactly one of 200 concurrent attempts', async () => {
    const rateLimiter = create(() => time);
    const mailbox = newMailbox();
    const attempts = await Promise.all(
      Array.from({ length: 200 }, () => rateLimiter.admit(mailbox, deadline)),
    );
    expect(attempts.filter(Boolean)).toHaveLength(1);
  }, 30_000);

  test('does not count a released attempt, for the minute or for the day', async () => {
    const rateLimiter = create(() => time, { cooldownMs: MINUTE_MS, perDay: 2 });
    const mailbox = newMailbox();
    const admitAt = (minute: number) => {
      time = START + minute * MINUTE_MS;
      return rateLimiter.admit(mailbox, deadline);
    };
    await admitAt(0);
    for (let minute = 1; minute < 5; minute++) {
      const attempt = await admitAt(minute);
      expect(attempt).toBeDefined();
      await attempt?.release(deadline);
    }
    expect(await admitAt(4)).toBeDefined();
    expect(await admitAt(6)).toBeUndefined();
    // the first one, which was not released, is still known
    expect(await admitAt(1440)).toBeDefined();
    expect(await admitAt(1441)).toBeUndefined();
  });

  test('releases an attempt from among newer ones, and only once', async () => {
    const rateLimiter = create(() => time, { cooldownMs: 0, perDay: 3 });
    const mailbox = newMailbox();
    const attempts: Awaited<ReturnType<RateLimiter['admit']>>[] = [];
    for (let minute = 0; minute < 3; minute++) {
      time = START + minute * MINUTE_MS;
      attempts.push(await rateLimiter.admit(mailbox, deadline));
    }
    for (let round = 0; round < 2; round++) await attempts[1]?.release(deadline);
    expect(await rateLimiter.admit(mailbox, deadline)).toBeDefined();
    expect(await rateLimiter.admit(mailbox, deadline)).toBeUndefined();
    time = START + 1440 * MINUTE_MS;
    expect(await rateLimiter.admit(mailbox, deadline)).toBeDefined();
    expect(await rateLimiter.admit(mailbox, deadline)).toBeUndefined();
  });

  test('applies other limits', async () => {
    expect(await admitted([0, 0, 0.1, 0.2], { cooldownMs: 0, perDay: 3 })).toEqual([0, 0, 0.1]);
    expect(await admitted([0, 5, 1440], { cooldownMs: 0, perDay: 1 })).toEqual([0, 1440]);
  });

  test('admits exactly the attempts that a complete list of attempts would admit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 5, maxLength: 25 }),
        async (gaps) => {
          let minute = 0;
          const minutes = gaps.map((gap) => (minute += gap));
          const expected: number[] = [];
          for (const candidate of minutes) {
            const lastDay = expected.filter((earlier) => earlier > candidate - DAY_MS / MINUTE_MS);
            const latest = lastDay.at(-1) ?? Number.NEGATIVE_INFINITY;
            if (lastDay.length < 5 && latest <= candidate - 1) expected.push(candidate);
          }
          expect(await admitted(minutes)).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  }, 30_000);
});
