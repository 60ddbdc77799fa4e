import type { Deadline } from './deadline.ts';

/** Whom an address reaches. */
export interface ResolvedUser {
  /** Names the user to the rate limiter: the same for every address and every spelling that reach the user. */
  user: string;
  /**
   * The references under which Beyond Identity may know this user, in the order in which they are tried; none: the
   * directory knows no such user.
   */
  references: readonly string[];
}

/** Where the app's users are found by their address. */
export interface Directory {
  /**
   * Resolves a (normalized) address; `undefined` where the directory gave no usable response by the deadline. Never throws
   * for what the outside world does.
   */
  resolve(address: string, deadline: Deadline): Promise<ResolvedUser | undefined>;
}

/**
 * A user whom a directory other than the address itself found. The name begins with what no address does, because an
 * address of no user must not count against a user with this reference; letter case makes no difference in it, as in
 * user names.
 */
export function knownUser(reference: string, references: readonly string[]): ResolvedUser {
  return { user: `reference:${reference.toLowerCase()}`, references };
}
