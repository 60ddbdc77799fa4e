import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createForward, type Forward } from '../../core/forward.ts';
import type { Telemetry } from '../../runtime/telemetry.ts';
import type { Timing } from '../../runtime/timeouts.ts';
import type { SecretOptions } from '../aws/cached-secret.ts';
import { createRecoverySecret, type RecoverySecret } from '../aws/recovery-secret.ts';
import { emailDirectory } from '../directory/email-directory.ts';
import { createHttpsPost } from '../http/https-post.ts';
import { withCircuitBreaker } from './circuit-breaker.ts';
import { createBeyondIdentity } from './v0-client.ts';

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
    ...secretOptions(telemetry, timing),
  });
  const pauses = {
    firstMs: timing.firstRetryPauseMs,
    longestMs: timing.longestRetryPauseMs,
    shortestTryMs: timing.shortestCallMs,
  };
  const beyondIdentity = createBeyondIdentity(post, pauses, telemetry);
  const forward = createForward({
    apiToken: secret.apiToken,
    directory: emailDirectory,
    beyondIdentity,
  });
  return { secret, forward: withCircuitBreaker(forward, timing.probeAfterMs) };
}

/** How long a secret is kept, and who learns that it cannot be read. */
export function secretOptions(
  { tokenUnreadable, secretRefreshFailed }: Telemetry,
  timing: Timing,
): Pick<SecretOptions, 'timeToLiveMs' | 'refreshRetryMs' | 'unreadable' | 'refreshFailed'> {
  return {
    timeToLiveMs: timing.secretTimeToLiveMs,
    refreshRetryMs: timing.secretRefreshRetryMs,
    unreadable: tokenUnreadable,
    refreshFailed: secretRefreshFailed,
  };
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
