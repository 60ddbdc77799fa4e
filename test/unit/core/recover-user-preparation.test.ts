import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Deadline } from '../../../functions/core/deadline.ts';
import type { ResolvedUser } from '../../../functions/core/directory.ts';
import type { Forward, Lookup } from '../../../functions/core/forward.ts';
import type { Attempt } from '../../../functions/core/rate-limiter.ts';
import { createRecoverUser } from '../../../functions/core/recover-user.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';

const JANE: ResolvedUser = { user: 'jane', references: ['jane'] };
const LOOKUP: Lookup = {
  reference: 'jane',
  apiToken: 'a',
  first: { result: { outcome: 'found', id: 'id-of-jane' } },
};

let steps: string[];
let deadline: Deadline;
beforeEach(() => {
  steps = [];
  deadline = startDeadline(60_000);
});
afterEach(() => deadline.clear());

/** A recovery in which the test says how each step ends. */
function begin(by = deadline) {
  const resolving = Promise.withResolvers<ResolvedUser | undefined>();
  const looking = Promise.withResolvers<Lookup | undefined>();
  const admitting = Promise.withResolvers<Attempt | undefined>();
  const forward = jest.fn<Forward>(async ({ lookup }) => {
    await lookup;
    return { outcome: 'forwarded' };
  });
  const step = <Result>(name: string, result: Promise<Result>) => {
    steps.push(name);
    return result;
  };
  const result = createRecoverUser({
    pseudonyms: { of: async (user) => user },
    rateLimiter: { admit: (mailbox) => step(`admit ${mailbox}`, admitting.promise) },
    forwarding: {
      directory: { resolve: () => step('resolve', resolving.promise) },
      prepare: () => step('prepare', looking.promise),
      forward,
    },
  })({ attemptId: 'id', address: 'jane@example.com', captchaToken: undefined, sourceIp: undefined }, by);
  const attempt = { release: async () => void steps.push('release') };
  return { resolving, looking, admitting, forward, result, attempt };
}

/** Lets everything happen that waits for nothing outside. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('what sends nothing', () => {
  test('begins at once, beside the directory and the rate limiter', async () => {
    const { resolving, looking, admitting, result, attempt } = begin();
    await settle();
    expect(steps).toEqual(['resolve', 'prepare']);
    resolving.resolve(JANE);
    await settle();
    expect(steps).toEqual(['resolve', 'prepare', 'admit jane']);
    looking.resolve(LOOKUP);
    admitting.resolve(attempt);
    await expect(result).resolves.toMatchObject({ outcome: 'forwarded' });
  });

  test('is all that happens until the rate limiter agrees', async () => {
    const { resolving, looking, admitting, forward, result, attempt } = begin();
    resolving.resolve(JANE);
    looking.resolve(LOOKUP);
    await settle();
    expect(forward).not.toHaveBeenCalled();
    admitting.resolve(attempt);
    await result;
    expect(forward).toHaveBeenCalledWith({ ...JANE, lookup: looking.promise }, expect.anything());
  });

  test('is over before a rate-limited request ends, and nothing is forwarded', async () => {
    const { resolving, looking, admitting, forward, result } = begin();
    resolving.resolve(JANE);
    admitting.resolve(undefined);
    const ended = jest.fn();
    void result.then(ended);
    await settle();
    expect(ended).not.toHaveBeenCalled();
    looking.resolve(LOOKUP);
    await expect(result).resolves.toEqual({ outcome: 'rate-limited', mailbox: 'jane' });
    expect(forward).not.toHaveBeenCalled();
  });

  test('keeps no request beyond its time', async () => {
    const short = startDeadline(50);
    const { resolving, admitting, result } = begin(short);
    resolving.resolve(JANE);
    admitting.resolve(undefined);
    await expect(result).resolves.toMatchObject({ outcome: 'rate-limited' });
    short.clear();
  });

  test('that fails unexpectedly releases the attempt', async () => {
    const { resolving, looking, admitting, result, attempt } = begin();
    resolving.resolve(JANE);
    looking.reject(new TypeError('ours'));
    admitting.resolve(attempt);
    await expect(result).rejects.toThrow('ours');
    expect(steps).toContain('release');
  });

  test('does not hide an unexpected failure of the directory', async () => {
    const { resolving, looking, result } = begin();
    resolving.reject(new TypeError('ours'));
    looking.resolve(undefined);
    await expect(result).rejects.toThrow('ours');
    expect(steps).toEqual(['resolve', 'prepare']);
  });
});
