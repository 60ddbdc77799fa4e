import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { withCircuitBreaker } from '../../../../functions/adapters/beyond-identity/circuit-breaker.ts';
import type { Deadline } from '../../../../functions/core/deadline.ts';
import type { Forward, Forwarding, ForwardResult } from '../../../../functions/core/forward.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';

const PROBE_AFTER_MS = 10_000;
const upstream = jest.fn<Forward>();
let deadline: Deadline;
let users = 0;

beforeEach(() => {
  jest.useFakeTimers();
  upstream.mockReset();
  deadline = startDeadline(60_000);
});
afterEach(() => {
  deadline.clear();
  jest.useRealTimers();
});

type Outcome = ForwardResult['outcome'];
const prepare = jest.fn<Forwarding['prepare']>();
/** Forwarding behind a circuit breaker. */
const protect = (forward: Forward) => withCircuitBreaker({ prepare, forward }, PROBE_AFTER_MS).forward;
const newUser = () => `user${++users}@example.com`;

/** Recovers, each time another user unless one is named. */
function breaker(outcome: Outcome) {
  upstream.mockResolvedValue({ outcome });
  const forward = protect(upstream);
  return async (user = newUser(), by = deadline) => (await forward({ user, references: [user] }, by)).outcome;
}

async function open(recover: () => Promise<Outcome>): Promise<void> {
  for (let request = 0; request < 5; request++) await recover();
  upstream.mockClear();
}

describe('the circuit breaker', () => {
  test.each<Outcome>(['upstream-failed', 'token-refused'])(
    'opens after five users in a row with %s, and returns the last failure',
    async (outcome) => {
      const recover = breaker(outcome);
      for (let request = 0; request < 25; request++) expect(await recover()).toBe(outcome);
      expect(upstream).toHaveBeenCalledTimes(5);
    },
  );

  test.each<Outcome>([
    'forwarded',
    'not-recoverable',
    'misconfigured',
    'deadline-exceeded',
    'token-unavailable',
  ])('stays closed whatever number of users leads to %s', async (outcome) => {
    const recover = breaker(outcome);
    for (let request = 0; request < 20; request++) expect(await recover()).toBe(outcome);
    expect(upstream).toHaveBeenCalledTimes(20);
  });

  test.each<Outcome>(['forwarded', 'not-recoverable', 'token-refused', 'misconfigured'])(
    'returns %s when the deadline cuts the call short',
    async (outcome) => {
      const forward = protect(
        (_address, { signal }) =>
          new Promise((resolve) => {
            // the client has the status, and abandons the rest of the response
            signal.addEventListener('abort', () =>
              queueMicrotask(() => queueMicrotask(() => resolve({ outcome }))),
            );
          }),
      );
      const short = startDeadline(1_000);
      const result = forward({ user: newUser(), references: ['jane'] }, short);
      await jest.advanceTimersByTimeAsync(1_000);
      expect(await result).toEqual({ outcome });
    },
  );

  test('neither opens nor closes for users for whom nobody is called', async () => {
    const forward = protect(upstream);
    upstream.mockResolvedValue({ outcome: 'upstream-failed' });
    for (let request = 0; request < 5; request++) {
      await forward({ user: newUser(), references: ['jane'] }, deadline);
      const unknown = await forward({ user: newUser(), references: [] }, deadline);
      expect(unknown).toEqual({ outcome: 'not-recoverable' });
    }
    upstream.mockClear();
    jest.advanceTimersByTime(PROBE_AFTER_MS);
    await forward({ user: newUser(), references: [] }, deadline);
    expect(upstream).not.toHaveBeenCalled();
    await forward({ user: newUser(), references: ['jane'] }, deadline);
    expect(upstream).toHaveBeenCalledTimes(1);
  });

  test("stays closed whatever happens to one user's email", async () => {
    const forward = protect(upstream);
    upstream.mockResolvedValue({ outcome: 'upstream-failed', isAboutUser: true });
    for (let request = 0; request < 20; request++) {
      await forward({ user: newUser(), references: ['jane'] }, deadline);
    }
    expect(upstream).toHaveBeenCalledTimes(20);
  });

  test("closes when the probe fails because of one user's email", async () => {
    const recover = breaker('upstream-failed');
    await open(recover);
    jest.advanceTimersByTime(PROBE_AFTER_MS);
    upstream.mockResolvedValue({ outcome: 'upstream-failed', isAboutUser: true });
    for (let request = 0; request < 3; request++) await recover();
    expect(upstream).toHaveBeenCalledTimes(3);
  });

  test('does not call, and counts no failure, after the deadline', async () => {
    const recover = breaker('upstream-failed');
    const over = startDeadline(0);
    await jest.advanceTimersByTimeAsync(1);
    for (let request = 0; request < 5; request++) {
      expect(await recover(newUser(), over)).toBe('deadline-exceeded');
    }
    expect(upstream).not.toHaveBeenCalled();
    await recover();
    expect(upstream).toHaveBeenCalledTimes(1);
  });

  test('stays closed for any number of failures of up to four users', async () => {
    const recover = breaker('upstream-failed');
    const four = [newUser(), newUser(), newUser(), newUser()];
    for (let round = 0; round < 10; round++) for (const user of four) await recover(user);
    expect(upstream).toHaveBeenCalledTimes(40);
  });

  test.each<Outcome>(['forwarded', 'not-recoverable'])(
    'counts from the start after a user with %s',
    async (outcome) => {
      const recover = breaker('upstream-failed');
      for (let round = 0; round < 3; round++) {
        upstream.mockResolvedValue({ outcome: 'upstream-failed' });
        for (let request = 0; request < 4; request++) await recover();
        upstream.mockResolvedValue({ outcome });
        expect(await recover()).toBe(outcome);
      }
    },
  );

  test('keeps counting after a user for whom there was no time', async () => {
    const recover = breaker('upstream-failed');
    for (let request = 0; request < 4; request++) await recover();
    upstream.mockResolvedValue({ outcome: 'deadline-exceeded' });
    await recover();
    upstream.mockResolvedValue({ outcome: 'upstream-failed' });
    await recover();
    upstream.mockClear();
    await recover();
    expect(upstream).not.toHaveBeenCalled();
  });

  test('closes when one probe succeeds', async () => {
    const recover = breaker('upstream-failed');
    await open(recover);
    upstream.mockResolvedValue({ outcome: 'forwarded' });
    expect(await recover()).toBe('upstream-failed');
    jest.advanceTimersByTime(PROBE_AFTER_MS);
    expect(await Promise.all([recover(), recover()])).toEqual(['forwarded', 'forwarded']);
    expect(await recover()).toBe('forwarded');
  });

  test.each<Outcome>(['upstream-failed', 'misconfigured', 'deadline-exceeded', 'token-unavailable'])(
    'opens again when the probe leads to %s',
    async (outcome) => {
      const recover = breaker('upstream-failed');
      await open(recover);
      upstream.mockResolvedValue({ outcome });
      jest.advanceTimersByTime(PROBE_AFTER_MS);
      for (let request = 0; request < 5; request++) await recover();
      expect(upstream).toHaveBeenCalledTimes(1);
    },
  );

  test('opens again when the probe outlives its deadline, and probes again later', async () => {
    const recover = breaker('upstream-failed');
    await open(recover);
    jest.advanceTimersByTime(PROBE_AFTER_MS);
    upstream.mockReturnValue(new Promise(() => undefined));
    const short = startDeadline(1000);
    const probe = recover(newUser(), short);
    const waiting = recover(newUser(), short);
    jest.advanceTimersByTime(1000);
    expect(await Promise.all([probe, waiting])).toEqual(['upstream-failed', 'upstream-failed']);

    upstream.mockResolvedValue({ outcome: 'forwarded' });
    expect(await recover()).toBe('upstream-failed');
    jest.advanceTimersByTime(PROBE_AFTER_MS);
    expect(await recover()).toBe('forwarded');
  });

  test('has nothing looked up in advance while it is open', async () => {
    const { prepare: prepareUnlessOpen, forward } = withCircuitBreaker(
      { prepare, forward: upstream },
      PROBE_AFTER_MS,
    );
    upstream.mockResolvedValue({ outcome: 'upstream-failed' });
    const resolving = Promise.resolve({ user: newUser(), references: ['jane'] });
    await prepareUnlessOpen(resolving, deadline);
    expect(prepare).toHaveBeenCalledTimes(1);
    await open(async () => (await forward({ user: newUser(), references: ['jane'] }, deadline)).outcome);
    expect(await prepareUnlessOpen(resolving, deadline)).toBeUndefined();
    expect(prepare).toHaveBeenCalledTimes(1);
  });

  test('waits for the probe of another request only until its own deadline', async () => {
    const recover = breaker('token-refused');
    await open(recover);
    jest.advanceTimersByTime(PROBE_AFTER_MS);
    upstream.mockReturnValue(new Promise(() => undefined));
    void recover();
    const short = startDeadline(1000);
    const waiting = recover(newUser(), short);
    jest.advanceTimersByTime(1000);
    expect(await waiting).toBe('token-refused');
  });

  test('does not count an error of our own code as a failure of Beyond Identity', async () => {
    const recover = breaker('forwarded');
    upstream.mockRejectedValue(new TypeError('ours'));
    for (let request = 0; request < 10; request++) await expect(recover()).rejects.toThrow('ours');
  });
});
