import { describe, expect, test } from '@jest/globals';
import { repeatCheck } from '../../../functions/core/release-check.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';

const QUICK = { tries: 3, testMs: 1_000, pauseMs: 7 };

/** Repeats a check that finds these problems, one after the other; a whole minute is left for it. */
async function repeat(results: readonly (readonly string[] | Error)[], times = QUICK) {
  let tests = 0;
  const pauses: number[] = [];
  const deadline = startDeadline(60_000);
  const problems = await repeatCheck(
    async () => {
      const result = results[tests++] ?? [];
      if (result instanceof Error) throw result;
      return result;
    },
    times,
    { ...deadline, pause: async (pauseMs) => void pauses.push(pauseMs) },
  ).finally(deadline.clear);
  return { problems, tests, pauses };
}

describe('a release', () => {
  test('is good at the first test that finds no problem', async () => {
    expect(await repeat([[]])).toEqual({ problems: [], tests: 1, pauses: [] });
    expect(await repeat([['access denied'], new Error('lost'), []])).toEqual({
      problems: [],
      tests: 3,
      pauses: [7, 7],
    });
  });

  test('is bad when every test finds problems, and has those of the last one', async () => {
    expect(await repeat([['a'], ['b'], ['c', 'd'], []])).toEqual({
      problems: ['c', 'd'],
      tests: 3,
      pauses: [7, 7],
    });
  });

  test('is bad when a test fails unexpectedly, and has the error as its problem', async () => {
    const times = { ...QUICK, tries: 1 };
    expect(await repeat([new RangeError('the reason')], times)).toEqual({
      problems: ['RangeError: the reason'],
      tests: 1,
      pauses: [],
    });
    const deadline = startDeadline(60_000);
    const check = () => Promise.reject('a text');
    expect(await repeatCheck(check, times, deadline)).toEqual(['string']);
    deadline.clear();
  });

  test('is bad when a test hangs, however long that would take', async () => {
    const deadline = startDeadline(60_000);
    const problems = await repeatCheck(() => new Promise(() => {}), { ...QUICK, testMs: 1 }, deadline);
    deadline.clear();
    expect(problems).toEqual(['no result in time']);
  });

  test('is bad when its time is over before a test', async () => {
    const deadline = startDeadline(0);
    await deadline.pause(60_000);
    expect(await repeatCheck(async () => [], QUICK, deadline)).toEqual(['no result in time']);
    deadline.clear();
  });
});
