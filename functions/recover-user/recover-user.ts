import type { Deadline } from './deadline.ts';

/** What Beyond Identity made of one call. */
export type Answer = 'forwarded' | 'not-recoverable' | 'token-refused' | 'upstream-failed';

/** What a request came to. */
export type Outcome = Answer | 'token-unavailable';

/** The tenant's API token, which somebody may rotate at any moment. */
export interface ApiToken {
  /** The token as last read, or `undefined` where none can be had within the deadline. */
  current(deadline: Deadline): Promise<string | undefined>;
  /** The token as it is now, read anew unless that happened since `refused` was handed out. */
  renewed(refused: string, deadline: Deadline): Promise<string | undefined>;
}

/** Where the app's users are found by their address. */
export interface Directory {
  /** The identifier under which the app created this user in Beyond Identity. */
  externalIdOf(address: string): Promise<string>;
}

/** Recovery at Beyond Identity: has the link mailed to the user's own registered address. */
export interface BeyondIdentity {
  recoverUser(externalId: string, apiToken: string, deadline: Deadline): Promise<Answer>;
}

export interface Ports {
  apiToken: ApiToken;
  directory: Directory;
  beyondIdentity: BeyondIdentity;
}

/** Recovers the user with this address, by the deadline; never throws for what the outside world does. */
export type RecoverUser = (address: string, deadline: Deadline) => Promise<Outcome>;

/** The use case: resolve, then forward; once more with a fresh API token where the first one was refused. */
export function createRecoverUser({ apiToken, directory, beyondIdentity }: Ports): RecoverUser {
  return async (address, deadline) => {
    const externalId = await directory.externalIdOf(address);

    const token = await apiToken.current(deadline);
    if (token === undefined) return 'token-unavailable';
    const answer = await beyondIdentity.recoverUser(externalId, token, deadline);
    if (answer !== 'token-refused') return answer;

    const freshToken = await apiToken.renewed(token, deadline);
    if (freshToken === undefined) return 'token-unavailable';
    return beyondIdentity.recoverUser(externalId, freshToken, deadline);
  };
}
