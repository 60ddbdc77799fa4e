import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Deadline } from '../../../functions/core/deadline.ts';
import { createDeliver, type DeliveryRecord } from '../../../functions/core/deliver.ts';
import type { ResolvedUser } from '../../../functions/core/directory.ts';
import type { ForwardResult } from '../../../functions/core/forward.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';

const JANE: ResolvedUser = { user: 'jane@example.com', references: ['jane'] };
const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 22);
const steps = jest.fn<(...step: unknown[]) => void>();
let deadline: Deadline;

beforeEach(() => {
  steps.mockReset();
  deadline = startDeadline(1000);
});
afterEach(() => deadline.clear());

function deliverIn(world: {
  claim?: Awaited<ReturnType<DeliveryRecord['claim']>>;
  forwarded?: ForwardResult;
  ageMs?: number;
  mayBeMailedSince?: number;
  /** The user whom the directory finds; `null`: it is down. */
  resolved?: ResolvedUser | null;
}) {
  const { claim = 'claimed', forwarded = { outcome: 'forwarded' }, ageMs = 0 } = world;
  const resolved = world.resolved === null ? undefined : (world.resolved ?? JANE);
  const note = (step: string) => async (attemptId: string) => steps(step, attemptId);
  const deliver = createDeliver({
    maximumAgeMs: HOUR_MS,
    now: () => NOW,
    startDeadline: () => deadline,
    directory: {
      resolve: async (address, stage) => {
        steps('resolve', address);
        expect(stage.remainingMs()).toBeLessThan(500);
        return resolved;
      },
    },
    forward: async ({ references }, _deadline, mayBeMailedSince) => {
      steps('forward', references, mayBeMailedSince);
      return forwarded;
    },
    record: {
      claim: async (attemptId) => {
        steps('claim', attemptId);
        return claim;
      },
      complete: note('complete'),
      release: note('release'),
    },
  });
  return deliver({
    attemptId: 'id',
    address: 'jane@example.com',
    acceptedAt: NOW - ageMs,
    mayBeMailedSince: world.mayBeMailedSince,
  });
}

const stepNames = () => steps.mock.calls.map(([step]) => step);

describe('a delivery', () => {
  test.each([
    ['forwarded', 'delivered'],
    ['not-recoverable', 'not-recoverable'],
  ] as const)('is recorded before it is acknowledged: %s', async (outcome, delivered) => {
    const reference = outcome === 'forwarded' ? 'jane' : undefined;
    await expect(deliverIn({ forwarded: { outcome, reference } })).resolves.toEqual({
      outcome: delivered,
      reference,
    });
    expect(steps.mock.calls).toEqual([
      ['claim', 'id'],
      ['resolve', 'jane@example.com'],
      ['forward', ['jane'], undefined],
      ['complete', 'id'],
    ]);
  });

  test.each([
    'upstream-failed',
    'misconfigured',
    'token-refused',
    'token-unavailable',
    'deadline-exceeded',
  ] as const)(
    'is postponed for the requested pause, and released for another attempt: %s',
    async (outcome) => {
      await expect(deliverIn({ forwarded: { outcome, retryAfterMs: 7000 } })).resolves.toEqual({
        outcome: 'postponed',
        afterMs: 7000,
        cause: outcome,
      });
      expect(stepNames()).toEqual(['claim', 'resolve', 'forward', 'release']);
    },
  );

  test('looks for an earlier try that may have been mailed, and passes it on', async () => {
    const mayBeMailedSince = NOW - 1000;
    const failed: ForwardResult = { outcome: 'upstream-failed', mayBeMailedSince: NOW };
    await expect(deliverIn({ forwarded: failed, mayBeMailedSince })).resolves.toMatchObject({
      mayBeMailedSince,
    });
    expect(steps).toHaveBeenCalledWith('forward', ['jane'], mayBeMailedSince);
    await expect(deliverIn({ forwarded: failed })).resolves.toMatchObject({ mayBeMailedSince: NOW });
  });

  test('no longer looks for an earlier try after half the time that a request may wait', async () => {
    await deliverIn({ mayBeMailedSince: NOW - HOUR_MS / 2 });
    expect(steps).toHaveBeenCalledWith('forward', ['jane'], NOW - HOUR_MS / 2);
    await deliverIn({ mayBeMailedSince: NOW - HOUR_MS / 2 - 1 });
    expect(steps).toHaveBeenCalledWith('forward', ['jane'], undefined);
  });

  test('is postponed while the directory is down, and never takes the user for unknown', async () => {
    await expect(deliverIn({ resolved: null })).resolves.toEqual({
      outcome: 'postponed',
      cause: 'directory-unavailable',
    });
    expect(stepNames()).toEqual(['claim', 'resolve', 'release']);
  });

  test('of a message that SQS delivers twice happens once', async () => {
    await expect(deliverIn({ claim: 'done' })).resolves.toEqual({ outcome: 'duplicate' });
    expect(stepNames()).toEqual(['claim']);
  });

  test('is postponed while another one of the same message is in progress', async () => {
    await expect(deliverIn({ claim: 'busy' })).resolves.toEqual({ outcome: 'postponed' });
    expect(stepNames()).toEqual(['claim']);
  });

  test('of a message that was delivered but not acknowledged is a duplicate at any age', async () => {
    await expect(deliverIn({ claim: 'done', ageMs: HOUR_MS + 1 })).resolves.toEqual({ outcome: 'duplicate' });
  });

  test('is dropped after an hour, and not at an hour', async () => {
    await expect(deliverIn({ ageMs: HOUR_MS + 1 })).resolves.toEqual({ outcome: 'dropped' });
    expect(stepNames()).toEqual(['claim', 'complete']);
    await expect(deliverIn({ ageMs: HOUR_MS })).resolves.toEqual({ outcome: 'delivered' });
  });
});
