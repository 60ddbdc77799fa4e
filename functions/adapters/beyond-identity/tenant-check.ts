import { randomBytes, randomUUID } from 'node:crypto';
import type { Deadline } from '../../core/deadline.ts';
import type { ForwardOutcome } from '../../core/outcomes.ts';
import { type Check, type CheckResult, ok, problem } from '../../core/self-test.ts';
import type { BeyondIdentityConfig, V1Config } from '../../runtime/beyond-identity-config.ts';
import type { Context } from '../../runtime/context.ts';
import type { Telemetry } from '../../runtime/telemetry.ts';
import { createHttpsClient } from '../http/https-client.ts';
import { createAccess } from './access.ts';
import { createCallApi } from './api-call.ts';
import { createClient } from './forwarding.ts';
import { claimsOf, scopesIn, type TokenClaims } from './token-claims.ts';
import { createBindingJob } from './v1-binding-jobs.ts';
import { realmPathOf } from './v1-client.ts';

const DAY_SECONDS = 24 * 60 * 60;

/** What the checks of a tenant came to. */
export interface TenantCheck {
  checks: Check[];
  /** Days until the token in the secret expires; absent where it does not say, or is renewed by itself. */
  tokenDaysLeft: number | undefined;
}

/**
 * Checks the secret, the token, and the tenant that they belong to, and sends no email: all calls are about a user who
 * cannot exist. Reads the secret again and requests a new access token, whatever this instance has cached.
 */
export async function checkTenant(
  config: BeyondIdentityConfig,
  secretId: string,
  { telemetry, timeouts }: Context,
  deadline: Deadline,
): Promise<TenantCheck> {
  const { observed, observer } = observe(telemetry);
  const context = { telemetry: observer, timeouts };
  const access = createAccess(config, secretId, context);
  await deadline.waitFor(access.ready);
  const apiToken = await access.apiToken.current(deadline);
  if (apiToken === undefined) {
    const reason = observed.reasons.join('; ') || 'no response in time';
    const check = { name: 'token', ...problem(`no token: ${reason}`, fixOfToken(config)) };
    return { checks: [check], tokenDaysLeft: undefined };
  }

  const isIssued = config.platform === 'v1' && config.application !== undefined;
  const claims = claimsOf(apiToken);
  const tokenDaysLeft =
    isIssued || claims?.exp === undefined
      ? undefined
      : Math.floor(claims.exp / DAY_SECONDS - Date.now() / 1000 / DAY_SECONDS);
  const token = tokenProblem(config, claims, tokenDaysLeft);
  if (token !== undefined) return { checks: [{ name: 'token', ...token }], tokenDaysLeft };

  const lookup = await createClient(config, access, context).recoverUser(
    { reference: `self-test-${randomUUID()}`, apiToken },
    deadline,
    { left: 1 },
  );
  const checks: Check[] = [
    { name: 'token', ...ok(isIssued ? 'issued for the client credentials' : daysText(tokenDaysLeft)) },
    { name: 'Beyond Identity', ...lookupResult(lookup.outcome, config, observed.status) },
  ];
  if (config.platform === 'v1' && lookup.outcome === 'not-recoverable') {
    checks.push({ name: 'binding jobs', ...(await checkJobs(config, apiToken, context, deadline)) });
  }
  return { checks, tokenDaysLeft };
}

/** Keeps what would be logged, beside logging it. */
function observe(telemetry: Telemetry) {
  const observed: { reasons: string[]; status: number | undefined } = { reasons: [], status: undefined };
  const note = (reason: string) => {
    observed.reasons.push(reason);
  };
  const observer: Telemetry = {
    ...telemetry,
    secretUnreadable: note,
    accessTokenUnavailable: note,
    called: (_latencyMs, result) => {
      observed.status = 'status' in result ? result.status : undefined;
      if ('fault' in result) note(`${result.operation}: ${result.fault}`);
    },
  };
  return { observed, observer };
}

function fixOfToken(config: BeyondIdentityConfig): string {
  const isIssued = config.platform === 'v1' && config.application !== undefined;
  return isIssued
    ? 'Check beyondIdentity.applicationId and applicationRealmId, and run npm run store-token -- --client-credentials.'
    : 'Run npm run store-token.';
}

/** What a token says of itself that cannot be right. Its claims are hints: only Beyond Identity decides. */
function tokenProblem(
  config: BeyondIdentityConfig,
  claims: TokenClaims | undefined,
  daysLeft: number | undefined,
): CheckResult | undefined {
  if (daysLeft !== undefined && daysLeft < 0)
    return problem('the API token has expired', 'Run npm run store-token.');
  if (config.platform === 'v0') {
    return claims?.bi_t === undefined
      ? undefined
      : problem(
          'the API token is one of the v1 platform',
          'Set beyondIdentity.platform to "v1", or store a v0 token.',
        );
  }
  if (claims === undefined) return undefined;
  if (claims.bi_t === undefined) {
    return problem(
      'the API token is not one of the v1 platform',
      'Set beyondIdentity.platform to "v0", or store a v1 token.',
    );
  }
  if (claims.bi_t !== config.tenantId) {
    return problem(
      'the token is for another tenant',
      'Set beyondIdentity.tenantId to the tenant of the token.',
    );
  }
  return missingScope(scopesIn(claims.scope));
}

function missingScope(scopes: ReadonlySet<string>): CheckResult | undefined {
  const mayCreate = ['credential-binding-jobs:create', 'credential-binding-jobs:create-email'].some((scope) =>
    scopes.has(scope),
  );
  // a token may not name its scopes
  if (scopes.size === 0 || (mayCreate && scopes.has('identities:read'))) return undefined;
  const missing = mayCreate ? 'identities:read' : 'credential-binding-jobs:create';
  return problem(`the token lacks the scope ${missing}`, `Grant ${missing} in the Beyond Identity console.`);
}

function lookupResult(
  outcome: ForwardOutcome,
  config: BeyondIdentityConfig,
  status: number | undefined,
): CheckResult {
  const where = config.apiUrl.host;
  switch (outcome) {
    case 'forwarded':
    case 'not-recoverable':
      return ok(`${where} accepts the token`);
    case 'token-refused':
    case 'token-unavailable':
      return problem(
        `${where} rejects the token (status ${status})`,
        `${fixOfToken(config)} Check the region in beyondIdentity, too.`,
      );
    case 'misconfigured':
      return problem(
        `${where} rejects the call (status ${status})`,
        config.platform === 'v0'
          ? 'Check beyondIdentity.region and beyondIdentity.apiUrl.'
          : 'Check beyondIdentity.region, tenantId and realmId.',
      );
    default:
      return problem(
        `no usable response from ${where}`,
        'Check https://status.beyondidentity.com, and the network of the function.',
      );
  }
}

/** Tries to create a job for an identity that cannot exist: shows whether the token may, and what of the job is rejected. */
async function checkJobs(
  config: V1Config,
  apiToken: string,
  { telemetry }: Context,
  deadline: Deadline,
): Promise<CheckResult> {
  const callApi = createCallApi(createHttpsClient(config.apiUrl), telemetry);
  const job = createBindingJob(
    realmPathOf(config),
    randomBytes(8).toString('hex'),
    apiToken,
    config,
    telemetry,
  );
  const { result } = await callApi(job, deadline);
  switch (result.outcome) {
    case 'not-recoverable':
      return ok('the token may create binding jobs');
    case 'misconfigured':
      return problem(
        'a binding job is rejected',
        'Check beyondIdentity.authenticatorConfigId and postBindingRedirectUri.',
      );
    case 'forbidden':
    case 'token-refused':
      return problem(
        'the token may not create binding jobs',
        'Grant credential-binding-jobs:create in the console.',
      );
    default:
      return problem('no usable response', 'Try again.');
  }
}

function daysText(daysLeft: number | undefined): string {
  return daysLeft === undefined ? 'it does not say when it expires' : `expires in ${daysLeft} days`;
}
