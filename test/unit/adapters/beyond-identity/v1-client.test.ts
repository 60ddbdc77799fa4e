import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canBeUserName } from '../../../../functions/adapters/beyond-identity/v1-identities.ts';
import {
  error,
  found,
  IDENTITIES_PATH,
  identity,
  observer,
  recover,
  useObserver,
  type World,
} from './v1-calls.ts';

useObserver();

describe('recovery on the v1 platform', () => {
  test('finds the identity by its user name, and creates a job that emails the link', async () => {
    const { result, requests } = await recover();
    expect(result).toEqual({ outcome: 'forwarded', reference: 'id-of-user' });
    expect(requests).toMatchObject([
      {
        method: 'GET',
        path: `${IDENTITIES_PATH}?filter=traits.username%20eq%20%22jane%40example.com%22&page_size=2`,
        headers: { authorization: 'Bearer tok' },
      },
      { method: 'POST', path: `${IDENTITIES_PATH}/id-of-user/credential-binding-jobs` },
    ]);
    expect(JSON.parse(requests[1]?.body ?? '')).toEqual({
      job: {
        delivery_method: 'EMAIL',
        authenticator_config_id: 'config',
        post_binding_redirect_uri: 'https://app.example.com/',
      },
    });
    expect(observer.unrecognizedSuccess).not.toHaveBeenCalled();
  });

  test.each<[string, World, string[]]>([
    ['finds the user', {}, ['find', 'create']],
    ['finds nobody', { find: [found()] }, ['find']],
    [
      'fails for now',
      { find: [error(503), found(identity('jane@example.com'))] },
      ['find', 'find', 'create'],
    ],
    ['is forbidden', { find: [error(403), found()] }, ['find', 'find', 'find']],
    ['has no name to look for', { call: { reference: 'x'.repeat(65) } }, []],
    ['is not needed', { references: 'identity-id', call: { reference: 'e372db' } }, ['create']],
  ])('makes the same calls, to the same end, where a lookup in advance %s', async (_what, world, calls) => {
    const prepared = await recover({ ...world, isPrepared: true });
    const unprepared = await recover(world);
    expect(prepared.operations).toEqual(calls);
    expect(unprepared.operations).toEqual(calls);
    expect(prepared.result).toEqual(unprepared.result);
  });

  test('uses the id of an identity directly, without a lookup', async () => {
    const { result, operations } = await recover({
      references: 'identity-id',
      call: { reference: 'e372db' },
    });
    expect(result).toEqual({ outcome: 'forwarded', reference: 'e372db' });
    expect(operations).toEqual(['create']);
  });

  test.each(['', '../x', 'a/b', 'a b', 'ü', 'x'.repeat(65)])(
    'takes the id %j, which no identity can have, for our fault',
    async (reference) => {
      const { result, operations } = await recover({ references: 'identity-id', call: { reference } });
      expect(result).toEqual({ outcome: 'misconfigured' });
      expect(operations).toEqual([]);
    },
  );

  test('reports a success that it does not recognize, and repeats nothing', async () => {
    const { result, operations } = await recover({ create: [{ body: '{}' }] });
    expect(result).toEqual({ outcome: 'forwarded', reference: 'id-of-user' });
    expect(operations).toEqual(['find', 'create']);
    expect(observer.unrecognizedSuccess).toHaveBeenCalledTimes(1);
  });
});

test('a success that is not JSON comes from somebody else, and counts as our fault', async () => {
  const { result } = await recover({ create: [{ body: '<html>Welcome</html>' }] });
  expect(result).toEqual({ outcome: 'misconfigured' });
});

test('a success whose body was cut off is a success', async () => {
  const { result } = await recover({ create: [{ body: undefined }] });
  expect(result).toEqual({ outcome: 'forwarded', reference: 'id-of-user' });
});

test('an identity whose id is not safe in a path is never used', async () => {
  const hostile = { id: '..', status: 'active', traits: { username: 'jane@example.com' } };
  const { result, operations } = await recover({ find: [found(hostile)] });
  expect(result).toMatchObject({ outcome: 'upstream-failed' });
  expect(operations).not.toContain('create');
});

describe('a user on the v1 platform', () => {
  test.each([
    ['unknown', found()],
    ['suspended', found(identity('jane@example.com', 'suspended'))],
  ])('who is %s cannot be recovered', async (_what, response) => {
    const { result, operations } = await recover({ find: [response] });
    expect(result).toEqual({ outcome: 'not-recoverable' });
    expect(operations).toEqual(['find']);
  });

  test.each([404, 422])('who is gone or has no email address (%i) cannot be recovered', async (status) => {
    const { result } = await recover({
      create: [error(status, { type: 'ResourceInfo', resource_type: 'Identity' })],
    });
    expect(result).toEqual({ outcome: 'not-recoverable' });
  });

  test("who is gone cannot be recovered, in the error format of the vendor's schema, too", async () => {
    const { result } = await recover({ create: [{ status: 404, body: '{"resource_type":"Identity"}' }] });
    expect(result).toEqual({ outcome: 'not-recoverable' });
  });

  test.each(['x'.repeat(65), 'jane%doe@example.com', 'jane\u0000@example.com', ''])(
    'whose directory returns the impossible user name %j is our fault, and is not looked up',
    async (reference) => {
      const { result, operations } = await recover({ call: { reference } });
      expect(result).toEqual({ outcome: 'misconfigured' });
      expect(operations).toEqual([]);
    },
  );

  test('is looked up by the longest user name that there can be', async () => {
    const { operations } = await recover({ call: { reference: 'x'.repeat(64) } });
    expect(operations).toContain('find');
  });

  test('is looked up by one JSON string in the filter, whatever the user name contains', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 64 }).filter(canBeUserName), async (name) => {
        const { requests } = await recover({ find: [found()], call: { reference: name } });
        const query = requests[0]?.path.split('?')[1] ?? '';
        expect(query).toMatch(/^filter=[\w.~!*'()%-]+&page_size=2$/);
        const filter = decodeURIComponent(query.slice('filter='.length, -'&page_size=2'.length));
        expect(filter.startsWith('traits.username eq "')).toBe(true);
        expect(JSON.parse(filter.slice('traits.username eq '.length))).toBe(name);
      }),
    );
  });
});

describe('a wrong configuration of the v1 platform', () => {
  test.each([
    ['a realm that does not exist', { find: [error(404, { type: 'ResourceInfo', resource_type: 'Realm' })] }],
    ['a filter that is not understood', { find: [error(400)] }],
    [
      'a lookup that does not filter',
      { find: [found(identity('john@example.com'), identity('max@example.com'))] },
    ],
    ['an authenticator config that does not exist', { create: [error(400, { type: 'FieldViolations' })] }],
    ['a realm that is gone', { create: [error(404, { type: 'ResourceInfo', resource_type: 'Realm' })] }],
    ['a 404 that is not the vendor’s', { create: [{ status: 404, body: '<html>' }] }],
    ['a 422 without a reason', { create: [{ status: 422, body: '{"code":"x"}' }] }],
    ['a conflict', { create: [error(409, { type: 'ResourceInfo', resource_type: 'Identity' })] }],
  ] satisfies [string, World][])('is never an unknown user: %s', async (_what, world) => {
    const { result } = await recover(world);
    expect(result).toEqual({ outcome: 'misconfigured' });
  });
});

describe('a v1 token', () => {
  test('is rejected by a 401 in either call', async () => {
    expect((await recover({ find: [error(401)] })).result).toEqual({ outcome: 'token-refused' });
    expect((await recover({ create: [error(401)] })).result).toEqual({ outcome: 'token-refused' });
  });

  test('is rejected when a user who cannot exist is forbidden, too', async () => {
    const { result, requests } = await recover({ find: [error(403)] });
    expect(result).toEqual({ outcome: 'token-refused' });
    expect(requests[1]?.path).toMatch(/filter=traits.username%20eq%20%22no-user-[\da-f-]{36}%22/);
  });

  test('stays in use when only one user is forbidden', async () => {
    const { result } = await recover({ find: [error(403), found(), error(403)] });
    expect(result).toEqual({ outcome: 'not-recoverable' });
    expect(observer.forbiddenForOneUser).toHaveBeenCalledTimes(1);
  });

  test('that may look up identities but not create jobs is rejected, and never means an unknown user', async () => {
    const { result, operations } = await recover({ create: [error(403)] });
    expect(result).toEqual({ outcome: 'token-refused' });
    expect(operations).toEqual(['find', 'create']);
  });
});
