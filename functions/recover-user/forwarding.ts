import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createBeyondIdentity } from './beyond-identity.ts';
import { withBrake } from './brake.ts';
import { addressIsExternalId } from './directory.ts';
import { createForward, type Forward } from './forward.ts';
import { createHttpsPost } from './https-post.ts';
import { createRecoverySecret, type RecoverySecret } from './recovery-secret.ts';
import type { Telemetry } from './telemetry.ts';
import type { Timing } from './timing.ts';

/** Forwarding with all that stands behind it, for the endpoint and for deliveries from the outbox alike. */
export interface Forwarding {
  secret: RecoverySecret;
  forward: Forward;
}

/** Wires forwarding up; the API token is read and the connection to Beyond Identity opened at once. */
export function createForwarding(
  settings: { apiTokenSecretId: string; beyondIdentityApiUrl: URL },
  telemetry: Telemetry,
  timing: Timing,
): Forwarding {
  const post = createHttpsPost(settings.beyondIdentityApiUrl);
  const secret = createRecoverySecret({
    client: createSecretsManagerClient(timing),
    secretId: settings.apiTokenSecretId,
    timeToLiveMs: timing.secretTimeToLiveMs,
    unreadable: telemetry.tokenUnreadable,
  });
  const pauses = { firstMs: timing.firstRetryPauseMs, longestMs: timing.longestRetryPauseMs };
  const beyondIdentity = createBeyondIdentity(post, pauses, telemetry);
  const forward = createForward({
    apiToken: secret.apiToken,
    directory: addressIsExternalId,
    beyondIdentity,
  });
  return { secret, forward: withBrake(forward, timing.probeAfterMs) };
}

/** A client of Secrets Manager that gives up in time. */
export function createSecretsManagerClient(timing: Timing): SecretsManagerClient {
  return new SecretsManagerClient({
    maxAttempts: 2,
    requestHandler: givingUpAfter(timing.secretsManagerConnectMs, timing.secretsManagerAnswerMs),
  });
}

/** How a client of the SDK sends requests so that none hangs; the SDK's own default is to wait for ever. */
export function givingUpAfter(connectionTimeout: number, requestTimeout: number) {
  return { connectionTimeout, requestTimeout, throwOnRequestTimeout: true };
}
