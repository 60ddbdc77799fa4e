import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { DeadlineExceeded, startDeadline } from '../../../functions/runtime/deadline.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('startDeadline', () => {
  test('counts down, aborts, and has no time left', () => {
    const deadline = startDeadline(1000);
    jest.advanceTimersByTime(400);
    expect(deadline.remainingMs()).toBe(600);
    expect(deadline.signal.aborted).toBe(false);
    jest.advanceTimersByTime(600);
    expect(deadline.signal.aborted).toBe(true);
    expect(deadline.remainingMs()).toBe(0);
  });

  test('leaves no timer and never aborts when it is cleared', () => {
    const deadline = startDeadline(1000);
    deadline.clear();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('ends early when another signal ends the work', () => {
    const earlier = new AbortController();
    const deadline = startDeadline(1000, earlier.signal);
    earlier.abort();
    expect(deadline.signal.aborted).toBe(true);
    expect(deadline.remainingMs()).toBe(0);
    deadline.clear();
  });

  test('ends a stage at its fraction of the whole time, however late the stage starts', () => {
    const deadline = startDeadline(1000);
    const first = deadline.stage(0.75);
    jest.advanceTimersByTime(500);
    const second = deadline.stage(0.75);
    expect([first.remainingMs(), second.remainingMs()]).toEqual([250, 250]);
    jest.advanceTimersByTime(250);
    expect([first.signal.aborted, second.signal.aborted]).toEqual([true, true]);
    expect(deadline.signal.aborted).toBe(false);
    expect(deadline.stage(0.5).remainingMs()).toBe(0);
    expect(deadline.stage(1).remainingMs()).toBe(250);
  });

  test('ends a stage with the whole', () => {
    const earlier = new AbortController();
    const deadline = startDeadline(1000, earlier.signal);
    const stage = deadline.stage(0.9);
    earlier.abort();
    expect([stage.signal.aborted, deadline.stage(1).signal.aborted]).toEqual([true, true]);
    stage.clear();
    deadline.clear();
  });

  const never = new Promise<string>(() => undefined);

  test('waits for work that ends in time', async () => {
    const deadline = startDeadline(1000);
    await expect(deadline.waitFor(Promise.resolve('done'))).resolves.toBe('done');
    await expect(deadline.waitFor(Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  test('waits only until the deadline, and not at all after it', async () => {
    const deadline = startDeadline(1000);
    const waiting = deadline.waitFor(never);
    jest.advanceTimersByTime(1000);
    await expect(waiting).resolves.toBeUndefined();
    await expect(deadline.waitFor(never)).resolves.toBeUndefined();
  });

  test('passes the signal to enforced work, and settles as the work does', async () => {
    const deadline = startDeadline(1000);
    const work = jest.fn(async (_signal: AbortSignal) => undefined);
    await expect(deadline.enforce(work)).resolves.toBeUndefined();
    expect(work).toHaveBeenCalledWith(deadline.signal);
    await expect(deadline.enforce(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  test('rejects enforced work at the deadline, and starts none after it', async () => {
    const deadline = startDeadline(1000);
    const work = jest.fn(() => never);
    const waiting = deadline.enforce(work);
    jest.advanceTimersByTime(1000);
    await expect(waiting).rejects.toThrow(DeadlineExceeded);
    await expect(deadline.enforce(work)).rejects.toThrow(DeadlineExceeded);
    expect(work).toHaveBeenCalledTimes(1);
  });
});

test('a deadline in the past expires at once, and never asks for a negative time', async () => {
  const timer = jest.spyOn(globalThis, 'setTimeout');
  const late = startDeadline(-448);
  expect(timer).toHaveBeenCalledWith(expect.any(Function), 0);
  jest.advanceTimersByTime(0);
  expect(late.signal.aborted).toBe(true);
  timer.mockRestore();
});
