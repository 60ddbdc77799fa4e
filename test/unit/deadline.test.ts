import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { startDeadline } from '../../functions/recover-user/deadline.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('startDeadline', () => {
  test('counts down, aborts, and has nothing left', () => {
    const deadline = startDeadline(1000);
    jest.advanceTimersByTime(400);
    expect(deadline.remainingMs()).toBe(600);
    expect(deadline.signal.aborted).toBe(false);
    jest.advanceTimersByTime(600);
    expect(deadline.signal.aborted).toBe(true);
    expect(deadline.remainingMs()).toBe(0);
  });

  test('cleared, it leaves no timer and never aborts', () => {
    const deadline = startDeadline(1000);
    deadline.clear();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('comes early when something else ends the work', () => {
    const earlier = new AbortController();
    const deadline = startDeadline(1000, earlier.signal);
    earlier.abort();
    expect(deadline.signal.aborted).toBe(true);
    expect(deadline.remainingMs()).toBe(0);
    deadline.clear();
  });

  test('a part of it is an earlier deadline, and over when it is', () => {
    const deadline = startDeadline(1000);
    const part = deadline.part(0.75);
    jest.advanceTimersByTime(750);
    expect(part.signal.aborted).toBe(true);
    expect(deadline.signal.aborted).toBe(false);
    deadline.part(0.5).clear();
    const later = deadline.part(1);
    jest.advanceTimersByTime(250);
    expect(later.remainingMs()).toBe(0);
    expect(deadline.part(1).signal.aborted).toBe(true);
  });

  test('waits for work that ends in time', async () => {
    const deadline = startDeadline(1000);
    await expect(deadline.waitFor(Promise.resolve())).resolves.toBeUndefined();
    await expect(deadline.waitFor(Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  test('waits no longer than until the deadline, and not at all after it', async () => {
    const never = new Promise<void>(() => undefined);
    const deadline = startDeadline(1000);
    const waiting = deadline.waitFor(never);
    jest.advanceTimersByTime(1000);
    await expect(waiting).resolves.toBeUndefined();
    await expect(deadline.waitFor(never)).resolves.toBeUndefined();
  });
});
