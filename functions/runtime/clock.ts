import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';

/** The time, and waiting for a point in it. */
export interface Clock {
  /** Milliseconds since some point in the past; never goes back. */
  now(): number;
  /** When this process started. */
  readonly processStart: number;
  /** Resolves at this point in time, at once where it lies in the past. */
  until(time: number): Promise<void>;
}

/** How long before the point in time a timer may wake us, in milliseconds: timers are good to one or two. */
const WAKE_EARLY_MS = 2;

/**
 * The time of this process. Timers count in whole milliseconds, and systems oversleep in proportion to the wait: when a timer
 * fires reveals, by fractions of a millisecond, when it was set, and so how long the work before it took. It therefore
 * waits for the last two milliseconds turn by turn of the event loop.
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  // what performance.now() counts from
  processStart: 0,
  async until(time) {
    const sleepMs = Math.floor(time - performance.now()) - WAKE_EARLY_MS;
    if (sleepMs > 0) await sleep(sleepMs);
    while (performance.now() < time) await turn();
  },
};
