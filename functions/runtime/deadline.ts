import { setTimeout as sleep } from 'node:timers/promises';
import type { Deadline } from '../core/deadline.ts';

/** A deadline passed before the work was done. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/** Starts a deadline that is `durationMs` milliseconds away, or comes as soon as `earlier` aborts. */
export function startDeadline(durationMs: number, earlier?: AbortSignal): Deadline {
  const startedAt = performance.now();
  const controller = new AbortController();
  const { signal } = controller;
  // Node warns of a negative time
  const timer = setTimeout(() => controller.abort(), Math.max(0, durationMs));
  earlier?.addEventListener('abort', () => controller.abort(), { once: true });
  if (earlier?.aborted) controller.abort();

  async function waitFor<Result>(work: Promise<Result>): Promise<Result | undefined> {
    // no controller of its own for the listener: aborting one makes an error, with its stack, for every wait
    const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
    const abort = () => resolve(undefined);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([work, aborted]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  return {
    signal,
    remainingMs: () => (signal.aborted ? 0 : Math.max(0, startedAt + durationMs - performance.now())),
    pause: (pauseMs) => sleep(pauseMs, undefined, { signal }).catch(() => undefined),
    waitFor,
    async enforce(work) {
      if (signal.aborted) throw new DeadlineExceeded();
      const done = await waitFor(work(signal).then((result) => ({ result })));
      if (done === undefined) throw new DeadlineExceeded();
      return done.result;
    },
    stage: (endShare) =>
      startDeadline(Math.max(0, startedAt + durationMs * endShare - performance.now()), signal),
    within: (withinMs) => startDeadline(withinMs, signal),
    clear: () => clearTimeout(timer),
  };
}
