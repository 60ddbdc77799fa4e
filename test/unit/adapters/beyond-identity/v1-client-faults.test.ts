import { describe, expect, test } from '@jest/globals';
import { createV1Client } from '../../../../functions/adapters/beyond-identity/v1-client.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';
import { CREATED, error, JANE, observer, PAUSES, recover, useObserver } from './v1-calls.ts';

useObserver();

describe('a fault of the v1 platform', () => {
  test.each([500, 503, 429, 408])('in the lookup (%i) leads to four tries in all', async (status) => {
    const { result, operations } = await recover({ find: [error(status)] });
    expect(result).toMatchObject({ outcome: 'upstream-failed' });
    expect(operations).toEqual(['find', 'find', 'find', 'find']);
  });

  test('in the lookup (not JSON) is retried', async () => {
    const { result } = await recover({ find: [{ body: '<html>' }, JANE] });
    expect(result).toEqual({ outcome: 'forwarded', reference: 'id-of-user' });
  });

  test('is waited for as long as RateLimit-Reset says', async () => {
    const { result, operations } = await recover({
      find: [{ ...error(429), headers: { 'ratelimit-reset': '30' } }],
    });
    expect(result).toEqual({ outcome: 'upstream-failed', retryAfterMs: 30_000 });
    expect(operations).toEqual(['find']);
  });

  test('in the job is retried', async () => {
    const { result, operations } = await recover({ create: [error(503), CREATED] });
    expect(result).toEqual({ outcome: 'forwarded', reference: 'id-of-user' });
    expect(operations).toEqual(['find', 'create', 'create']);
  });

  test('in sending the link is about this user, and is not retried at once', async () => {
    const { result, operations } = await recover({
      create: [{ body: '{"credential_binding_job":{"id":"j","state":"FAILED_TO_SEND"}}' }, CREATED],
    });
    expect(result).toEqual({ outcome: 'upstream-failed', isAboutUser: true });
    expect(operations).toEqual(['find', 'create']);
  });

  test.each(['find', 'create'] as const)(
    'is avoided by not calling %s when too little time is left',
    async (operation) => {
      const deadline = startDeadline(1000);
      const { recoverUser } = createV1Client(
        async () => {
          await deadline.pause(2000);
          return { status: 200, headers: {}, ...JSON.parse(JSON.stringify(JANE)) };
        },
        {
          tenantId: 't',
          realmId: 'r',
          authenticatorConfigId: 'config',
          postBindingRedirectUri: undefined,
          references: 'user-name',
          canReadJobs: () => false,
        },
        { ...PAUSES, shortestTryMs: operation === 'find' ? 1500 : 1 },
        observer,
      );
      const call = { reference: 'jane@example.com', apiToken: 'tok' };
      await expect(recoverUser(call, deadline, { left: 3 })).resolves.toEqual({
        outcome: 'deadline-exceeded',
      });
    },
  );
});
