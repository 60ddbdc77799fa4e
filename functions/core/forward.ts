import type { Deadline } from './deadline.ts';
import type { ResolvedUser } from './directory.ts';
import type { ForwardOutcome } from './outcomes.ts';
import type { RetryBudget } from './retry.ts';

/** What forwarding a request came to; `retryAfterMs` is how long Beyond Identity asked us to wait, if it did. */
export interface ForwardResult {
  outcome: ForwardOutcome;
  retryAfterMs?: number | undefined;
  /** Since when the email may have been sent all the same, in milliseconds since 1970; absent: it was not. */
  mayBeMailedSince?: number | undefined;
  /** How Beyond Identity knows the user whose request it accepted; absent in other outcomes. */
  reference?: string | undefined;
  /** The failure is one user's, and says nothing of Beyond Identity. */
  isAboutUser?: boolean;
}

/** The tenant's API token, which somebody may rotate at any moment. */
export interface ApiToken {
  /** The token as last read, or `undefined` where none can be had within the deadline. */
  current(deadline: Deadline): Promise<string | undefined>;
  /** The token as it is now, read again unless that happened since `refused` was returned. */
  renewed(refused: string, deadline: Deadline): Promise<string | undefined>;
}

/** One user to recover. */
export interface RecoveryCall {
  /** How Beyond Identity knows the user. */
  reference: string;
  apiToken: string;
  /**
   * Since when an earlier try may have sent the email without our knowledge, in milliseconds since 1970; absent: there
   * was no earlier try.
   */
  mayBeMailedSince?: number | undefined;
}

/** Recovery at Beyond Identity: emails the link to the user's registered address. */
export interface BeyondIdentity {
  recoverUser(call: RecoveryCall, deadline: Deadline, retries: RetryBudget): Promise<ForwardResult>;
}

export interface ForwardPorts {
  apiToken: ApiToken;
  beyondIdentity: BeyondIdentity;
}

/**
 * Has Beyond Identity recover a user; never throws for what the outside world does. `mayBeMailedSince` is that of the
 * {@link RecoveryCall}.
 */
export type Forward = (
  user: ResolvedUser,
  deadline: Deadline,
  mayBeMailedSince?: number,
) => Promise<ForwardResult>;

/** How often one request repeats a call that failed for now: four tries in all. */
const RETRIES = 3;

/**
 * Forwards each reference until one belongs to a user, and all of it once more with a fresh API token where the first
 * one was refused, so that a rotation loses nothing. A token that is still the refused one is not tried again.
 */
export function createForward({ apiToken, beyondIdentity }: ForwardPorts): Forward {
  return async ({ references }, deadline, mayBeMailedSince) => {
    const retries = { left: RETRIES };
    const recoverFirst = async (token: string, since: number | undefined) => {
      let result: ForwardResult = { outcome: 'not-recoverable' };
      for (const reference of references) {
        const call = { reference, apiToken: token, mayBeMailedSince: since };
        result = await beyondIdentity.recoverUser(call, deadline, retries);
        if (result.outcome === 'forwarded') return { ...result, reference: result.reference ?? reference };
        if (result.outcome !== 'not-recoverable') break;
      }
      return result;
    };

    const token = await apiToken.current(deadline);
    if (token === undefined) return { outcome: 'token-unavailable' };
    const result = await recoverFirst(token, mayBeMailedSince);
    if (result.outcome !== 'token-refused') return result;

    const freshToken = await apiToken.renewed(token, deadline);
    if (freshToken === undefined || freshToken === token) return result;
    return recoverFirst(freshToken, mayBeMailedSince ?? result.mayBeMailedSince);
  };
}
