import { describe, expect, jest, test } from '@jest/globals';
import type { Deadline } from '../../../functions/core/deadline.ts';
import { createRecoverUser } from '../../../functions/core/recover-user.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';

describe('the time of a request', () => {
  /** When each stage of 1000 ms has to end if all stages before it use all of their time. */
  async function stageEnds(): Promise<Record<string, number>> {
    jest.useFakeTimers();
    const startedAt = performance.now();
    const ends: Record<string, number> = {};
    const useUp = (name: string) => async (stage: Deadline) => {
      const remainingMs = stage.remainingMs();
      jest.advanceTimersByTime(remainingMs);
      ends[name] = performance.now() - startedAt;
    };
    const whole = startDeadline(1000);
    await createRecoverUser({
      captcha: {
        verifier: {
          verify: async (_token, _sourceIp, stage) => {
            await useUp('captcha')(stage);
            return 'unavailable';
          },
        },
        failureMode: 'open',
        onSkipped: () => undefined,
      },
      pseudonyms: { of: async (_address, stage) => useUp('pseudonym')(stage).then(() => 'pseudonym') },
      rateLimiter: {
        admit: async (_mailbox, stage) =>
          useUp('rateLimiter')(stage).then(() => ({ release: (left) => useUp('release')(left) })),
      },
      forwarding: {
        directory: {
          resolve: async (address, stage) =>
            useUp('directory')(stage).then(() => ({ user: address, references: [address] })),
        },
        prepare: async () => undefined,
        forward: async (_user, stage) =>
          useUp('forward')(stage).then(() => ({ outcome: 'upstream-failed' as const })),
      },
      outbox: { put: async (_attempt, stage) => useUp('outbox')(stage).then(() => false) },
    })({ attemptId: 'id', address: 'jane@example.com', captchaToken: 'token', sourceIp: undefined }, whole);
    whole.clear();
    jest.useRealTimers();
    return ends;
  }

  test('is left to every stage when all stages before it hang', async () => {
    expect(await stageEnds()).toEqual({
      captcha: 500,
      directory: 580,
      pseudonym: 600,
      rateLimiter: 670,
      forward: 750,
      outbox: 940,
      release: 1000,
    });
  });
});
