import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type Deadline, startDeadline } from '../../functions/recover-user/deadline.ts';
import type { Forwarded } from '../../functions/recover-user/forward.ts';
import {
  createRecoverUser,
  type HumanCheckVerdict,
  type Ports,
} from '../../functions/recover-user/recover-user.ts';

interface World {
  /** What forwarding comes to; `null`: requests go straight to the outbox. */
  forwarded?: Forwarded['outcome'] | null;
  admits?: boolean;
  pseudonym?: string | undefined;
  verdict?: HumanCheckVerdict;
  goesOnUnchecked?: boolean;
  /** Whether the outbox takes requests; absent: there is none. */
  outbox?: boolean;
}

const steps = jest.fn<(...step: unknown[]) => void>();
let deadline: Deadline;

beforeEach(() => {
  steps.mockReset();
  deadline = startDeadline(1000);
});
afterEach(() => deadline.clear());

/** The use case in a world that is as it is told, and that notes every step. */
function recoverIn(world: World, humanCheckToken?: string) {
  const { forwarded = 'forwarded', admits = true, verdict, goesOnUnchecked = false, outbox } = world;
  const pseudonym = 'pseudonym' in world ? world.pseudonym : 'pseudonym';
  const ports: Ports = {
    humanCheck: verdict && {
      verify: async (token, source) => {
        steps('check', token, source);
        return verdict;
      },
    },
    goesOnUnchecked: goesOnUnchecked ? () => steps('unchecked') : undefined,
    pseudonyms: { of: async () => pseudonym },
    ledger: {
      admit: async (mailbox) => {
        steps('admit', mailbox);
        return admits;
      },
    },
    ...(forwarded !== null && {
      forward: async (address, earlier) => {
        steps('forward', address);
        const leavesTimeForOutbox = earlier.remainingMs() < 800;
        expect(leavesTimeForOutbox).toBe(outbox !== undefined);
        return { outcome: forwarded };
      },
    }),
    ...(outbox !== undefined && {
      outbox: {
        put: async (attempt) => {
          steps('put', attempt);
          return outbox;
        },
      },
    }),
  };
  return createRecoverUser(ports)(
    { address: 'jane@example.com', humanCheckToken, source: '192.0.2.7' },
    deadline,
  );
}

const FAILURES: Forwarded['outcome'][] = ['upstream-failed', 'token-refused', 'token-unavailable'];

describe('the use case', () => {
  test.each<Forwarded['outcome']>(['forwarded', 'not-recoverable'])(
    'admits, forwards, and is done: %s',
    async (forwarded) => {
      await expect(recoverIn({ forwarded, outbox: true })).resolves.toEqual({
        outcome: forwarded,
        mailbox: 'pseudonym',
      });
      expect(steps.mock.calls).toEqual([
        ['admit', 'pseudonym'],
        ['forward', 'jane@example.com'],
      ]);
    },
  );

  test('a mailbox that has had its share is neither forwarded nor kept', async () => {
    await expect(recoverIn({ admits: false, outbox: true })).resolves.toEqual({
      outcome: 'throttled',
      mailbox: 'pseudonym',
    });
    expect(steps.mock.calls).toEqual([['admit', 'pseudonym']]);
  });

  test.each(FAILURES)('%s: the request waits in the outbox', async (forwarded) => {
    await expect(recoverIn({ forwarded, outbox: true })).resolves.toEqual({
      outcome: 'queued',
      mailbox: 'pseudonym',
      cause: forwarded,
    });
    expect(steps.mock.calls.at(-1)).toEqual(['put', { address: 'jane@example.com', mailbox: 'pseudonym' }]);
  });

  test.each(FAILURES)('%s, and the outbox does not take it: nothing is promised', async (forwarded) => {
    await expect(recoverIn({ forwarded, outbox: false })).resolves.toMatchObject({
      outcome: 'outbox-failed',
    });
  });

  test.each(FAILURES)('%s, and there is no outbox: nothing is promised', async (forwarded) => {
    await expect(recoverIn({ forwarded })).resolves.toEqual({ outcome: forwarded, mailbox: 'pseudonym' });
  });

  test('where requests go straight to the outbox, none is forwarded', async () => {
    await expect(recoverIn({ forwarded: null, outbox: true })).resolves.toMatchObject({ outcome: 'queued' });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['admit', 'put']);
  });

  test('where requests go straight to an outbox that is not there, nothing is promised', async () => {
    await expect(recoverIn({ forwarded: null })).resolves.toMatchObject({ outcome: 'outbox-failed' });
  });

  test('without the key of pseudonyms nothing is tried', async () => {
    await expect(recoverIn({ pseudonym: undefined, outbox: true })).resolves.toEqual({
      outcome: 'token-unavailable',
    });
    expect(steps).not.toHaveBeenCalled();
  });
});

describe('the human check', () => {
  test('comes before anything else, with the source as the gateway saw it', async () => {
    await expect(recoverIn({ verdict: 'human' }, 'token')).resolves.toMatchObject({ outcome: 'forwarded' });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['check', 'admit', 'forward']);
    expect(steps.mock.calls[0]).toEqual(['check', 'token', '192.0.2.7']);
  });

  test('failed: nothing else is spent', async () => {
    await expect(recoverIn({ verdict: 'not-human' }, 'token')).resolves.toEqual({
      outcome: 'human-check-failed',
    });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['check']);
  });

  test('missing: not even the provider is asked, and not even where the check may fail open', async () => {
    await expect(recoverIn({ verdict: 'human', goesOnUnchecked: true })).resolves.toEqual({
      outcome: 'human-check-failed',
    });
    expect(steps).not.toHaveBeenCalled();
  });

  test.each([
    [false, 'human-check-unavailable'],
    [true, 'forwarded'],
  ])('the provider is down, and requests go on then: %j', async (goesOnUnchecked, outcome) => {
    await expect(recoverIn({ verdict: 'unavailable', goesOnUnchecked }, 'token')).resolves.toMatchObject({
      outcome,
    });
  });
});
