import { type ApiToken, createForward, type Forward } from '../../core/forward.ts';
import type { Context } from '../../runtime/context.ts';
import { emailDirectory } from '../directory/email-directory.ts';
import { createHttpsPost } from '../http/https-post.ts';
import { withCircuitBreaker } from './circuit-breaker.ts';
import { createBeyondIdentity } from './v0-client.ts';

/** Forwarding to Beyond Identity's v0 API, behind a circuit breaker; opens the first connection at once. */
export function createForwarding(apiUrl: URL, apiToken: ApiToken, { telemetry, timeouts }: Context): Forward {
  const pauses = {
    firstMs: timeouts.firstRetryPauseMs,
    longestMs: timeouts.longestRetryPauseMs,
    shortestTryMs: timeouts.shortestCallMs,
  };
  const beyondIdentity = createBeyondIdentity(createHttpsPost(apiUrl), pauses, telemetry);
  const forward = createForward({ apiToken, directory: emailDirectory, beyondIdentity });
  return withCircuitBreaker(forward, timeouts.probeAfterMs);
}
