import type { Deadline } from '../../core/deadline.ts';
import type { ApiToken } from '../../core/forward.ts';
import type { Pseudonyms } from '../../core/recover-user.ts';
import type { BeyondIdentityConfig } from '../../runtime/beyond-identity-config.ts';
import type { Context } from '../../runtime/context.ts';
import { secretOptions } from '../aws/clients.ts';
import { createApiTokenSecret, createClientCredentialsSecret } from '../aws/credential-secret.ts';
import { createHttpsClient } from '../http/https-client.ts';
import { claimsToReadJobs, createAccessTokens } from './access-token.ts';
import { createRequestToken } from './token-request.ts';

/** How this service authenticates at Beyond Identity, and what else is in the same secret. */
export interface Access {
  apiToken: ApiToken;
  /** Whether this token may list binding jobs. */
  canReadJobs(apiToken: string): boolean;
  /** Under the key in this secret, for those who bring one secret with everything in it. */
  pseudonyms: Pseudonyms;
  /** The secret key of the CAPTCHA in this secret; `undefined` where there is none, or none within the deadline. */
  captchaSecret(deadline: Deadline): Promise<string | undefined>;
  /** Resolves when a token is there, or could not be had. */
  ready: Promise<void>;
}

/** By the token in the secret, or on v1 by access tokens for the client credentials in it; the first one is fetched at once. */
export function createAccess(config: BeyondIdentityConfig, secretId: string, context: Context): Access {
  const options = secretOptions(secretId, context);
  if (config.platform === 'v0' || config.application === undefined) {
    const { source, ...secret } = createApiTokenSecret(options);
    return { ...secret, apiToken: source, canReadJobs: claimsToReadJobs };
  }
  const { telemetry: observer, timeouts } = context;
  const { authUrl, ...application } = config.application;
  const { source: credentials, ...secret } = createClientCredentialsSecret(options);
  const tokens = createAccessTokens({
    requestToken: createRequestToken(
      createHttpsClient(authUrl),
      { tenantId: config.tenantId, ...application },
      retryPauses(context),
      observer,
    ),
    credentials,
    timeoutMs: timeouts.accessTokenMs,
    retryMs: timeouts.accessTokenRetryMs,
    observer,
  });
  return { ...secret, apiToken: tokens, canReadJobs: tokens.canReadJobs, ready: tokens.ready };
}

/** How long to wait between two tries at Beyond Identity. */
export function retryPauses({ timeouts }: Context) {
  return {
    firstMs: timeouts.firstRetryPauseMs,
    longestMs: timeouts.longestRetryPauseMs,
    shortestTryMs: timeouts.shortestCallMs,
  };
}
