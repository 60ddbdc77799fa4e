import { describe, expect, jest, test } from '@jest/globals';
import type { Deadline } from '../../functions/recover-user/deadline.ts';
import { type Try, withRetries } from '../../functions/recover-user/retry.ts';

const PAUSES = { firstMs: 100, longestMs: 1000 };

/** A deadline on a clock that only pauses move. */
function deadlineIn(durationMs: number): Deadline & { pauses: number[] } {
  const pauses: number[] = [];
  return {
    pauses,
    signal: new AbortController().signal,
    remainingMs: () => durationMs - pauses.reduce((sum, pause) => sum + pause, 0),
    pause: async (pauseMs) => void pauses.push(pauseMs),
    waitFor: (work) => work,
    part: (share) => deadlineIn(durationMs * share),
    clear: () => undefined,
  };
}

/** Fails so many times, then succeeds. */
function failing(times: number, retry: Try<string>['retry'] = {}) {
  let calls = 0;
  return jest.fn(
    async (): Promise<Try<string>> => (++calls > times ? { result: 'done' } : { result: 'failed', retry }),
  );
}

describe('withRetries', () => {
  test('leaves a success alone', async () => {
    const call = failing(0);
    const deadline = deadlineIn(1000);
    await expect(withRetries(call, deadline, PAUSES)).resolves.toBe('done');
    expect(call).toHaveBeenCalledTimes(1);
    expect(deadline.pauses).toEqual([]);
  });

  test('tries until it succeeds', async () => {
    const call = failing(4);
    await expect(withRetries(call, deadlineIn(60_000), PAUSES)).resolves.toBe('done');
    expect(call).toHaveBeenCalledTimes(5);
  });

  test('pauses for anything between nothing and a bound that doubles up to the longest', async () => {
    const random = jest.spyOn(Math, 'random');
    for (const [fraction, expected] of [
      [0.999, [99.9, 199.8, 399.6, 799.2, 999, 999]],
      [0, [0, 0, 0, 0, 0, 0]],
    ] as const) {
      random.mockReturnValue(fraction);
      const deadline = deadlineIn(60_000);
      await withRetries(failing(6), deadline, PAUSES);
      expect(deadline.pauses.map((pause) => Math.round(pause * 10) / 10)).toEqual(expected);
    }
    random.mockRestore();
  });

  test('keeps a pause that the other side asked for to the millisecond', async () => {
    const deadline = deadlineIn(60_000);
    await withRetries(failing(2, { afterMs: 3000 }), deadline, PAUSES);
    expect(deadline.pauses).toEqual([3000, 3000]);
  });

  test('gives up, without waiting, when the next try would begin after the deadline', async () => {
    const call = failing(1, { afterMs: 2000 });
    const deadline = deadlineIn(2000);
    await expect(withRetries(call, deadline, PAUSES)).resolves.toBe('failed');
    expect(call).toHaveBeenCalledTimes(1);
    expect(deadline.pauses).toEqual([]);
  });

  test('ends at the deadline however often the call fails', async () => {
    const deadline = deadlineIn(5000);
    const call = failing(Number.POSITIVE_INFINITY, { afterMs: 700 });
    await expect(withRetries(call, deadline, PAUSES)).resolves.toBe('failed');
    expect(call).toHaveBeenCalledTimes(8);
  });
});
