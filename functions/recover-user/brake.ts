import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from 'cockatiel';
import type { Answered, BeyondIdentity } from './forward.ts';

/** After how many failures in a row the brake is on. */
const FAILURES = 5;

/**
 * Spares a Beyond Identity that fails throughout, or refuses the API token: after five failures in a row this instance
 * asks no more, and answers `upstream-failed` at once. After `probeAfterMs` one request is let through to see whether it
 * is back; then all are, or the pause begins anew.
 */
export function withBrake(beyondIdentity: BeyondIdentity, probeAfterMs: number): BeyondIdentity {
  const breaker = circuitBreaker(handleWhenResult(isFailure), {
    halfOpenAfter: probeAfterMs,
    breaker: new ConsecutiveBreaker(FAILURES),
  });
  return {
    async recoverUser(...call) {
      try {
        return await breaker.execute(() => beyondIdentity.recoverUser(...call));
      } catch (error) {
        if (error instanceof BrokenCircuitError) return { answer: 'upstream-failed' };
        throw error;
      }
    },
  };
}

function isFailure(result: unknown): boolean {
  const { answer }: Partial<Answered> = Object(result);
  return answer === 'upstream-failed' || answer === 'token-refused';
}
