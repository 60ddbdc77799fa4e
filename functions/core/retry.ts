import type { Deadline } from './deadline.ts';

/** How long to wait between two tries. */
export interface RetryPauses {
  /** Upper bound of the first pause, in milliseconds; it doubles with every try. */
  firstMs: number;
  /** Upper bound of any pause, in milliseconds. */
  longestMs: number;
  /** What a try needs at least, in milliseconds: with less time left none starts, so that none is cut short. */
  shortestTryMs: number;
}

/** How many more times a request may repeat a call that failed for now; all calls of the request share it. */
export interface RetryBudget {
  left: number;
}

/** What one try came to; with `retry`, trying again may help. */
export interface Try<Result> {
  result: Result;
  /**
   * `afterMs`: how long the other side asked to wait at least, where it did; `immediately`: nobody read the request, so
   * that there is nothing to wait for.
   */
  retry?: { afterMs?: number | undefined; immediately?: boolean };
}

/**
 * Calls until a try needs no other one, the budget is used up, or the next try would have too little time; resolves with
 * the last result, or with `undefined` where there was no time for the first. Pauses have full jitter (AWS Architecture
 * Blog, "Exponential Backoff And Jitter"), so that many instances do not come back at once. What the other side asks for
 * can make a pause longer, never shorter. `first` is the first try, where it was made already.
 */
export async function withRetries<Result>(
  call: () => Promise<Try<Result>>,
  deadline: Deadline,
  { firstMs, longestMs, shortestTryMs }: RetryPauses,
  budget: RetryBudget,
  first?: Try<Result>,
): Promise<Result | undefined> {
  if (first === undefined && deadline.remainingMs() < shortestTryMs) return undefined;
  for (let tries = 0; ; tries++) {
    const { result, retry } = (tries === 0 && first) || (await call());
    if (retry === undefined || budget.left <= 0) return result;
    const jitterMs = Math.random() * Math.min(longestMs, firstMs * 2 ** tries);
    const pauseMs = retry.immediately ? 0 : Math.max(jitterMs, retry.afterMs ?? 0);
    if (pauseMs + shortestTryMs > deadline.remainingMs()) return result;
    budget.left -= 1;
    if (pauseMs > 0) await deadline.pause(pauseMs);
  }
}
