import type { Deadline } from './deadline.ts';
import type { ResolvedUser } from './directory.ts';
import type { ForwardOutcome } from './outcomes.ts';
import type { RetryBudget, Try } from './retry.ts';

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
  /** How the first try of its lookup ended; absent: there was none. */
  lookup?: Try<LookupResult> | undefined;
}

/** What a lookup of a user comes to. */
export type LookupResult = { outcome: 'found'; id: string } | { outcome: 'forbidden' } | ForwardResult;

/** Recovery at Beyond Identity: emails the link to the user's registered address. */
export interface BeyondIdentity {
  recoverUser(call: RecoveryCall, deadline: Deadline, retries: RetryBudget): Promise<ForwardResult>;
  /** Makes the first call of a recovery, which sends nothing; absent where every call may send the email. */
  lookUp?: ((call: RecoveryCall, deadline: Deadline) => Promise<Try<LookupResult> | undefined>) | undefined;
}

/** A lookup that was made before the request was admitted, with this token. */
export interface Lookup extends Pick<RecoveryCall, 'reference' | 'apiToken'> {
  first: Try<LookupResult>;
}

/** A user, and the lookup that has begun. */
export interface PreparedUser extends ResolvedUser {
  lookup?: Promise<Lookup | undefined>;
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
  user: PreparedUser,
  deadline: Deadline,
  mayBeMailedSince?: number,
) => Promise<ForwardResult>;

/** Forwards requests. */
export interface Forwarding {
  /**
   * Does what sends nothing, while it is not known yet whether the request is admitted: gets an API token, and looks the
   * user up once. `undefined` where there is nothing to look up. Never throws for what the outside world does.
   */
  prepare(resolving: Promise<ResolvedUser | undefined>, deadline: Deadline): Promise<Lookup | undefined>;
  forward: Forward;
}

/** How often one request repeats a call that failed for now: four tries in all. */
const RETRIES = 3;

/**
 * Forwards each reference until one belongs to a user, and all of it once more with a fresh API token where the first
 * one was refused, so that a rotation loses nothing. A token that is still the refused one is not tried again.
 */
export function createForwarder({ apiToken, beyondIdentity }: ForwardPorts): Forwarding {
  async function prepare(
    resolving: Promise<ResolvedUser | undefined>,
    deadline: Deadline,
  ): Promise<Lookup | undefined> {
    const [user, token] = await Promise.all([resolving, apiToken.current(deadline)]);
    const [reference] = user?.references ?? [];
    if (reference === undefined || token === undefined) return undefined;
    const call = { reference, apiToken: token };
    const first = await beyondIdentity.lookUp?.(call, deadline);
    return first && { ...call, first };
  }

  async function forward(
    { references, lookup }: PreparedUser,
    deadline: Deadline,
    mayBeMailedSince?: number,
  ): Promise<ForwardResult> {
    if (references.length === 0) return { outcome: 'not-recoverable' };
    const token = await apiToken.current(deadline);
    if (token === undefined) return { outcome: 'token-unavailable' };
    const known = await lookup;
    const retries = { left: RETRIES };
    const recoverFirst = async (withToken: string, since: number | undefined) => {
      let result: ForwardResult = { outcome: 'not-recoverable' };
      for (const reference of references) {
        const isLookedUp = known?.reference === reference && known.apiToken === withToken;
        const call = {
          reference,
          apiToken: withToken,
          mayBeMailedSince: since,
          lookup: isLookedUp ? known.first : undefined,
        };
        result = await beyondIdentity.recoverUser(call, deadline, retries);
        if (result.outcome === 'forwarded') return { ...result, reference: result.reference ?? reference };
        if (result.outcome !== 'not-recoverable') break;
      }
      return result;
    };

    const result = await recoverFirst(token, mayBeMailedSince);
    if (result.outcome !== 'token-refused') return result;

    const freshToken = await apiToken.renewed(token, deadline);
    if (freshToken === undefined || freshToken === token) return result;
    return recoverFirst(freshToken, mayBeMailedSince ?? result.mayBeMailedSince);
  }

  return { prepare, forward };
}
