import { type BeyondIdentity, createForwarder, type Forwarding } from '../../core/forward.ts';
import type { BeyondIdentityConfig } from '../../runtime/beyond-identity-config.ts';
import type { Context } from '../../runtime/context.ts';
import { createHttpsClient } from '../http/https-client.ts';
import { type Access, retryPauses } from './access.ts';
import { withCircuitBreaker } from './circuit-breaker.ts';
import { createV0Client } from './v0-client.ts';
import { createV1Client } from './v1-client.ts';

/** Forwarding to Beyond Identity, behind a circuit breaker; opens the first connection at once. */
export function createForwarding(config: BeyondIdentityConfig, access: Access, context: Context): Forwarding {
  const forwarding = createForwarder({
    apiToken: access.apiToken,
    beyondIdentity: createClient(config, access, context),
  });
  return withCircuitBreaker(forwarding, context.timeouts.probeAfterMs);
}

function createClient(
  config: BeyondIdentityConfig,
  { canReadJobs }: Access,
  context: Context,
): BeyondIdentity {
  const client = createHttpsClient(config.apiUrl);
  if (config.platform === 'v0') return createV0Client(client, retryPauses(context), context.telemetry);
  return createV1Client(client, { ...config, canReadJobs }, retryPauses(context), context.telemetry);
}
