import type { Clock } from '../runtime/clock.ts';
import type { Timeouts } from '../runtime/timeouts.ts';

/** The times of one invocation. */
export interface InvocationTimes {
  /** When the response goes out, on the clock. */
  respondAt: number;
  /** How long the work may take, in milliseconds. */
  workMs: number;
}

export interface ResponseTimeOptions {
  /** When every well-formed request gets its response, in milliseconds; 0: as soon as possible. */
  responseTimeMs: number;
  clock: Clock;
  timeouts: Pick<Timeouts, 'workMs' | 'shortestFirstResponseMs' | 'firstInvocationMs'>;
  /** Why Lambda started this instance, its variable `AWS_LAMBDA_INITIALIZATION_TYPE`; absent: this is not Lambda. */
  initializationType: string | undefined;
}

/** The part of the response time after which work is cut off; the rest is for writing down what became of it. */
const WORK_SHARE = 0.9;

/**
 * The times of each invocation, to be called when it begins; created when the instance has started. The response time
 * counts from the invocation. Where a caller waited for the start, it counts from there, so that nobody notices a cold
 * start. That may depend on the instance, but never on the user: nothing that a request brings has a part in it. Lambda
 * also starts instances in advance, whose caller did not wait: between their start and the first invocation time passes,
 * on the clock or, for an instance that was frozen meanwhile, in the world.
 */
export function createInvocationTimes(options: ResponseTimeOptions): () => InvocationTimes {
  const { responseTimeMs, clock, timeouts, initializationType } = options;
  const started = { on: clock.now(), at: Date.now() };
  const shortestMs = Math.min(responseTimeMs, timeouts.shortestFirstResponseMs);
  let isFirst = initializationType === 'on-demand';

  return () => {
    const now = clock.now();
    const idleMs = Math.max(now - started.on, Date.now() - started.at);
    const hasWaited = isFirst && idleMs <= timeouts.firstInvocationMs;
    isFirst = false;
    // after a slow start, the work still needs its time
    const respondAt = hasWaited
      ? Math.max(clock.processStart + responseTimeMs, now + shortestMs)
      : now + responseTimeMs;
    return { respondAt, workMs: responseTimeMs === 0 ? timeouts.workMs : (respondAt - now) * WORK_SHARE };
  };
}
