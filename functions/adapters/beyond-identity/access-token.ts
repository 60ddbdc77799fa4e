import type { Deadline } from '../../core/deadline.ts';
import type { ApiToken } from '../../core/forward.ts';
import { startDeadline } from '../../runtime/deadline.ts';
import type { Telemetry } from '../../runtime/telemetry.ts';
import { claimsOf, scopesIn } from './token-claims.ts';
import {
  type ClientCredentials,
  type IssuedToken,
  READ_JOBS,
  type RequestToken,
  type TokenResult,
} from './token-request.ts';

/** Where the client credentials are kept, which somebody may rotate at any moment. */
export interface CredentialSource {
  /** As last read, or `undefined` where none can be had within the deadline. */
  current(deadline: Deadline): Promise<ClientCredentials | undefined>;
  /** As they are now, read again unless that happened since `refused` was returned. */
  renewed(refused: ClientCredentials, deadline: Deadline): Promise<ClientCredentials | undefined>;
}

export interface AccessTokenOptions {
  requestToken: RequestToken;
  credentials: CredentialSource;
  /** How long one token may take, all tries together, in milliseconds. */
  timeoutMs: number;
  /** How long after a rejection the authorization server is asked again, in milliseconds. */
  retryMs: number;
  observer: Pick<Telemetry, 'accessTokenUnavailable' | 'accessTokenRenewalFailed'>;
}

/** A token, and whether it may list binding jobs. */
export interface AccessTokens extends ApiToken {
  canReadJobs(accessToken: string): boolean;
  /** Resolves when the first token is there, or could not be had. */
  ready: Promise<void>;
}

/** A token of this instance, with times in milliseconds since 1970: performance.now() stands still while it is frozen. */
interface KeptToken extends IssuedToken {
  renewAt: number;
  expiresAt: number;
}

/** A token is replaced when this share of its life is left. */
const RENEWAL_SHARE = 0.1;

/** Whether a token that is used as it is may list binding jobs, by its own claims. */
export function claimsToReadJobs(token: string): boolean {
  return scopesIn(claimsOf(token)?.scope).has(READ_JOBS);
}

/**
 * Access tokens of an application, kept in this instance until shortly before they expire. At most one request is under
 * way at a time, and the first one starts at once. Client credentials that are refused are read again once, so that a
 * rotation loses nothing.
 */
export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  const { requestToken, credentials, timeoutMs, retryMs, observer } = options;
  let token: KeptToken | undefined;
  let previous: IssuedToken | undefined;
  let refused: string | undefined;
  let renewing: Promise<void> | undefined;
  let retryAt = 0;

  /** The token, unless it has expired or was refused. */
  function valid(): KeptToken | undefined {
    return token === undefined || token.value === refused || Date.now() >= token.expiresAt
      ? undefined
      : token;
  }

  function renew(): Promise<void> {
    // a clock that was set back must not make the pause longer
    const pauseMs = retryAt - Date.now();
    if (renewing === undefined && pauseMs > 0 && pauseMs <= retryMs) return Promise.resolve();
    renewing ??= renewOnce().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  async function renewOnce(): Promise<void> {
    const deadline = startDeadline(timeoutMs);
    const issuedAt = Date.now();
    const result = await requestWithFreshCredentials(deadline).finally(deadline.clear);
    if (result?.outcome === 'issued') {
      previous = token;
      const { lifeMs } = result.token;
      const renewAt = issuedAt + lifeMs * (1 - RENEWAL_SHARE);
      token = { ...result.token, renewAt, expiresAt: issuedAt + lifeMs };
      return;
    }
    const reason = result?.reason ?? 'the client credentials cannot be read';
    // a token that is still valid is in no hurry
    const isValid = valid() !== undefined;
    retryAt = Date.now() + (isValid ? retryMs : Math.min(pauseAfter(result), retryMs));
    if (isValid) observer.accessTokenRenewalFailed(reason);
    else observer.accessTokenUnavailable(reason);
  }

  /** How long to leave the authorization server alone: for long only where it rejected us. */
  function pauseAfter(result: TokenResult | undefined): number {
    if (result === undefined) return 0;
    return result.outcome === 'failed' ? (result.retryAfterMs ?? 0) : retryMs;
  }

  async function requestWithFreshCredentials(deadline: Deadline) {
    const first = await credentials.current(deadline);
    if (first === undefined) return undefined;
    const result = await requestToken(first, deadline);
    if (result.outcome !== 'client-refused') return result;
    const fresh = await credentials.renewed(first, deadline);
    return fresh === undefined || areEqual(fresh, first) ? result : requestToken(fresh, deadline);
  }

  return {
    ready: renew(),
    async current(deadline) {
      const kept = valid();
      if (kept === undefined) await deadline.waitFor(renew());
      else if (Date.now() >= kept.renewAt) void renew();
      return valid()?.value;
    },
    async renewed(refusedToken, deadline) {
      if (token?.value === refusedToken) refused = refusedToken;
      if (valid() === undefined) await deadline.waitFor(renew());
      return valid()?.value;
    },
    canReadJobs: (accessToken) =>
      [token, previous].some((issued) => issued?.value === accessToken && issued.scopes.has(READ_JOBS)),
  };
}

function areEqual(one: ClientCredentials, other: ClientCredentials): boolean {
  return one.clientId === other.clientId && one.clientSecret === other.clientSecret;
}
