/** What one mailbox may have: an attempt is a recovery request that is forwarded. */
export interface AttemptLimits {
  /** Milliseconds that must lie between two attempts. */
  cooldownMs: number;
  /** Attempts within any 24 hours. */
  perDay: number;
}

export const DAY_MS = 24 * 60 * 60_000;
