import { type AttemptLimits, DAY_MS } from './rate-limits.ts';
import type { RateLimiter } from './recover-user.ts';

/** How many mailboxes an instance remembers; the ones that were admitted longest ago are forgotten first. */
const MAXIMUM_MAILBOXES = 10_000;

/** The attempts that this instance knows of, in its memory. */
export function createInMemoryRateLimiter(limits: AttemptLimits, now = Date.now): RateLimiter {
  const attempts = new Map<string, number[]>();
  return {
    async admit(mailbox) {
      const time = now();
      const recent = (attempts.get(mailbox) ?? []).filter((attempt) => attempt > time - DAY_MS);
      const isCoolingDown = recent.some((attempt) => attempt > time - limits.cooldownMs);
      if (isCoolingDown || recent.length >= limits.perDay) return undefined;
      attempts.delete(mailbox);
      attempts.set(mailbox, [...recent, time]);
      const [oldest] = attempts.keys();
      if (attempts.size > MAXIMUM_MAILBOXES && oldest !== undefined) attempts.delete(oldest);
      return {
        async release() {
          const kept = attempts.get(mailbox) ?? [];
          const index = kept.indexOf(time);
          if (index >= 0) attempts.set(mailbox, kept.toSpliced(index, 1));
        },
      };
    },
  };
}
