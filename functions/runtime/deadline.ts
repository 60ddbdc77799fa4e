import { setTimeout as sleep } from 'node:timers/promises';

/** A deadline passed before the work was done. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/** A point in time by which a request's work must be over. */
export interface Deadline {
  /** Aborts at the deadline; whoever waits for the outside world listens to it. */
  readonly signal: AbortSignal;
  /** Milliseconds left; never below 0. */
  remainingMs(): number;
  /** Resolves after so many milliseconds, or at the deadline if that comes first. */
  pause(durationMs: number): Promise<void>;
  /** Resolves as `work` does, or to `undefined` at the deadline, whatever `work` does; rejects as `work` does. */
  waitFor<Result>(work: Promise<Result>): Promise<Result | undefined>;
  /** Settles as the work does, which is handed the signal; rejects with {@link DeadlineExceeded} at the deadline. */
  enforce<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  /**
   * An earlier deadline, at this share (0 to 1) of the whole time, however much of it is over: a stage that takes all of
   * its time leaves the later ones theirs. To be cleared by itself.
   */
  stage(endShare: number): Deadline;
  /** Clears the timer once the work is over. */
  clear(): void;
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
