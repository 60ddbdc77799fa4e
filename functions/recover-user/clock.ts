import { setTimeout as sleep } from 'node:timers/promises';

/** Time, for whoever must wait for a point in it. */
export interface Clock {
  /** Milliseconds since some point in the past; never goes back. */
  now(): number;
  /** Resolves at this point in time, at once where it lies in the past. */
  until(time: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  async until(time) {
    // a timer may fire a fraction of a millisecond early
    for (let left = time - performance.now(); left > 0; left = time - performance.now()) {
      await sleep(Math.ceil(left));
    }
  },
};
