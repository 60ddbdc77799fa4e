import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Deadline } from '../../../functions/core/deadline.ts';
import { ok, problem, runChecks } from '../../../functions/core/self-test.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';

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
    ['hangs', () => new Promise<never>(() => undefined), 'no result in time'],
    ['fails with an error', () => Promise.reject(new TypeError('jane@example.com')), 'TypeError'],
    ['fails with a text', () => Promise.reject('jane@example.com'), 'string'],
  ])('report one that %s as a problem without the message', async (_what, check, detail) => {
    const [report] = await runChecks({ check }, deadline);
    expect(report).toMatchObject({ name: 'check', status: 'problem', detail, fix: expect.any(String) });
  });
});
