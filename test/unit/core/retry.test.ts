import { describe, expect, jest, test } from '@jest/globals';
import type { Deadline } from '../../../functions/core/deadline.ts';
import { type Try, withRetries } from '../../../functions/core/retry.ts';

const PAUSES = { firstMs: 100, longestMs: 1000, shortestTryMs: 50 };
const PLENTY = 100;

/** A deadline on a clock that only pauses move. */
function deadlineIn(durationMs: number): Deadline & { pauses: number[] } {
  const pauses: number[] = [];
  return {
    pauses,
    signal: new AbortController().signal,
    remainingMs: () => durationMs - pauses.reduce((sum, pause) => sum + pause, 0),
    pause: async (pauseMs) => void pauses.push(pauseMs),
    waitFor: (work) => work,
    enforce: (work) => work(new AbortController().signal),
    stage: (endShare) => deadlineIn(durationMs * endShare),
    within: (withinMs) => deadlineIn(withinMs),
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

function retried(call: () => Promise<Try<string>>, deadline: Deadline, left = PLENTY) {
  return withRetries(call, deadline, PAUSES, { left });
}

describe('a call with retries', () => {
  test('is made once when it succeeds', async () => {
    const call = failing(0);
    const deadline = deadlineIn(1000);
    await expect(retried(call, deadline)).resolves.toBe('done');
    expect(call).toHaveBeenCalledTimes(1);
    expect(deadline.pauses).toEqual([]);
  });

  test('is repeated until it succeeds', async () => {
    const call = failing(4);
    await expect(retried(call, deadlineIn(60_000))).resolves.toBe('done');
    expect(call).toHaveBeenCalledTimes(5);
  });

  test.each<[Try<string>, string, number]>([
    [{ result: 'done' }, 'done', 0],
    [{ result: 'failed', retry: {} }, 'done', 1],
  ])(
    'begins with a first try that was made already, however little time is left (%j)',
    async (first, result, calls) => {
      const call = failing(0);
      const deadline = deadlineIn(calls === 0 ? 0 : 60_000);
      await expect(withRetries(call, deadline, PAUSES, { left: 3 }, first)).resolves.toBe(result);
      expect(call).toHaveBeenCalledTimes(calls);
    },
  );

  test('is repeated no more often than the budget that all calls of a request share', async () => {
    const budget = { left: 3 };
    const first = failing(2);
    await expect(withRetries(first, deadlineIn(60_000), PAUSES, budget)).resolves.toBe('done');
    const second = failing(Number.POSITIVE_INFINITY);
    await expect(withRetries(second, deadlineIn(60_000), PAUSES, budget)).resolves.toBe('failed');
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([3, 2]);
    expect(budget.left).toBe(0);
  });

  test('pauses for a random time up to a bound that doubles up to the longest pause', async () => {
    const random = jest.spyOn(Math, 'random');
    for (const [fraction, expected] of [
      [0.999, [99.9, 199.8, 399.6, 799.2, 999, 999]],
      [0, []],
    ] as const) {
      random.mockReturnValue(fraction);
      const deadline = deadlineIn(60_000);
      await retried(failing(6), deadline);
      expect(deadline.pauses.map((pause) => Math.round(pause * 10) / 10)).toEqual(expected);
    }
    random.mockRestore();
  });

  test('pauses as long as the upstream asks, and at least for the jitter', async () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0.5);
    const [long, none] = [deadlineIn(60_000), deadlineIn(60_000)];
    await retried(failing(2, { afterMs: 3000 }), long);
    await retried(failing(2, { afterMs: 0 }), none);
    random.mockRestore();
    expect(long.pauses).toEqual([3000, 3000]);
    expect(none.pauses).toEqual([50, 100]);
  });

  test('does not pause when the upstream did not read the request', async () => {
    const deadline = deadlineIn(60_000);
    await expect(retried(failing(2, { immediately: true }), deadline)).resolves.toBe('done');
    expect(deadline.pauses).toEqual([]);
  });

  test.each([
    [950, 2],
    [951, 1],
  ])(
    'with a requested pause of %i of 1000 ms, and 50 ms for a try, is made %i times',
    async (afterMs, calls) => {
      const call = failing(1, { afterMs });
      await retried(call, deadlineIn(1000));
      expect(call).toHaveBeenCalledTimes(calls);
    },
  );

  test('does not start with too little time left', async () => {
    const call = failing(0);
    await expect(retried(call, deadlineIn(49))).resolves.toBeUndefined();
    expect(call).not.toHaveBeenCalled();
    await expect(retried(call, deadlineIn(50))).resolves.toBe('done');
  });

  test('ends at the deadline despite failures', async () => {
    const call = failing(Number.POSITIVE_INFINITY, { afterMs: 1200 });
    await expect(retried(call, deadlineIn(5000))).resolves.toBe('failed');
    expect(call).toHaveBeenCalledTimes(5);
  });
});
