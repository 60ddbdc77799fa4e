import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Deadline } from '../../../functions/core/deadline.ts';
import { ok, problem, runChecks } from '../../../functions/core/self-test.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';

const TRY_AGAIN = 'Try again; then look at the function’s log.';
const LOOK_UP = 'Look this error up in the function’s log.';

let deadline: Deadline;
beforeEach(() => {
  deadline = startDeadline(50);
});
afterEach(() => deadline.clear());

describe('the checks of a self-test', () => {
  test('are made concurrently, and reported in their order', async () => {
    await expect(
      runChecks({ one: async () => ok('good'), two: async () => problem('bad', 'Do this.') }, deadline),
    ).resolves.toEqual([
      { name: 'one', status: 'ok', detail: 'good' },
      { name: 'two', status: 'problem', detail: 'bad', fix: 'Do this.' },
    ]);
  });

  test.each([
    ['hangs', () => new Promise<never>(() => undefined), 'no result in time', TRY_AGAIN],
    ['fails with an error', () => Promise.reject(new TypeError('jane@example.com')), 'TypeError', LOOK_UP],
    ['fails with a text', () => Promise.reject('jane@example.com'), 'string', LOOK_UP],
  ])('report one that %s as a problem without the message', async (_what, check, detail, fix) => {
    const checks = await runChecks({ check }, deadline);
    expect(checks).toEqual([{ name: 'check', status: 'problem', detail, fix }]);
  });
});
