import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Deadline } from '../../../functions/core/deadline.ts';
import type { ResolvedUser } from '../../../functions/core/directory.ts';
import type { ForwardResult } from '../../../functions/core/forward.ts';
import type { ForwardFailure } from '../../../functions/core/outcomes.ts';
import { type CaptchaVerdict, createRecoverUser, type Ports } from '../../../functions/core/recover-user.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';

interface World {
  /** What forwarding comes to; `null`: requests go straight to the outbox. */
  forwarded?: ForwardResult['outcome'] | 'bug' | null;
  admits?: boolean;
  /** Whom the directory finds; `undefined`: it is down. */
  resolved?: ResolvedUser | undefined;
  pseudonym?: string | undefined;
  verdict?: CaptchaVerdict;
  failureMode?: 'open' | 'closed';
  /** Whether the outbox takes requests; absent: there is none. */
  outbox?: boolean;
}

const steps = jest.fn<(...step: unknown[]) => void>();
let deadline: Deadline;
/** The user whose pseudonym was derived. */
let named: string | undefined;

beforeEach(() => {
  steps.mockReset();
  deadline = startDeadline(1000);
});
afterEach(() => deadline.clear());

/** The use case in the world as described; notes every step. */
function recoverIn(world: World, captchaToken?: string) {
  const { forwarded = 'forwarded', admits = true, verdict, failureMode = 'closed', outbox } = world;
  const user = 'resolved' in world ? world.resolved : { user: 'jane', references: ['jane@example.com'] };
  const pseudonym = 'pseudonym' in world ? world.pseudonym : 'pseudonym';
  const ports: Ports = {
    captcha: verdict && {
      verifier: {
        verify: async (token, sourceIp) => {
          steps('check', token, sourceIp);
          return verdict;
        },
      },
      failureMode,
      onSkipped: () => steps('skipped'),
    },
    pseudonyms: {
      of: async (name) => {
        named = name;
        return pseudonym;
      },
    },
    rateLimiter: {
      admit: async (mailbox) => {
        steps('admit', mailbox);
        return admits ? { release: async () => steps('release', mailbox) } : undefined;
      },
    },
    ...(forwarded !== null && {
      forwarding: {
        directory: { resolve: async () => user },
        forward: async ({ references }, earlier) => {
          steps('forward', ...references);
          const leavesTimeForOutbox = earlier.remainingMs() < 800;
          expect(leavesTimeForOutbox).toBe(outbox !== undefined);
          if (forwarded === 'bug') throw new TypeError('ours');
          return { outcome: forwarded };
        },
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
    { address: 'jane@example.com', captchaToken, sourceIp: '192.0.2.7' },
    deadline,
  );
}

const FAILURES: ForwardFailure[] = [
  'upstream-failed',
  'misconfigured',
  'token-refused',
  'token-unavailable',
  'directory-unavailable',
  'deadline-exceeded',
];

describe('the use case', () => {
  test.each<ForwardResult['outcome']>(['forwarded', 'not-recoverable'])(
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
      outcome: 'rate-limited',
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

  test.each(FAILURES)('%s, and the outbox does not take it: gives the attempt back', async (forwarded) => {
    await expect(recoverIn({ forwarded, outbox: false })).resolves.toEqual({
      outcome: 'outbox-failed',
      mailbox: 'pseudonym',
      cause: forwarded,
    });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['admit', 'forward', 'put', 'release']);
    expect(steps.mock.calls.at(-1)).toEqual(['release', 'pseudonym']);
  });

  test.each(FAILURES)('%s, and there is no outbox: gives the attempt back', async (forwarded) => {
    await expect(recoverIn({ forwarded })).resolves.toEqual({
      outcome: forwarded,
      mailbox: 'pseudonym',
      cause: forwarded,
    });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['admit', 'forward', 'release']);
  });

  test('counts against the user whom the directory finds, whatever the address is', async () => {
    await recoverIn({ resolved: { user: 'user-7', references: ['user-7'] }, outbox: true });
    expect(named).toBe('user-7');
    expect(steps.mock.calls.at(-1)).toEqual(['forward', 'user-7']);
  });

  test('queues the request while the directory is down, and counts it against the address', async () => {
    await expect(recoverIn({ resolved: undefined, outbox: true })).resolves.toEqual({
      outcome: 'queued',
      mailbox: 'pseudonym',
      cause: 'directory-unavailable',
    });
    expect(named).toBe('jane@example.com');
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['admit', 'put']);
  });

  test('a directory that is down is our fault where there is no outbox', async () => {
    await expect(recoverIn({ resolved: undefined })).resolves.toEqual({
      outcome: 'directory-unavailable',
      mailbox: 'pseudonym',
      cause: 'directory-unavailable',
    });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['admit', 'release']);
  });

  test('gives the attempt back when it fails unexpectedly', async () => {
    await expect(recoverIn({ forwarded: 'bug', outbox: true })).rejects.toThrow('ours');
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['admit', 'forward', 'release']);
  });

  test('where requests go straight to the outbox, none is forwarded', async () => {
    await expect(recoverIn({ forwarded: null, outbox: true })).resolves.toMatchObject({ outcome: 'queued' });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['admit', 'put']);
  });

  test.each([false, undefined])(
    'where requests go straight to an outbox that does not take them (%j), gives the attempt back',
    async (outbox) => {
      await expect(
        recoverIn({ forwarded: null, ...(outbox === false && { outbox }) }),
      ).resolves.toMatchObject({
        outcome: 'outbox-failed',
      });
      expect(steps.mock.calls.at(-1)).toEqual(['release', 'pseudonym']);
    },
  );

  test('without the key of pseudonyms nothing is tried', async () => {
    await expect(recoverIn({ pseudonym: undefined, outbox: true })).resolves.toEqual({
      outcome: 'token-unavailable',
      cause: 'token-unavailable',
    });
    expect(steps).not.toHaveBeenCalled();
  });
});

describe('the CAPTCHA', () => {
  test('comes before anything else, with the source as the gateway saw it', async () => {
    await expect(recoverIn({ verdict: 'human' }, 'token')).resolves.toMatchObject({ outcome: 'forwarded' });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['check', 'admit', 'forward']);
    expect(steps.mock.calls[0]).toEqual(['check', 'token', '192.0.2.7']);
  });

  test('failed: nothing else is spent', async () => {
    await expect(recoverIn({ verdict: 'not-human' }, 'token')).resolves.toEqual({
      outcome: 'captcha-failed',
    });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['check']);
  });

  test('missing: not even the provider is asked, and not even where the check may fail open', async () => {
    await expect(recoverIn({ verdict: 'human', failureMode: 'open' })).resolves.toEqual({
      outcome: 'captcha-failed',
    });
    expect(steps).not.toHaveBeenCalled();
  });

  test.each([
    ['closed', 'captcha-unavailable'],
    ['open', 'forwarded'],
  ] as const)('fails %s while the provider is unavailable: %s', async (failureMode, outcome) => {
    await expect(recoverIn({ verdict: 'unavailable', failureMode }, 'token')).resolves.toMatchObject({
      outcome,
    });
  });

  test('overloaded, which a stranger can bring about: rejected even where the check may fail open', async () => {
    await expect(recoverIn({ verdict: 'overloaded', failureMode: 'open' }, 'token')).resolves.toEqual({
      outcome: 'captcha-unavailable',
    });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['check']);
  });
});

describe('the time of a request', () => {
  /** How much of 1000 ms is over when each stage has to end, where all before it took all of their time. */
  async function stageEnds(): Promise<Record<string, number>> {
    jest.useFakeTimers();
    const startedAt = performance.now();
    const ends: Record<string, number> = {};
    const useUp = (name: string) => async (stage: Deadline) => {
      const remainingMs = stage.remainingMs();
      jest.advanceTimersByTime(remainingMs);
      ends[name] = performance.now() - startedAt;
    };
    const whole = startDeadline(1000);
    await createRecoverUser({
      captcha: {
        verifier: {
          verify: async (_token, _sourceIp, stage) => {
            await useUp('captcha')(stage);
            return 'unavailable';
          },
        },
        failureMode: 'open',
        onSkipped: () => undefined,
      },
      pseudonyms: { of: async (_address, stage) => useUp('pseudonym')(stage).then(() => 'pseudonym') },
      rateLimiter: {
        admit: async (_mailbox, stage) =>
          useUp('rateLimiter')(stage).then(() => ({ release: (left) => useUp('release')(left) })),
      },
      forwarding: {
        directory: {
          resolve: async (address, stage) =>
            useUp('directory')(stage).then(() => ({ user: address, references: [address] })),
        },
        forward: async (_user, stage) =>
          useUp('forward')(stage).then(() => ({ outcome: 'upstream-failed' as const })),
      },
      outbox: { put: async (_attempt, stage) => useUp('outbox')(stage).then(() => false) },
    })({ address: 'jane@example.com', captchaToken: 'token', sourceIp: undefined }, whole);
    whole.clear();
    jest.useRealTimers();
    return ends;
  }

  test('leaves every stage its own share, though all before it hang', async () => {
    expect(await stageEnds()).toEqual({
      captcha: 500,
      directory: 580,
      pseudonym: 600,
      rateLimiter: 670,
      forward: 750,
      outbox: 940,
      release: 1000,
    });
  });
});
