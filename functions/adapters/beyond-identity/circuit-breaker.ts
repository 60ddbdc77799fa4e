import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { Forward, ForwardResult } from '../../core/forward.ts';

/** How many users in a row must fail before the circuit opens: what one user's address causes is not everybody's fault. */
const FAILED_USERS = 5;

/**
 * Spares a Beyond Identity that fails throughout, or refuses the API token: after failures of five different users in a
 * row this instance stops calling, and every request gets the last failure at once. After `probeAfterMs` one request
 * probes (half-open), with a fresh token if it takes one; if it gets through, the circuit closes. A request, the probe
 * included, that outlives its deadline has failed.
 */
export function withCircuitBreaker(forward: Forward, probeAfterMs: number): Forward {
  let lastFailure: ForwardResult = { outcome: 'upstream-failed' };
  const failedUsers = new Set<string>();
  const breaker: CircuitBreakerPolicy = circuitBreaker(
    handleWhenResult(
      (result) => isFailure(result) || (breaker.state === CircuitState.HalfOpen && !isSuccess(result)),
    ),
    {
      halfOpenAfter: probeAfterMs,
      breaker: {
        state: undefined,
        success: () => undefined,
        failure: () => failedUsers.size >= FAILED_USERS,
      },
    },
  );

  return async (address, deadline) => {
    const call = async (): Promise<ForwardResult> => {
      const result = (await deadline.waitFor(forward(address, deadline))) ?? { outcome: 'upstream-failed' };
      if (isSuccess(result)) failedUsers.clear();
      if (isFailure(result)) {
        failedUsers.add(address);
        lastFailure = { outcome: result.outcome };
      }
      return result;
    };
    try {
      // requests that come while the probe is under way wait for it, but not beyond their own deadline
      return (await deadline.waitFor(breaker.execute(call))) ?? lastFailure;
    } catch (error) {
      if (error instanceof BrokenCircuitError) return lastFailure;
      throw error;
    }
  };
}

/** Beyond Identity works, whatever it made of this user. */
function isSuccess(result: unknown): boolean {
  const { outcome }: Partial<ForwardResult> = Object(result);
  return outcome === 'forwarded' || outcome === 'not-recoverable';
}

/**
 * Beyond Identity does not work, or not for us. That too little time was left says nothing of it; neither does a rejected
 * call (`misconfigured`), which a stranger may bring about with odd addresses, and which spares nobody anything.
 */
function isFailure(result: unknown): boolean {
  const { outcome }: Partial<ForwardResult> = Object(result);
  return outcome === 'upstream-failed' || outcome === 'token-refused';
}
