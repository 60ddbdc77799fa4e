import type { Deadline } from './deadline.ts';

/** What Beyond Identity made of a request. */
export type Answer = 'forwarded' | 'not-recoverable' | 'token-refused' | 'upstream-failed';

/** An answer; where it is `upstream-failed`, `retryAfterMs` is how long Beyond Identity asked us to wait, if it did. */
export interface Answered {
  answer: Answer;
  retryAfterMs?: number | undefined;
}

/** What forwarding a request came to. */
export interface Forwarded {
  outcome: Answer | 'token-unavailable';
  retryAfterMs?: number | undefined;
}

/** Where the app's users are found by their address. */
export interface Directory {
  /**
   * The identifier under which the app created this user in Beyond Identity; of an unknown user, anything that is nobody's
   * (the address, for example). Must give up at the deadline.
   */
  externalIdOf(address: string, deadline: Deadline): Promise<string>;
}

/** The tenant's API token, which somebody may rotate at any moment. */
export interface ApiToken {
  /** The token as last read, or `undefined` where none can be had within the deadline. */
  current(deadline: Deadline): Promise<string | undefined>;
  /** The token as it is now, read anew unless that happened since `refused` was handed out. */
  renewed(refused: string, deadline: Deadline): Promise<string | undefined>;
}

/** Recovery at Beyond Identity: has the link mailed to the user's own registered address. */
export interface BeyondIdentity {
  recoverUser(externalId: string, apiToken: string, deadline: Deadline): Promise<Answered>;
}

export interface ForwardPorts {
  directory: Directory;
  apiToken: ApiToken;
  beyondIdentity: BeyondIdentity;
}

/** Has Beyond Identity recover the user with this address; never throws for what the outside world does. */
export type Forward = (address: string, deadline: Deadline) => Promise<Forwarded>;

/** Resolve, then forward; once more with a fresh API token where the first one was refused, so that a rotation loses nothing. */
export function createForward({ directory, apiToken, beyondIdentity }: ForwardPorts): Forward {
  return async (address, deadline) => {
    const externalId = await directory.externalIdOf(address, deadline);

    const token = await apiToken.current(deadline);
    if (token === undefined) return { outcome: 'token-unavailable' };
    const first = await beyondIdentity.recoverUser(externalId, token, deadline);
    if (first.answer !== 'token-refused') return forwarded(first);

    const freshToken = await apiToken.renewed(token, deadline);
    if (freshToken === undefined) return { outcome: 'token-unavailable' };
    return forwarded(await beyondIdentity.recoverUser(externalId, freshToken, deadline));
  };
}

function forwarded({ answer, ...rest }: Answered): Forwarded {
  return { outcome: answer, ...rest };
}
