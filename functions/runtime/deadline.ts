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
  const timer = setTimeout(() => controller.abort(), durationMs);
  earlier?.addEventListener('abort', () => controller.abort(), { once: true });
  if (earlier?.aborted) controller.abort();

  async function waitFor<Result>(work: Promise<Result>): Promise<Result | undefined> {
    const over = new AbortController();
    try {
      return await Promise.race([work, aborted(signal, over.signal)]);
    } finally {
      over.abort();
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

/** Resolves when the signal aborts; never, and keeps no listener, once `over` has aborted. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: over });
  });
}
