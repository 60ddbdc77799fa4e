import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type Deadline, startDeadline } from '../../functions/recover-user/deadline.ts';
import { addressIsExternalId } from '../../functions/recover-user/directory.ts';
import {
  type Answer,
  createRecoverUser,
  type HumanCheckVerdict,
  type Ports,
} from '../../functions/recover-user/recover-user.ts';

interface World {
  /** The token that the tenant accepts. */
  valid?: string;
  /** The token as first read, and as read anew. */
  secrets?: (string | undefined)[];
  answer?: Answer;
  admits?: boolean;
  pseudonym?: string | undefined;
  verdict?: HumanCheckVerdict;
  goesOnUnchecked?: boolean;
}

const steps = jest.fn<(...step: unknown[]) => void>();
let deadline: Deadline;

beforeEach(() => {
  steps.mockReset();
  deadline = startDeadline(1000);
});
afterEach(() => deadline.clear());

/** The use case in a world that is as it is told, and that notes every step. */
function recoverIn(world: World, humanCheckToken?: string) {
  const {
    valid = 'a',
    secrets = ['a'],
    answer = 'forwarded',
    admits = true,
    verdict,
    goesOnUnchecked = false,
  } = world;
  const pseudonym = 'pseudonym' in world ? world.pseudonym : 'pseudonym';
  const ports: Ports = {
    humanCheck: verdict && {
      verify: async (token, source) => {
        steps('check', token, source);
        return verdict;
      },
    },
    goesOnUnchecked,
    pseudonyms: { of: async () => pseudonym },
    ledger: {
      admit: async (mailbox) => {
        steps('admit', mailbox);
        return admits;
      },
    },
    directory: { externalIdOf: async (address) => `id of ${address}` },
    apiToken: { current: async () => secrets[0], renewed: async () => secrets[1] },
    beyondIdentity: {
      recoverUser: async (externalId, apiToken) => {
        steps('forward', externalId, apiToken);
        return apiToken === valid ? answer : 'token-refused';
      },
    },
  };
  return createRecoverUser(ports)(
    { address: 'jane@example.com', humanCheckToken, source: '192.0.2.7' },
    deadline,
  );
}

describe('the use case', () => {
  test.each<Answer>(['forwarded', 'not-recoverable', 'upstream-failed'])(
    'admits, resolves, forwards, and hands %s on',
    async (answer) => {
      await expect(recoverIn({ answer })).resolves.toEqual({ outcome: answer, mailbox: 'pseudonym' });
      expect(steps.mock.calls).toEqual([
        ['admit', 'pseudonym'],
        ['forward', 'id of jane@example.com', 'a'],
      ]);
    },
  );

  test('a mailbox that has had its share is not forwarded', async () => {
    await expect(recoverIn({ admits: false })).resolves.toEqual({
      outcome: 'throttled',
      mailbox: 'pseudonym',
    });
    expect(steps.mock.calls).toEqual([['admit', 'pseudonym']]);
  });

  test('a token rotated behind its back costs one more call, not the request', async () => {
    await expect(recoverIn({ valid: 'new', secrets: ['old', 'new'] })).resolves.toMatchObject({
      outcome: 'forwarded',
    });
    expect(steps.mock.calls.slice(1).map(([, , token]) => token)).toEqual(['old', 'new']);
  });

  test('a token that is refused again is reported, after exactly one repetition', async () => {
    await expect(recoverIn({ valid: 'good', secrets: ['bad', 'bad'] })).resolves.toMatchObject({
      outcome: 'token-refused',
    });
    expect(steps.mock.calls.slice(1).map(([, , token]) => token)).toEqual(['bad', 'bad']);
  });

  test.each([[[undefined]], [['old', undefined]]])('no token to be had: %j', async (secrets) => {
    await expect(recoverIn({ valid: 'new', secrets })).resolves.toMatchObject({
      outcome: 'token-unavailable',
    });
  });

  test('without the key of pseudonyms nothing is tried', async () => {
    await expect(recoverIn({ pseudonym: undefined })).resolves.toEqual({ outcome: 'token-unavailable' });
    expect(steps).not.toHaveBeenCalled();
  });

  test('by default the address is the external id', async () => {
    await expect(addressIsExternalId.externalIdOf('Jane@example.com', deadline)).resolves.toBe(
      'Jane@example.com',
    );
  });
});

describe('the human check', () => {
  test('comes before anything else, with the source as the gateway saw it', async () => {
    await expect(recoverIn({ verdict: 'human' }, 'token')).resolves.toMatchObject({ outcome: 'forwarded' });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['check', 'admit', 'forward']);
    expect(steps.mock.calls[0]).toEqual(['check', 'token', '192.0.2.7']);
  });

  test('failed: nothing else is spent', async () => {
    await expect(recoverIn({ verdict: 'not-human' }, 'token')).resolves.toEqual({
      outcome: 'human-check-failed',
    });
    expect(steps.mock.calls.map(([step]) => step)).toEqual(['check']);
  });

  test('missing: not even the provider is asked, and not even where the check may fail open', async () => {
    await expect(recoverIn({ verdict: 'human', goesOnUnchecked: true })).resolves.toEqual({
      outcome: 'human-check-failed',
    });
    expect(steps).not.toHaveBeenCalled();
  });

  test.each([
    [false, 'human-check-unavailable'],
    [true, 'forwarded'],
  ])('the provider is down, and requests go on then: %j', async (goesOnUnchecked, outcome) => {
    await expect(recoverIn({ verdict: 'unavailable', goesOnUnchecked }, 'token')).resolves.toMatchObject({
      outcome,
    });
  });
});
