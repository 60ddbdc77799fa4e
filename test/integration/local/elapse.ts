import { afterEach, jest } from '@jest/globals';

const now = Date.now;
let elapsedMs = 0;

/** Advances this process's clock by so many seconds until the end of the test, and with it the emulated queues. */
export function elapse(seconds: number): void {
  elapsedMs += seconds * 1000;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + elapsedMs);
}

afterEach(() => {
  elapsedMs = 0;
  jest.restoreAllMocks();
});
