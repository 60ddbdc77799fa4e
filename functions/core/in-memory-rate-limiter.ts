import { DAY_MS, type RateLimiter, type RateLimits } from './rate-limiter.ts';

/** How many mailboxes an instance remembers; it forgets first the ones that it admitted longest ago. */
const MAXIMUM_MAILBOXES = 10_000;

/** Limits by the attempts that this instance knows of; `now` is the present in milliseconds since 1970. */
export function createInMemoryRateLimiter(limits: RateLimits, now: () => number): RateLimiter {
  const attempts = new Map<string, number[]>();
  return {
    async admit(mailbox) {
      const time = now();
      const recent = attempts.get(mailbox)?.filter((attempt) => attempt > time - DAY_MS) ?? [];
      const isCoolingDown = recent.some((attempt) => attempt > time - limits.cooldownMs);
      if (isCoolingDown || recent.length >= limits.perDay) return undefined;
      attempts.delete(mailbox);
      attempts.set(mailbox, [...recent, time]);
      for (const oldest of attempts.keys()) {
        if (attempts.size <= MAXIMUM_MAILBOXES) break;
        attempts.delete(oldest);
      }
      return {
        async release() {
          const kept = attempts.get(mailbox);
          if (kept?.includes(time)) attempts.set(mailbox, kept.toSpliced(kept.indexOf(time), 1));
        },
      };
    },
  };
}
