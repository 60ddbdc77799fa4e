import type { RateLimiter } from './rate-limiter.ts';

export interface FallbackRateLimiterOptions {
  /** Decides, and throws where it cannot. */
  primary: RateLimiter;
  /** Decides where the primary cannot; never throws. */
  fallback: RateLimiter;
  /** How long the primary may take, in milliseconds. */
  timeoutMs: number;
  /** Called with the name of the error that made the fallback decide; must not throw. */
  onFallback(reason: string): void;
  /** Called with the name of the error that kept an attempt from being released; must not throw. */
  onReleaseFailed(reason: string): void;
}

/**
 * The primary limiter decides; where it is too slow or fails, the fallback does, and the request goes on. A mailbox may
 * then have an attempt more for each instance, which is better than no recovery for anybody.
 */
export function createFallbackRateLimiter(options: FallbackRateLimiterOptions): RateLimiter {
  const { primary, fallback, timeoutMs } = options;
  return {
    async admit(mailbox, deadline) {
      const timeout = deadline.within(timeoutMs);
      try {
        const attempt = await primary.admit(mailbox, timeout);
        if (attempt === undefined) return undefined;
        // the fallback learns of it, in case it decides next time
        const copy = await fallback.admit(mailbox, deadline);
        return {
          async release(releaseDeadline) {
            await copy?.release(releaseDeadline);
            await attempt
              .release(releaseDeadline)
              .catch((error: unknown) => options.onReleaseFailed(nameOf(error)));
          },
        };
      } catch (error) {
        options.onFallback(nameOf(error));
        return fallback.admit(mailbox, deadline);
      } finally {
        timeout.clear();
      }
    },
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
