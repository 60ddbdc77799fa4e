import { randomUUID } from 'node:crypto';
import type { Deadline } from '../../core/deadline.ts';
import type { BeyondIdentity, ForwardResult, LookupResult, RecoveryCall } from '../../core/forward.ts';
import { type RetryBudget, type RetryPauses, type Try, withRetries } from '../../core/retry.ts';
import type { HttpsClient } from '../http/https-client.ts';
import { type CallFailure, type CallObserver, createCallApi } from './api-call.ts';
import { recoverUnlessForbidden } from './forbidden.ts';
import { type BindingJobOptions, createBindingJob, listBindingJobs } from './v1-binding-jobs.ts';
import { canBeUserName, findIdentity, type IdentityResult, isIdentityId } from './v1-identities.ts';

/** Which users, and with which link. */
export interface V1ClientOptions extends BindingJobOptions {
  tenantId: string;
  /** The realm of the users. */
  realmId: string;
  /** What a reference is: the identity's user name, which is looked up, or its id. */
  references: 'user-name' | 'identity-id';
  /** Whether this access token may list binding jobs. */
  canReadJobs(accessToken: string): boolean;
}

/** By how much the vendor's clock may be behind, in milliseconds. */
const CLOCK_TOLERANCE_MS = 5_000;

/** How many pages of an identity's jobs are read; with more, nobody knows whether an earlier try was a success. */
const MAXIMUM_JOB_PAGES = 5;

/**
 * Recovery over the vendor's v1 API: finds the identity, and creates a credential binding job that emails the link. A job
 * is not idempotent: where the response to an earlier one was lost, and the token may read jobs, it looks for that one
 * first, so that nobody gets two emails.
 */
export function createV1Client(
  client: HttpsClient,
  options: V1ClientOptions,
  pauses: RetryPauses,
  observer: CallObserver,
): BeyondIdentity {
  const callApi = createCallApi(client, observer);
  const realmPath = realmPathOf(options);
  const isReference = options.references === 'identity-id' ? isIdentityId : canBeUserName;

  async function resolve(
    { reference, apiToken, lookup }: RecoveryCall,
    deadline: Deadline,
    retries: RetryBudget,
  ): Promise<IdentityResult> {
    // the directory vouches for it: one that cannot be right is not a user whom nobody knows
    if (!isReference(reference)) return { outcome: 'misconfigured' };
    if (options.references === 'identity-id') return { outcome: 'found', id: reference };
    const find = (userName: string, first?: Try<LookupResult>) =>
      withRetries(
        () => callApi(findIdentity(realmPath, userName, apiToken), deadline),
        deadline,
        pauses,
        retries,
        first,
      );
    let first = lookup;
    const findUser = () => {
      const made = first;
      first = undefined;
      return find(reference, made);
    };
    return recoverUnlessForbidden(
      findUser,
      () => find(`no-user-${randomUUID()}`),
      observer.forbiddenForOneUser,
    );
  }

  /** Whether a link has been emailed since then; `undefined`: the jobs do not say. */
  async function findEarlierJob(
    identityId: string,
    accessToken: string,
    sinceMs: number,
    deadline: Deadline,
  ): Promise<Try<CallFailure> | undefined> {
    let pageToken: string | undefined;
    for (let page = 0; page < MAXIMUM_JOB_PAGES; page++) {
      const call = listBindingJobs(realmPath, identityId, accessToken, sinceMs, pageToken);
      const { result, retry } = await callApi(call, deadline);
      if (result.outcome === 'forbidden' || result.outcome === 'misconfigured') {
        // the scope is missing after all
        return undefined;
      }
      if (result.outcome !== 'listed') return { result, ...(retry && { retry }) };
      if (result.isMailed) return { result: { outcome: 'forwarded' } };
      pageToken = result.nextPageToken;
      if (pageToken === undefined) break;
    }
    return undefined;
  }

  async function mailLink(
    identityId: string,
    { apiToken, mayBeMailedSince }: RecoveryCall,
    deadline: Deadline,
    retries: RetryBudget,
  ): Promise<ForwardResult> {
    const sinceMs = mayBeMailedSince ?? Date.now();
    let mayBeMailed = mayBeMailedSince !== undefined;

    async function tryOnce(): Promise<Try<CallFailure>> {
      if (mayBeMailed && options.canReadJobs(apiToken)) {
        const earlier = await findEarlierJob(identityId, apiToken, sinceMs - CLOCK_TOLERANCE_MS, deadline);
        if (earlier !== undefined) return earlier;
      }
      const job = createBindingJob(realmPath, identityId, apiToken, options, observer);
      const created = await callApi(job, deadline);
      // a kept connection that was closed may have carried the request first
      mayBeMailed ||= created.result.outcome === 'upstream-failed' && !created.result.isAboutUser;
      return created;
    }

    const result = await withRetries(tryOnce, deadline, pauses, retries);
    const since = mayBeMailed ? sinceMs : undefined;
    if (result === undefined) return { outcome: 'deadline-exceeded', mayBeMailedSince: since };
    // the same token may look identities up: whatever forbids this is not about the user
    if (result.outcome === 'forbidden') return { outcome: 'token-refused', mayBeMailedSince: since };
    return result.outcome === 'forwarded'
      ? { ...result, reference: identityId }
      : { ...result, mayBeMailedSince: since };
  }

  return {
    async lookUp({ reference, apiToken }, deadline) {
      if (options.references === 'identity-id' || !isReference(reference)) return undefined;
      return callApi(findIdentity(realmPath, reference, apiToken), deadline);
    },
    async recoverUser(call, deadline, retries) {
      const identity = await resolve(call, deadline, retries);
      return identity.outcome === 'found' ? mailLink(identity.id, call, deadline, retries) : identity;
    },
  };
}

/** Path of the users' realm. */
export function realmPathOf({ tenantId, realmId }: Pick<V1ClientOptions, 'tenantId' | 'realmId'>): string {
  return `/v1/tenants/${encodeURIComponent(tenantId)}/realms/${encodeURIComponent(realmId)}`;
}
