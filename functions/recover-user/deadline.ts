import { setTimeout as sleep } from 'node:timers/promises';

/** A point in time by which a request's work must be over. */
export interface Deadline {
  /** Aborts at the deadline; whoever waits for the outside world listens to it. */
  readonly signal: AbortSignal;
  /** Milliseconds left; never below 0. */
  remainingMs(): number;
  /** Resolves after so many milliseconds, or at the deadline if that comes first. */
  pause(durationMs: number): Promise<void>;
  /** Resolves when `work` has, or at the deadline if that comes first; rejects as `work` does. */
  waitFor(work: Promise<void>): Promise<void>;
  /** An earlier deadline, after this share (0 to 1) of the time that is left; to be cleared by itself. */
  part(share: number): Deadline;
  /** Takes the timer back once the work is over. */
  clear(): void;
}

/** Starts a deadline that is `durationMs` milliseconds away, or comes as soon as `earlier` aborts. */
export function startDeadline(durationMs: number, earlier?: AbortSignal): Deadline {
  const endsAt = performance.now() + durationMs;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), durationMs);
  earlier?.addEventListener('abort', () => controller.abort(), { once: true });
  const remainingMs = () => (controller.signal.aborted ? 0 : Math.max(0, endsAt - performance.now()));
  if (earlier?.aborted) controller.abort();
  return {
    signal: controller.signal,
    remainingMs,
    part: (share) => startDeadline(remainingMs() * share, controller.signal),
    pause: (pauseMs) => sleep(pauseMs, undefined, { signal: controller.signal }).catch(() => undefined),
    waitFor: (work) => Promise.race([work, reached(controller)]),
    clear: () => clearTimeout(timer),
  };
}

function reached({ signal }: Pick<Deadline, 'signal'>): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
