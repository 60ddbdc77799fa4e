import type { Deadline } from './deadline.ts';

/** How long to wait between two tries. */
export interface RetryPauses {
  /** Upper bound of the first pause, in milliseconds; it doubles with every try. */
  firstMs: number;
  /** Upper bound of any pause, in milliseconds. */
  longestMs: number;
}

/** What one try came to; with `retry`, trying again may help. */
export interface Try<Result> {
  result: Result;
  /** `afterMs`: how long the other side asked us to wait, where it did. */
  retry?: { afterMs?: number | undefined };
}

/**
 * Calls until a try needs no other one, or the next would start only after the deadline; resolves with the last
 * result. Pauses have full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), so that many instances
 * do not come back at once; a pause that the other side asked for is kept exactly.
 */
export async function withRetries<Result>(
  call: () => Promise<Try<Result>>,
  deadline: Deadline,
  pauses: RetryPauses,
): Promise<Result> {
  for (let tries = 0; ; tries++) {
    const { result, retry } = await call();
    if (retry === undefined) return result;
    const pauseMs = retry.afterMs ?? Math.random() * Math.min(pauses.longestMs, pauses.firstMs * 2 ** tries);
    if (pauseMs >= deadline.remainingMs()) return result;
    await deadline.pause(pauseMs);
  }
}
