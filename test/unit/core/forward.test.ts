import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { externalIdDirectory } from '../../../functions/adapters/directory/email-directory.ts';
import type { Deadline } from '../../../functions/core/deadline.ts';
import type { ResolvedUser } from '../../../functions/core/directory.ts';
import { createForwarder, type ForwardResult, type LookupResult } from '../../../functions/core/forward.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';

type ForwardOutcome = ForwardResult['outcome'];

interface World {
  /** The token that the tenant accepts. */
  valid?: string;
  /** The token as first read, and as read again. */
  secrets?: (string | undefined)[];
  outcome?: ForwardOutcome;
  /** The outcome of a reference, if it is not `outcome`. */
  outcomes?: Record<string, ForwardOutcome>;
  /** The references of the user; those of the address by default. */
  references?: string[];
}

const calls = jest.fn<(reference: string, apiToken: string, retriesLeft: number) => void>();
let deadline: Deadline;

beforeEach(() => {
  calls.mockReset();
  deadline = startDeadline(1000);
});
afterEach(() => deadline.clear());

async function forwardIn(world: World, address = 'jane@example.com') {
  const { valid = 'a', secrets = ['a'], outcome = 'forwarded', outcomes = {} } = world;
  const { forward } = createForwarder({
    apiToken: { current: async () => secrets[0], renewed: async () => secrets[1] },
    beyondIdentity: {
      recoverUser: async ({ reference, apiToken }, _deadline, retries) => {
        calls(reference, apiToken, retries.left);
        retries.left -= 1;
        if (apiToken !== valid) return { outcome: 'token-refused' };
        return { outcome: outcomes[reference] ?? outcome, retryAfterMs: 7 };
      },
    },
  });
  const resolved = await externalIdDirectory.resolve(address, deadline);
  const references = world.references ?? resolved?.references ?? [];
  return forward({ user: address, references }, deadline);
}

const tokens = () => calls.mock.calls.map(([, token]) => token);
const references = () => calls.mock.calls.map(([reference]) => reference);

describe('forwarding', () => {
  test('calls Beyond Identity, and says which reference it accepted', async () => {
    const outcomes = { 'user-1': 'not-recoverable' } as const;
    await expect(forwardIn({ references: ['user-1', 'user-2'], outcomes })).resolves.toEqual({
      outcome: 'forwarded',
      reference: 'user-2',
      retryAfterMs: 7,
    });
  });

  test.each<ForwardOutcome>(['not-recoverable', 'upstream-failed', 'misconfigured'])(
    'resolves the user, calls Beyond Identity, and returns %s',
    async (outcome) => {
      await expect(forwardIn({ outcome })).resolves.toEqual({ outcome, retryAfterMs: 7 });
      expect(references()).toEqual(['jane@example.com']);
    },
  );

  test('tries no other spelling when the address as typed is known', async () => {
    await expect(forwardIn({}, 'Jane@Example.com')).resolves.toMatchObject({ outcome: 'forwarded' });
    expect(references()).toEqual(['Jane@Example.com']);
  });

  test('tries the address in lower case when it is unknown as typed', async () => {
    const outcomes = { 'Jane@Example.com': 'not-recoverable' } as const;
    await expect(forwardIn({ outcomes }, 'Jane@Example.com')).resolves.toMatchObject({
      outcome: 'forwarded',
    });
    expect(references()).toEqual(['Jane@Example.com', 'jane@example.com']);
  });

  test('is not recoverable when neither spelling is known', async () => {
    await expect(forwardIn({ outcome: 'not-recoverable' }, 'JANE@example.com')).resolves.toMatchObject({
      outcome: 'not-recoverable',
    });
    expect(references()).toEqual(['JANE@example.com', 'jane@example.com']);
  });

  test('tries no other spelling after a failure', async () => {
    const outcome = 'upstream-failed';
    await expect(forwardIn({ outcome }, 'JANE@example.com')).resolves.toMatchObject({ outcome });
    expect(references()).toEqual(['JANE@example.com']);
  });

  test('makes no call for a user whom the directory does not know', async () => {
    await expect(forwardIn({ references: [] })).resolves.toEqual({ outcome: 'not-recoverable' });
    expect(calls).not.toHaveBeenCalled();
  });

  test('has one budget of three retries for all calls of a request', async () => {
    await forwardIn({ outcome: 'not-recoverable', valid: 'new', secrets: ['old', 'new'] }, 'J@x.example');
    expect(calls.mock.calls.map(([, , left]) => left)).toEqual([3, 2, 1]);
  });
});

describe('forwarding with an API token', () => {
  test('that was rotated makes one more call', async () => {
    await expect(forwardIn({ valid: 'new', secrets: ['old', 'new'] })).resolves.toMatchObject({
      outcome: 'forwarded',
    });
    expect(tokens()).toEqual(['old', 'new']);
  });

  test('that is rejected and unchanged is not repeated', async () => {
    await expect(forwardIn({ valid: 'good', secrets: ['bad', 'bad'] })).resolves.toEqual({
      outcome: 'token-refused',
    });
    expect(tokens()).toEqual(['bad']);
  });

  test('that is rejected, as is its successor, is reported after one repetition', async () => {
    await expect(forwardIn({ valid: 'good', secrets: ['bad', 'worse'] })).resolves.toEqual({
      outcome: 'token-refused',
    });
    expect(tokens()).toEqual(['bad', 'worse']);
  });

  test('that cannot be read is unavailable', async () => {
    await expect(forwardIn({ secrets: [undefined] })).resolves.toEqual({ outcome: 'token-unavailable' });
    expect(calls).not.toHaveBeenCalled();
  });

  test('that is rejected and cannot be read again is rejected', async () => {
    await expect(forwardIn({ valid: 'new', secrets: ['old', undefined] })).resolves.toEqual({
      outcome: 'token-refused',
    });
    // toEqual takes no notice of a last element that is undefined
    expect(tokens()).toStrictEqual(['old']);
  });
});

test('a rejected token is replaced, and the time of a try that may have been mailed is kept', async () => {
  const seen: (number | undefined)[] = [];
  const { forward } = createForwarder({
    apiToken: { current: async () => 'old', renewed: async () => 'new' },
    beyondIdentity: {
      recoverUser: async ({ apiToken, mayBeMailedSince }) => {
        seen.push(mayBeMailedSince);
        return apiToken === 'old'
          ? { outcome: 'token-refused', mayBeMailedSince: 7 }
          : { outcome: 'forwarded' };
      },
    },
  });
  const jane = { user: 'jane', references: ['jane'] };
  await expect(forward(jane, deadline)).resolves.toMatchObject({ outcome: 'forwarded' });
  expect(seen).toEqual([undefined, 7]);
  await forward(jane, deadline, 5);
  expect(seen).toEqual([undefined, 7, 5, 5]);
});

describe('preparing', () => {
  const found: LookupResult = { outcome: 'found', id: 'id-of-jane' };
  const jane = { user: 'jane', references: ['jane', 'other'] };

  /** What is known of the user in advance, the calls for that, and the lookups with which Beyond Identity is then called. */
  async function prepareAndForward(
    tokens: (string | undefined)[],
    user: ResolvedUser | undefined,
    canLookUp = true,
  ) {
    const lookedUp: unknown[] = [];
    const recovered: unknown[] = [];
    const { prepare, forward } = createForwarder({
      apiToken: {
        current: async () => (tokens.length > 1 ? tokens.shift() : tokens[0]),
        renewed: async () => 'new',
      },
      beyondIdentity: {
        lookUp: canLookUp
          ? async (call) => {
              lookedUp.push(call);
              return { result: found };
            }
          : undefined,
        recoverUser: async ({ reference, lookup }) => {
          recovered.push([reference, lookup?.result]);
          return { outcome: 'not-recoverable' };
        },
      },
    });
    const lookup = prepare(Promise.resolve(user), deadline);
    await lookup;
    if (user) await forward({ ...user, lookup }, deadline);
    return { lookedUp, recovered };
  }

  test('looks the first reference up, and hands the result on with it', async () => {
    expect(await prepareAndForward(['a'], jane)).toEqual({
      lookedUp: [{ reference: 'jane', apiToken: 'a' }],
      recovered: [
        ['jane', found],
        ['other', undefined],
      ],
    });
  });

  test('is forgotten where the token is another one meanwhile', async () => {
    const { lookedUp, recovered } = await prepareAndForward(['a', 'b'], jane);
    expect(lookedUp).toHaveLength(1);
    expect(recovered[0]).toEqual(['jane', undefined]);
  });

  test.each([
    ['there is no token', undefined, jane, true],
    ['the directory is down', 'a', undefined, true],
    ['the directory knows no such user', 'a', { user: 'jane', references: [] }, true],
    ['every call may send the email', 'a', jane, false],
  ])('looks nobody up where %s', async (_what, token, user, canLookUp) => {
    const { lookedUp, recovered } = await prepareAndForward([token], user, canLookUp);
    expect(lookedUp).toEqual([]);
    expect(recovered).not.toContainEqual(['jane', found]);
  });
});
