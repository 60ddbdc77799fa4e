import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createInvocationTimes } from '../../../functions/recover-user/response-time.ts';
import { TIMEOUTS } from '../../../functions/runtime/timeouts.ts';

/** A clock that the test sets; the process started at 100. */
let now: number;
const clock = { now: () => now, processStart: 100, until: async () => undefined };
let dateNow: jest.SpiedFunction<typeof Date.now>;
beforeEach(() => {
  now = 100;
  dateNow = jest.spyOn(Date, 'now').mockImplementation(() => 1_000_000 + now);
});
afterEach(() => dateNow.mockRestore());

/** An instance whose start takes so long, in milliseconds. */
function startInstance(startMs: number, { responseTimeMs = 2000, type = 'on-demand' } = {}) {
  now += startMs;
  const timesOfInvocation = createInvocationTimes({
    responseTimeMs,
    clock,
    timeouts: TIMEOUTS,
    initializationType: type,
  });
  return (afterMs: number) => {
    now += afterMs;
    return timesOfInvocation();
  };
}

describe('the first invocation, right after the start', () => {
  test('gets its response at the response time after the start of the instance', () => {
    expect(startInstance(400)(20)).toEqual({ respondAt: 2100, workMs: 0.9 * 1580 });
  });

  test('keeps a second for its work after a slow start', () => {
    expect(startInstance(1800)(0)).toEqual({ respondAt: 1900 + 1000, workMs: 900 });
  });

  test('keeps all of a response time that is shorter than that', () => {
    expect(startInstance(400, { responseTimeMs: 500 })(0)).toEqual({ respondAt: 1000, workMs: 450 });
  });

  test('has the time of any other one where there is no response time', () => {
    expect(startInstance(400, { responseTimeMs: 0 })(0)).toEqual({ respondAt: 500, workMs: TIMEOUTS.workMs });
  });
});

describe('the response time counts from the invocation', () => {
  test('when it is not the first one', () => {
    const invoke = startInstance(400);
    invoke(0);
    expect(invoke(50)).toEqual({ respondAt: 550 + 2000, workMs: 1800 });
  });

  test('when the instance had started long before', () => {
    expect(startInstance(400)(101).respondAt).toBe(601 + 2000);
  });

  test('when the instance was frozen after its start, so that only the world went on', () => {
    const invoke = startInstance(400);
    dateNow.mockImplementation(() => 1_000_000 + now + 60_000);
    expect(invoke(5).respondAt).toBe(505 + 2000);
  });

  test.each(['provisioned-concurrency', ''])('when nobody waited for the start (%j)', (type) => {
    expect(startInstance(400, { type })(0).respondAt).toBe(500 + 2000);
  });
});

test('a clock of the world that was set back changes nothing', () => {
  const invoke = startInstance(400);
  dateNow.mockImplementation(() => 1_000_000 - 5_000);
  expect(invoke(20).respondAt).toBe(2100);
});
