import { describe, expect, jest, test } from '@jest/globals';
import { type Deadline, startDeadline } from '../../functions/recover-user/deadline.ts';
import { addressIsExternalId } from '../../functions/recover-user/directory.ts';
import { type Answer, createRecoverUser, type Ports } from '../../functions/recover-user/recover-user.ts';

/** A tenant that accepts one token, and a secret that holds what it holds. */
function world({
  valid,
  secrets,
  answer = 'forwarded',
}: {
  valid: string;
  secrets: (string | undefined)[];
  answer?: Answer;
}) {
  const forwarded = jest.fn<(externalId: string, apiToken: string) => void>();
  const ports: Ports = {
    directory: { externalIdOf: async (address) => `id of ${address}` },
    apiToken: {
      current: async () => secrets[0],
      renewed: async () => secrets[1],
    },
    beyondIdentity: {
      recoverUser: async (externalId, apiToken) => {
        forwarded(externalId, apiToken);
        return apiToken === valid ? answer : 'token-refused';
      },
    },
  };
  return { forwarded, recoverUser: createRecoverUser(ports) };
}

async function within<Result>(work: (deadline: Deadline) => Promise<Result>): Promise<Result> {
  const deadline = startDeadline(1000);
  return work(deadline).finally(deadline.clear);
}

describe('the use case', () => {
  test.each<Answer>(['forwarded', 'not-recoverable', 'upstream-failed'])('hands %s on', async (answer) => {
    const { recoverUser, forwarded } = world({ valid: 'a', secrets: ['a'], answer });
    await expect(within((deadline) => recoverUser('jane@example.com', deadline))).resolves.toBe(answer);
    expect(forwarded.mock.calls).toEqual([['id of jane@example.com', 'a']]);
  });

  test('a token rotated behind its back costs one more call, not the request', async () => {
    const { recoverUser, forwarded } = world({ valid: 'new', secrets: ['old', 'new'] });
    await expect(within((deadline) => recoverUser('jane@example.com', deadline))).resolves.toBe('forwarded');
    expect(forwarded.mock.calls.map(([, token]) => token)).toEqual(['old', 'new']);
  });

  test('a token that is refused again is reported, after exactly one repetition', async () => {
    const { recoverUser, forwarded } = world({ valid: 'good', secrets: ['bad', 'bad'] });
    await expect(within((deadline) => recoverUser('jane@example.com', deadline))).resolves.toBe(
      'token-refused',
    );
    expect(forwarded).toHaveBeenCalledTimes(2);
  });

  test.each([[[undefined]], [['old', undefined]]])('no token to be had: %j', async (secrets) => {
    const { recoverUser } = world({ valid: 'new', secrets });
    await expect(within((deadline) => recoverUser('jane@example.com', deadline))).resolves.toBe(
      'token-unavailable',
    );
  });

  test('by default the address is the external id', async () => {
    await expect(addressIsExternalId.externalIdOf('Jane@example.com')).resolves.toBe('Jane@example.com');
  });
});
