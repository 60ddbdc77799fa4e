import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from 'cockatiel';
import type { Forward, Forwarded } from './forward.ts';

/** After how many failures in a row the brake is on. */
const FAILURES = 5;

/**
 * Spares a Beyond Identity that fails throughout, or refuses the API token: after five failures in a row this instance
 * asks no more, and what the last request came to is what all come to, at once. After `probeAfterMs` one request is let
 * through to see whether it is back, with a fresh token if it takes one; then all are, or the pause begins anew.
 */
export function withBrake(forward: Forward, probeAfterMs: number): Forward {
  let lastFailure: Forwarded['outcome'] = 'upstream-failed';
  const breaker = circuitBreaker(handleWhenResult(isFailure), {
    halfOpenAfter: probeAfterMs,
    breaker: new ConsecutiveBreaker(FAILURES),
  });
  return async (...request) => {
    try {
      const forwarded = await breaker.execute(() => forward(...request));
      if (isFailure(forwarded)) lastFailure = forwarded.outcome;
      return forwarded;
    } catch (error) {
      if (error instanceof BrokenCircuitError) return { outcome: lastFailure };
      throw error;
    }
  };
}

function isFailure(result: unknown): boolean {
  const { outcome }: Partial<Forwarded> = Object(result);
  return outcome === 'upstream-failed' || outcome === 'token-refused';
}
