import { DAY_MS, type RateLimiter, type RateLimits } from './rate-limiter.ts';

/** How many mailboxes an instance remembers; it forgets first the ones that it admitted longest ago. */
const MAXIMUM_MAILBOXES = 10_000;

/** Limits by the attempts that this instance knows of; `now` is the present in milliseconds since 1970. */
export function createInMemoryRateLimiter(limits: RateLimits, now: () => number): RateLimiter {
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
