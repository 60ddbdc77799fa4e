import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { withBrake } from '../../functions/recover-user/brake.ts';
import { type Deadline, startDeadline } from '../../functions/recover-user/deadline.ts';
import type { Forward, Forwarded } from '../../functions/recover-user/forward.ts';

const PROBE_AFTER_MS = 10_000;
const upstream = jest.fn<Forward>();
let deadline: Deadline;

beforeEach(() => {
  jest.useFakeTimers();
  upstream.mockReset();
  deadline = startDeadline(1000);
});
afterEach(() => {
  deadline.clear();
  jest.useRealTimers();
});

type Outcome = Forwarded['outcome'];

function braked(outcome: Outcome) {
  upstream.mockResolvedValue({ outcome });
  const forward = withBrake(upstream, PROBE_AFTER_MS);
  return async () => (await forward('jane@example.com', deadline)).outcome;
}

describe('the brake', () => {
  test.each<Outcome>(['upstream-failed', 'token-refused'])(
    '%s five times in a row: nobody asks any more',
    async (answer) => {
      const recover = braked(answer);
      for (let request = 0; request < 5; request++) expect(await recover()).toBe(answer);
      for (let request = 0; request < 20; request++) expect(await recover()).toBe(answer);
      expect(upstream).toHaveBeenCalledTimes(5);
    },
  );

  test.each<Outcome>(['forwarded', 'not-recoverable'])('%s never brakes', async (answer) => {
    const recover = braked(answer);
    for (let request = 0; request < 20; request++) expect(await recover()).toBe(answer);
  });

  test('one probe finds out that it is back, and then all go through', async () => {
    const recover = braked('upstream-failed');
    for (let request = 0; request < 5; request++) await recover();
    upstream.mockResolvedValue({ outcome: 'forwarded' });
    expect(await recover()).toBe('upstream-failed');
    jest.advanceTimersByTime(PROBE_AFTER_MS);
    expect(await Promise.all([recover(), recover()])).toContain('forwarded');
    expect(await recover()).toBe('forwarded');
  });

  test('a probe that fails makes the pause begin anew', async () => {
    const recover = braked('upstream-failed');
    for (let request = 0; request < 5; request++) await recover();
    jest.advanceTimersByTime(PROBE_AFTER_MS);
    for (let request = 0; request < 5; request++) await recover();
    expect(upstream).toHaveBeenCalledTimes(6);
  });

  test('a success in between begins the count anew', async () => {
    const recover = braked('upstream-failed');
    for (let round = 0; round < 3; round++) {
      upstream.mockResolvedValue({ outcome: 'upstream-failed' });
      for (let request = 0; request < 4; request++) await recover();
      upstream.mockResolvedValue({ outcome: 'forwarded' });
      expect(await recover()).toBe('forwarded');
    }
  });

  test('a fault of our own is not taken for one of Beyond Identity', async () => {
    const recover = braked('forwarded');
    upstream.mockRejectedValue(new TypeError('ours'));
    await expect(recover()).rejects.toThrow('ours');
  });
});
