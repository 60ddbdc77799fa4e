import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Deadline } from '../../../functions/core/deadline.ts';
import type { ResolvedUser } from '../../../functions/core/directory.ts';
import type { ForwardResult } from '../../../functions/core/forward.ts';
import type { ForwardFailure } from '../../../functions/core/outcomes.ts';
import { type CaptchaVerdict, createRecoverUser, type Ports } from '../../../functions/core/recover-user.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';

interface World {
  /** The outcome of forwarding; `null`: queued delivery. */
  forwarded?: ForwardResult['outcome'] | 'bug' | null;
  admits?: boolean;
  /** The user whom the directory finds; `undefined`: it is down. */
  resolved?: ResolvedUser | undefined;
  pseudonym?: string | undefined;
  verdict?: CaptchaVerdict;
  failureMode?: 'open' | 'closed';
  /** Whether the outbox accepts requests; absent: there is none. */
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

/** Recovers a user in this world, and records every step. */
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
        prepare: async () => undefined,
        forward: async ({ references }, earlier) => {
          steps('forward', ...references);
          const leavesTimeForOutbox = earlier.remainingMs() < 800;
          expect(leavesTimeForOutbox).toBe(outbox !== undefined);
          if (forwarded === 'bug') throw new TypeError('ours');
          return { outcome: forwarded, reference: forwarded === 'forwarded' ? references[0] : undefined };
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
    { attemptId: 'id', address: 'jane@example.com', captchaToken, sourceIp: '192.0.2.7' },
    deadline,
  );
}

/** What the result of every admitted request has. */
const ADMITTED = { mailbox: 'pseudonym', attemptId: 'id' };

const FAILURES: ForwardFailure[] = [
  'upstream-failed',
  'misconfigured',
  'token-refused',
  'token-unavailable',
  'directory-unavailable',
  'deadline-exceeded',
];

describe('recovering a user', () => {
  test.each<ForwardResult['outcome']>(['forwarded', 'not-recoverable'])(
    'admits, forwards, and is done: %s',
    async (forwarded) => {
      await expect(recoverIn({ forwarded, outbox: true })).resolves.toEqual({
        outcome: forwarded,
        ...ADMITTED,
        reference: forwarded === 'forwarded' ? 'jane@example.com' : undefined,
      });
      expect(steps.mock.calls).toEqual([
        ['admit', 'pseudonym'],
        ['forward', 'jane@example.com'],
      ]);
    },
  );

  test('neither forwards nor queues a rate-limited request', async () => {
    await expect(recoverIn({ admits: false, outbox: true })).resolves.toEqual({
      outcome: 'rate-limited',
      mailbox: 'pseudonym',
    });
    expect(steps.mock.calls).toEqual([['admit', 'pseudonym']]);
  });

  test.each(FAILURES)('queues the request on %s', async (forwarded) => {
    await expect(recoverIn({ forwarded, outbox: true })).resolves.toEqual({
      outcome: 'queued',
      ...ADMITTED,
      cause: forwarded,
    });
    expect(steps.mock.calls.at(-1)).toEqual(['put', { address: 'jane@example.com', ...ADMITTED }]);
  });

  test.each(FAILURES)(
    'releases the attempt when the outbox does not accept the request on %s',
    async (forwarded) => {
      await expect(recoverIn({ forwarded, outbox: false })).resolves.toEqual({
        outcome: 'outbox-failed',
        ...ADMITTED,
        cause: forwarded,
      });
      expect(steps.mock.calls.map(([step]) => step)).toEqual(['admit', 'forward', 'put', 'release']);
      expect(steps.mock.calls.at(-1)).toEqual(['release', 'pseudonym']);
    },
  );

  test.each(FAILURES)('releases the attempt on %s when there is no outbox', async (forwarded) => {
    await expect(recoverIn({ forwarded })).resolves.toEqual({
      outcome: forwarded,
      ...ADMITTED,
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
      ...ADMITTED,
      cause: 'directory-unavailable',
    });
    expect(named).toBe('jane@example.com');
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['admit', 'put']);
  });

  test('fails while the directory is down and there is no outbox', async () => {
    await expect(recoverIn({ resolved: undefined })).resolves.toEqual({
      outcome: 'directory-unavailable',
      ...ADMITTED,
      cause: 'directory-unavailable',
    });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['admit', 'release']);
  });

  test('releases the attempt when it fails unexpectedly', async () => {
    await expect(recoverIn({ forwarded: 'bug', outbox: true })).rejects.toThrow('ours');
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['admit', 'forward', 'release']);
  });

  test('forwards nothing with queued delivery', async () => {
    await expect(recoverIn({ forwarded: null, outbox: true })).resolves.toMatchObject({ outcome: 'queued' });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['admit', 'put']);
  });

  test.each([false, undefined])(
    'releases the attempt with queued delivery when the outbox does not accept it (%j)',
    async (outbox) => {
      await expect(
        recoverIn({ forwarded: null, ...(outbox === false && { outbox }) }),
      ).resolves.toMatchObject({
        outcome: 'outbox-failed',
      });
      expect(steps.mock.calls.at(-1)).toEqual(['release', 'pseudonym']);
    },
  );

  test('tries nothing without the pseudonymization key', async () => {
    await expect(recoverIn({ pseudonym: undefined, outbox: true })).resolves.toEqual({
      outcome: 'token-unavailable',
      cause: 'token-unavailable',
    });
    expect(steps).not.toHaveBeenCalled();
  });
});

describe('recovering a user with a CAPTCHA', () => {
  test('verifies the token first, with the client IP of the gateway', async () => {
    await expect(recoverIn({ verdict: 'human' }, 'token')).resolves.toMatchObject({ outcome: 'forwarded' });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['check', 'admit', 'forward']);
    expect(steps.mock.calls[0]).toEqual(['check', 'token', '192.0.2.7']);
  });

  test('does nothing else when the token is rejected', async () => {
    await expect(recoverIn({ verdict: 'not-human' }, 'token')).resolves.toEqual({
      outcome: 'captcha-failed',
    });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['check']);
  });

  test('does not call the provider without a token, even when failing open', async () => {
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

  test('rejects the request while the provider rate limits us, even when failing open', async () => {
    await expect(recoverIn({ verdict: 'overloaded', failureMode: 'open' }, 'token')).resolves.toEqual({
      outcome: 'captcha-unavailable',
    });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['check']);
  });
});
