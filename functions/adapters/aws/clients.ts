import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from '../../runtime/context.ts';
import type { Timeouts } from '../../runtime/timeouts.ts';
import type { SecretOptions } from './cached-secret.ts';

/**
 * How a client of the SDK gives up, in milliseconds; the SDK's own default is to wait forever. Two attempts: a connection
 * that went stale while Lambda had frozen the instance costs the first one.
 */
export function awsClientOptions({ awsConnectMs, awsRequestTimeoutMs }: Timeouts) {
  return { maxAttempts: 2, requestHandler: httpTimeouts(awsConnectMs, awsRequestTimeoutMs) };
}

/** Options of a secret that this instance reads, caches and refreshes. */
export function secretOptions(secretId: string, { telemetry, timeouts }: Context): SecretOptions {
  const { secretsManagerConnectMs, secretsManagerRequestTimeoutMs } = timeouts;
  return {
    client: new SecretsManagerClient({
      maxAttempts: 2,
      requestHandler: httpTimeouts(secretsManagerConnectMs, secretsManagerRequestTimeoutMs),
    }),
    secretId,
    timeToLiveMs: timeouts.secretTimeToLiveMs,
    readTimeoutMs: timeouts.secretReadMs,
    refreshRetryMs: timeouts.secretRefreshRetryMs,
    onError: telemetry.secretUnreadable,
    onRefreshFailed: telemetry.secretRefreshFailed,
  };
}

function httpTimeouts(connectionTimeout: number, requestTimeout: number) {
  return { connectionTimeout, requestTimeout, throwOnRequestTimeout: true };
}
