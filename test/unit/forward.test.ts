import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type Deadline, startDeadline } from '../../functions/recover-user/deadline.ts';
import { addressIsExternalId } from '../../functions/recover-user/directory.ts';
import { type Answer, createForward } from '../../functions/recover-user/forward.ts';

interface World {
  /** The token that the tenant accepts. */
  valid?: string;
  /** The token as first read, and as read anew. */
  secrets?: (string | undefined)[];
  answer?: Answer;
}

const calls = jest.fn<(externalId: string, apiToken: string) => void>();
let deadline: Deadline;

beforeEach(() => {
  calls.mockReset();
  deadline = startDeadline(1000);
});
afterEach(() => deadline.clear());

function forwardIn({ valid = 'a', secrets = ['a'], answer = 'forwarded' }: World) {
  const forward = createForward({
    directory: { externalIdOf: async (address) => `id of ${address}` },
    apiToken: { current: async () => secrets[0], renewed: async () => secrets[1] },
    beyondIdentity: {
      recoverUser: async (externalId, apiToken) => {
        calls(externalId, apiToken);
        return apiToken === valid ? { answer, retryAfterMs: 7 } : { answer: 'token-refused' };
      },
    },
  });
  return forward('jane@example.com', deadline);
}

const tokens = () => calls.mock.calls.map(([, token]) => token);

test.each<Answer>(['forwarded', 'not-recoverable', 'upstream-failed'])(
  'resolves, forwards, and hands %s on',
  async (answer) => {
    await expect(forwardIn({ answer })).resolves.toEqual({ outcome: answer, retryAfterMs: 7 });
    expect(calls.mock.calls).toEqual([['id of jane@example.com', 'a']]);
  },
);

describe('the API token', () => {
  test('rotated behind its back costs one more call, not the request', async () => {
    await expect(forwardIn({ valid: 'new', secrets: ['old', 'new'] })).resolves.toMatchObject({
      outcome: 'forwarded',
    });
    expect(tokens()).toEqual(['old', 'new']);
  });

  test('refused again is reported, after exactly one repetition', async () => {
    await expect(forwardIn({ valid: 'good', secrets: ['bad', 'bad'] })).resolves.toEqual({
      outcome: 'token-refused',
    });
    expect(tokens()).toEqual(['bad', 'bad']);
  });

  test.each([[[undefined]], [['old', undefined]]])('not to be had: %j', async (secrets) => {
    await expect(forwardIn({ valid: 'new', secrets })).resolves.toEqual({ outcome: 'token-unavailable' });
  });
});

test('by default the address is the external id', async () => {
  await expect(addressIsExternalId.externalIdOf('Jane@example.com', deadline)).resolves.toBe(
    'Jane@example.com',
  );
});
