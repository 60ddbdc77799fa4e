import { expect, test } from '@jest/globals';
import { systemClock } from '../../../functions/runtime/clock.ts';

test('the system clock waits until a point in time, and not at all for the past', async () => {
  const until = systemClock.now() + 5;
  await systemClock.until(until);
  expect(systemClock.now()).toBeGreaterThanOrEqual(until);
  await systemClock.until(until - 1000);
});
