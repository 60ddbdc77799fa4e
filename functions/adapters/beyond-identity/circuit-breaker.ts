import { setImmediate as nextTurn } from 'node:timers/promises';
import { BrokenCircuitError, CircuitState, circuitBreaker, handleWhenResult } from 'cockatiel';
import type { Deadline } from '../../core/deadline.ts';
import type { Forward, Forwarding, ForwardResult } from '../../core/forward.ts';

/** How many users in a row must fail before the circuit opens: what one user's address causes is not everybody's fault. */
const FAILED_USERS = 5;

/**
 * Spares a Beyond Identity that fails throughout, or refuses the API token: after failures of five different users in a
 * row this instance stops calling, and every request gets the last failure at once. After `probeAfterMs` one request
 * probes (half-open), with a fresh token if it takes one; if it gets through, the circuit closes. A request, the probe
 * included, that outlives its deadline has failed. While it does not call, nothing is looked up in advance.
 */
export function withCircuitBreaker({ prepare, forward }: Forwarding, probeAfterMs: number): Forwarding {
  let lastFailure: ForwardResult = { outcome: 'upstream-failed' };
  const failedUsers = new Set<string>();
  // a probe that is no success opens the circuit again; so does another call only after enough failures
  const breaker = circuitBreaker(
    handleWhenResult((result) => !isSuccess(result)),
    {
      halfOpenAfter: probeAfterMs,
      breaker: {
        state: undefined,
        success: () => undefined,
        failure: () => failedUsers.size >= FAILED_USERS,
      },
    },
  );

  const forwardUnlessOpen: Forward = async (user, deadline, mayBeMailedSince) => {
    // whom no directory knows, nobody is called for: that says nothing of Beyond Identity
    if (user.references.length === 0) return { outcome: 'not-recoverable' };
    if (deadline.signal.aborted) return { outcome: 'deadline-exceeded' };
    const startedAt = Date.now();
    const call = async (): Promise<ForwardResult> => {
      const result = (await settled(forward(user, deadline, mayBeMailedSince), deadline)) ?? {
        outcome: 'upstream-failed',
        mayBeMailedSince: startedAt,
      };
      if (isSuccess(result)) failedUsers.clear();
      else if (isFailure(result)) {
        failedUsers.add(user.user);
        lastFailure = { outcome: result.outcome };
      }
      return result;
    };
    try {
      // requests that come while the probe is under way wait for it, but not beyond their own deadline
      return (await settled(breaker.execute(call), deadline)) ?? lastFailure;
    } catch (error) {
      if (error instanceof BrokenCircuitError) return lastFailure;
      throw error;
    }
  };
  return {
    prepare: async (resolving, deadline) =>
      breaker.state === CircuitState.Closed ? prepare(resolving, deadline) : undefined,
    forward: forwardUnlessOpen,
  };
}

/**
 * What the work comes to by its deadline, or because of it: a call that is cut off may know its outcome all the same (the
 * status is there, the body is not), and settles a few microtasks later. `undefined` if the work ignores the deadline.
 */
async function settled<Result>(work: Promise<Result>, deadline: Deadline): Promise<Result | undefined> {
  return (await deadline.waitFor(work)) ?? Promise.race([work, nextTurn(undefined)]);
}

/** Beyond Identity works, whatever it made of this user. */
function isSuccess(result: unknown): boolean {
  const { outcome, isAboutUser }: Partial<ForwardResult> = Object(result);
  return outcome === 'forwarded' || outcome === 'not-recoverable' || isAboutUser === true;
}

/**
 * Beyond Identity does not work, or not for us. That too little time was left says nothing of it; neither does a rejected
 * call (`misconfigured`), which a stranger may bring about with odd addresses, and which spares nobody anything.
 */
function isFailure({ outcome }: ForwardResult): boolean {
  return outcome === 'upstream-failed' || outcome === 'token-refused';
}
