import type { Deadline } from './deadline.ts';
import type { ForwardOutcome } from './outcomes.ts';
import type { RetryBudget } from './retry.ts';

/** What forwarding a request came to; `retryAfterMs` is how long Beyond Identity asked us to wait, if it did. */
export interface ForwardResult {
  outcome: ForwardOutcome;
  retryAfterMs?: number | undefined;
}

/** Where the app's users are found by their address. */
export interface Directory {
  /**
   * The references under which Beyond Identity may know this user, in the order in which they are tried; of an unknown
   * user, anything that is nobody's (the address, for example). Must give up at the deadline.
   */
  referencesOf(address: string, deadline: Deadline): Promise<readonly string[]>;
}

/** The tenant's API token, which somebody may rotate at any moment. */
export interface ApiToken {
  /** The token as last read, or `undefined` where none can be had within the deadline. */
  current(deadline: Deadline): Promise<string | undefined>;
  /** The token as it is now, read again unless that happened since `refused` was returned. */
  renewed(refused: string, deadline: Deadline): Promise<string | undefined>;
}

/** Recovery at Beyond Identity: has the link mailed to the user's own registered address. */
export interface BeyondIdentity {
  recoverUser(
    reference: string,
    apiToken: string,
    deadline: Deadline,
    retries: RetryBudget,
  ): Promise<ForwardResult>;
}

export interface ForwardPorts {
  directory: Directory;
  apiToken: ApiToken;
  beyondIdentity: BeyondIdentity;
}

/** Has Beyond Identity recover the user with this address; never throws for what the outside world does. */
export type Forward = (address: string, deadline: Deadline) => Promise<ForwardResult>;

/** How often one request repeats a call that failed for now: four tries in all. */
const RETRIES = 3;

/**
 * Resolve, then forward: each reference until one is somebody's, and all of it once more with a fresh API token where the
 * first one was refused, so that a rotation loses nothing. A token that is still the refused one is not tried again.
 */
export function createForward({ directory, apiToken, beyondIdentity }: ForwardPorts): Forward {
  return async (address, deadline) => {
    const references = await directory.referencesOf(address, deadline);
    const retries = { left: RETRIES };
    const recoverFirst = async (token: string) => {
      let result: ForwardResult = { outcome: 'not-recoverable' };
      for (const reference of references) {
        result = await beyondIdentity.recoverUser(reference, token, deadline, retries);
        if (result.outcome !== 'not-recoverable') break;
      }
      return result;
    };

    const token = await apiToken.current(deadline);
    if (token === undefined) return { outcome: 'token-unavailable' };
    const result = await recoverFirst(token);
    if (result.outcome !== 'token-refused') return result;

    const freshToken = await apiToken.renewed(token, deadline);
    return freshToken === undefined || freshToken === token ? result : recoverFirst(freshToken);
  };
}
