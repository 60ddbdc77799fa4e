import type { Deadline } from './deadline.ts';

/** What one mailbox may have: an attempt is a recovery request that is forwarded. */
export interface RateLimits {
  /** Milliseconds between two attempts. */
  cooldownMs: number;
  /** Attempts within any 24 hours. */
  perDay: number;
}

export const DAY_MS = 24 * 60 * 60_000;

/** An attempt that counts against a mailbox's limits. */
export interface Attempt {
  /** Counts it no more, because nothing came of it. Settles by the deadline. */
  release(deadline: Deadline): Promise<void>;
}

/** How often a mailbox may be recovered. */
export interface RateLimiter {
  /** One more attempt, which counts already; `undefined` where the mailbox may have none. Settles by the deadline. */
  admit(mailbox: string, deadline: Deadline): Promise<Attempt | undefined>;
}
