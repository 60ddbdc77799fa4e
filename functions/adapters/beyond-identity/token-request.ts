import * as z from 'zod/mini';
import type { Deadline } from '../../core/deadline.ts';
import { type RetryPauses, type Try, withRetries } from '../../core/retry.ts';
import type { Telemetry } from '../../runtime/telemetry.ts';
import { type HttpsClient, type HttpsResponse, RequestFailed } from '../http/https-client.ts';
import { requestedPauseMs } from '../http/requested-pause.ts';
import { createSend, isTemporary, parsedJson } from './api-call.ts';
import { claimsOf, scopesIn } from './token-claims.ts';

/** The client id and client secret of an application in the vendor's console. */
export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
}

/** The application whose client credentials are used, and what its tokens are for. */
export interface ApplicationOptions {
  tenantId: string;
  /** The realm of the application, often not that of the users. */
  applicationRealmId: string;
  applicationId: string;
  /** Which scope creates binding jobs: any, or only those that send an email; the latter is tried first. */
  jobScope: 'create' | 'create-email';
}

/** An access token. */
export interface IssuedToken {
  value: string;
  scopes: ReadonlySet<string>;
  lifeMs: number;
}

/** What one request for a token came to; a reason holds nothing of the credentials. */
export type TokenResult =
  | { outcome: 'issued'; token: IssuedToken }
  | { outcome: 'client-refused' | 'scope-refused' | 'refused'; reason: string }
  | { outcome: 'failed'; reason: string; retryAfterMs?: number | undefined };

/** Requests a token, with the most scopes that the application has. Throws nothing for what the outside world does. */
export type RequestToken = (credentials: ClientCredentials, deadline: Deadline) => Promise<TokenResult>;

/** The scope without which a lost response cannot be looked up; a token without it works all the same. */
export const READ_JOBS = 'credential-binding-jobs:read';

/** How often a request is repeated after a fault that passes. */
const RETRIES = 2;

const issuedToken = z.object({
  access_token: z.string().check(z.regex(/^[\x21-\x7e]+$/)),
  /** Seconds. */
  expires_in: z.number().check(z.positive()),
  scope: z.optional(z.string()),
});
const tokenError = z.object({ error: z.string().check(z.regex(/^[a-z_]{1,40}$/)) });

/** Requests tokens by client credentials (RFC 6749 section 4.4) at the vendor's authorization server. */
export function createRequestToken(
  client: HttpsClient,
  options: ApplicationOptions,
  pauses: RetryPauses,
  observer: Pick<Telemetry, 'called'>,
): RequestToken {
  const send = createSend(client, observer);
  const path = tokenPath(options);
  const scopes = scopeSets(options.jobScope);
  let preferredScopes = 0;

  async function requestOnce(
    { clientId, clientSecret }: ClientCredentials,
    scope: string,
    deadline: Deadline,
  ): Promise<Try<TokenResult>> {
    const response = await send(
      'token',
      {
        method: 'POST',
        path,
        headers: {
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: `grant_type=client_credentials&scope=${encodeURIComponent(scope)}`,
      },
      deadline,
    );
    if (!(response instanceof RequestFailed)) return read(response, scope);
    return failed(response.message, { immediately: response.staleConnection });
  }

  return async (credentials, deadline) => {
    let best: TokenResult | undefined;
    for (const [index, { list, creates }] of scopes.entries()) {
      if (index < preferredScopes) continue;
      const request = () => requestOnce(credentials, list, deadline);
      const result = await withRetries(request, deadline, pauses, { left: RETRIES });
      if (result?.outcome === 'scope-refused') continue;
      if (result?.outcome !== 'issued') {
        return best ?? result ?? { outcome: 'failed', reason: 'deadline exceeded' };
      }
      best = result;
      // the choice is kept: it costs a call less next time
      preferredScopes = index;
      // it may have fewer scopes than were asked for
      if (result.token.scopes.has(creates)) break;
    }
    if (best === undefined) preferredScopes = 0;
    return best ?? { outcome: 'refused', reason: SCOPES_MISSING };
  };
}

const SCOPES_MISSING = 'invalid_scope: grant the application the scopes in docs/getting-started.md';

/** The token endpoint of an application. */
function tokenPath({ tenantId, applicationRealmId, applicationId }: ApplicationOptions): string {
  const [tenant, realm, application] = [tenantId, applicationRealmId, applicationId].map(encodeURIComponent);
  return `/v1/tenants/${tenant}/realms/${realm}/applications/${application}/token`;
}

/** What is asked for, the best first: the narrow scope where it is configured, and reading jobs where it is there. */
function scopeSets(jobScope: ApplicationOptions['jobScope']): { list: string; creates: string }[] {
  const create = ['credential-binding-jobs:create'];
  const narrowFirst =
    jobScope === 'create-email' ? ['credential-binding-jobs:create-email', ...create] : create;
  return narrowFirst.flatMap((creates) => [
    { list: `identities:read ${creates} ${READ_JOBS}`, creates },
    { list: `identities:read ${creates}`, creates },
  ]);
}

function read({ status, headers, body }: HttpsResponse, requested: string): Try<TokenResult> {
  const json = parsedJson(body)?.value;
  if (status >= 200 && status < 300) {
    const { data } = issuedToken.safeParse(json);
    return data === undefined ? failed('a success without an access token', {}) : issued(data, requested);
  }
  if (isTemporary(status)) {
    return failed(`status ${status}`, { afterMs: requestedPauseMs(status, headers) });
  }
  if (status < 400 || body === undefined) return failed(`status ${status}`, {});
  const code = tokenError.safeParse(json).data?.error;
  const reason = code === undefined ? `status ${status}` : `status ${status} ${code}`;
  if (code === 'invalid_scope') return { result: { outcome: 'scope-refused', reason } };
  // without a code, 401 is about the client too
  const isClient = code === 'invalid_client' || status === 401 || status === 403;
  return { result: { outcome: isClient ? 'client-refused' : 'refused', reason } };
}

function issued(
  { access_token: value, expires_in, scope }: z.infer<typeof issuedToken>,
  requested: string,
): Try<TokenResult> {
  // a scope that is left out is the one that was requested (RFC 6749 section 5.1)
  const scopes = scopesIn(scope ?? claimsOf(value)?.scope ?? requested);
  return { result: { outcome: 'issued', token: { value, scopes, lifeMs: expires_in * 1000 } } };
}

function failed(reason: string, retry: NonNullable<Try<TokenResult>['retry']>): Try<TokenResult> {
  return { result: { outcome: 'failed', reason, retryAfterMs: retry.afterMs }, retry };
}
