import { randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Deadline } from '../../core/deadline.ts';
import { type RetryBudget, type Try, withRetries } from '../../core/retry.ts';
import { type Check, type CheckResult, ok, problem } from '../../core/self-test.ts';
import type { BeyondIdentityConfig, V1Config } from '../../runtime/beyond-identity-config.ts';
import type { Context } from '../../runtime/context.ts';
import type { Telemetry } from '../../runtime/telemetry.ts';
import { createHttpsClient } from '../http/https-client.ts';
import { createAccess, retryPauses } from './access.ts';
import { type ApiCall, authorizedHeaders, type CallFailure, createCallApi, parsedJson } from './api-call.ts';
import { daysLeft, fixOfToken, isIssued, tokenProblem } from './token-check.ts';
import { createV0Client } from './v0-client.ts';
import { createBindingJob } from './v1-binding-jobs.ts';
import { realmPathOf } from './v1-client.ts';

/** What the checks of a tenant came to. */
export interface TenantCheck {
  checks: Check[];
  /** Days until the token in the secret expires; absent where it does not say, or is renewed by itself. */
  tokenDaysLeft: number | undefined;
}

/** How often a call of a check is repeated after a fault that passes. */
const RETRIES = 2;

/**
 * Checks the secret, the token, and the tenant that they belong to. Sends no email: no call is about a user who exists.
 * Reads the secret anew and has a new access token issued, whatever this instance has cached.
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
    const reason = [...new Set(observed.reasons)].join('; ') || 'no response in time';
    const check = { name: 'token', ...problem(`no token: ${reason}`, fixOfToken(config)) };
    return { checks: [check], tokenDaysLeft: undefined };
  }
  const tokenDaysLeft = daysLeft(config, apiToken);
  const wrong = tokenProblem(config, apiToken);
  if (wrong !== undefined) return { checks: [{ name: 'token', ...wrong }], tokenDaysLeft };

  const token = ok(isIssued(config) ? 'issued for the client credentials' : daysText(tokenDaysLeft));
  const calls = config.platform === 'v0' ? checkV0 : checkV1(config);
  const found = await calls({ config, apiToken, context, observed, deadline });
  return { checks: [{ name: 'token', ...token }, ...found], tokenDaysLeft };
}

/** What the calls of a check need. */
interface CheckedTenant {
  config: BeyondIdentityConfig;
  apiToken: string;
  context: Context;
  observed: Observed;
  deadline: Deadline;
}

/** Has a user recovered who cannot exist. */
async function checkV0({ config, apiToken, context, observed, deadline }: CheckedTenant): Promise<Check[]> {
  const client = createV0Client(createHttpsClient(config.apiUrl), retryPauses(context), context.telemetry);
  const call = { reference: `self-test-${randomUUID()}`, apiToken };
  const { outcome } = await client.recoverUser(call, deadline, { left: RETRIES });
  const recognized = observed.isUnrecognized ? 'misconfigured' : outcome;
  return [{ name: 'Beyond Identity', ...resultOf(recognized, config, observed) }];
}

const identityPage = z.object({ identities: z.array(z.unknown()) });

/** Looks at one identity of the realm, and tries to create a job for one that cannot exist. */
function checkV1(config: V1Config) {
  return async ({ apiToken, context, observed, deadline }: CheckedTenant): Promise<Check[]> => {
    const callApi = createCallApi(createHttpsClient(config.apiUrl), context.telemetry);
    const retries: RetryBudget = { left: RETRIES };
    const call = <Result>(one: ApiCall<Result>): Promise<Result | CallFailure | undefined> =>
      withRetries(() => callApi(one, deadline), deadline, retryPauses(context), retries);

    const realm = await call(oneIdentity(realmPathOf(config), apiToken));
    if (realm?.outcome === 'empty') {
      const fix = 'Check beyondIdentity.realmId: it is the realm of the users, not that of the application.';
      return [{ name: 'Beyond Identity', ...problem('the realm has no users', fix) }];
    }
    const accepted = resultOf(realm?.outcome, config, observed);
    const checks: Check[] = [{ name: 'Beyond Identity', ...accepted }];
    if (accepted.status === 'problem') return checks;

    const identityId = randomBytes(8).toString('hex');
    const job = createBindingJob(realmPathOf(config), identityId, apiToken, config, context.telemetry);
    checks.push({ name: 'binding jobs', ...jobResult((await call(job))?.outcome) });
    return checks;
  };
}

/** The operation `ListIdentities`, for whether there is any. */
function oneIdentity(
  realmPath: string,
  apiToken: string,
): ApiCall<{ outcome: 'found' | 'empty' | 'misconfigured' }> {
  return {
    operation: 'identities',
    request: {
      method: 'GET',
      path: `${realmPath}/identities?page_size=1`,
      headers: authorizedHeaders(apiToken),
    },
    read({ status, body }): Try<{ outcome: 'found' | 'empty' | 'misconfigured' }> {
      const { data } = identityPage.safeParse(parsedJson(body)?.value);
      if (status >= 300 || data === undefined) return { result: { outcome: 'misconfigured' } };
      return { result: { outcome: data.identities.length === 0 ? 'empty' : 'found' } };
    },
  };
}

/** What was seen of the calls. */
interface Observed {
  reasons: string[];
  status: number | undefined;
  /** Whether a success came that is not Beyond Identity's. */
  isUnrecognized: boolean;
}

/** Keeps what would be logged. */
function observe(telemetry: Telemetry) {
  const observed: Observed = { reasons: [], status: undefined, isUnrecognized: false };
  const note = (reason: string) => {
    observed.reasons.push(reason);
  };
  const observer: Telemetry = {
    ...telemetry,
    secretUnreadable: note,
    accessTokenUnavailable: note,
    unrecognizedSuccess: () => {
      observed.isUnrecognized = true;
    },
    called: (_latencyMs, result) => {
      if ('status' in result) observed.status = result.status;
      else note(`${result.operation}: ${result.fault}`);
    },
  };
  return { observed, observer };
}

function resultOf(
  outcome: string | undefined,
  config: BeyondIdentityConfig,
  { status }: Observed,
): CheckResult {
  const where = config.apiUrl.host;
  switch (outcome) {
    case 'found':
    case 'forwarded':
    case 'not-recoverable':
      return ok(`${where} accepts the token`);
    case 'forbidden':
    case 'token-refused':
      return problem(
        `${where} rejects the token (status ${status})`,
        `${fixOfToken(config)} Check the region in beyondIdentity, too.`,
      );
    case 'misconfigured':
      return problem(
        `${where} rejects the call, or is not Beyond Identity (status ${status})`,
        config.platform === 'v0'
          ? 'Check beyondIdentity.region and beyondIdentity.apiUrl.'
          : 'Check beyondIdentity.region, tenantId and realmId.',
      );
    default:
      return problem(
        `no usable response from ${where}`,
        'Look at the status page of Beyond Identity; if it works, check the network of the function.',
      );
  }
}

/** What a job for an identity that cannot exist came to: whether the token may create jobs, and what of it is rejected. */
function jobResult(outcome: string | undefined): CheckResult {
  switch (outcome) {
    case 'not-recoverable':
      return ok('the token may create binding jobs');
    case 'misconfigured':
      return problem(
        'a binding job is rejected, or not understood',
        'Check beyondIdentity.authenticatorConfigId and postBindingRedirectUri.',
      );
    case 'forbidden':
    case 'token-refused':
      return problem(
        'the token may not create binding jobs',
        'Grant credential-binding-jobs:create in the Beyond Identity console.',
      );
    default:
      return problem('no usable response', 'Look at the status page of Beyond Identity.');
  }
}

function daysText(days: number | undefined): string {
  return days === undefined ? 'it does not say when it expires' : `expires in ${days} days`;
}
