import { setImmediate } from 'node:timers/promises';
import { describe, expect, jest, test } from '@jest/globals';
import type { V1TenantFault } from '../../../local/tenant/v1/fault.ts';
import { clientCredentials } from '../../../local/tenant/v1/tenant-variables.ts';
import type { startV1RecoveryService } from '../recovery-service.ts';
import { counted, expectAccepted, operations, service, start, useV1Service, waiting } from './v1-service.ts';

const KNOWN = 'jane@example.com';
useV1Service();

describe('an access token of the v1 platform', () => {
  test('is issued once, while the module loads', async () => {
    await start();
    expect(operations()).toEqual(['token']);
    for (const email of [KNOWN, 'john@example.com']) await expectAccepted(email);
    expect(operations()).toEqual(['token', 'identities', 'jobs', 'identities', 'jobs']);
  });

  test.each([
    { kind: '401', operation: 'identities' },
    { kind: '403', operation: 'jobs' },
  ] satisfies V1TenantFault[])(
    'rejected once is renewed once, and the request is forwarded: %j',
    async (fault) => {
      await start();
      service.tenant.fault({ ...fault, times: 1 });
      await expectAccepted(KNOWN);
      expect(service.tenant.mails).toHaveLength(1);
      expect(operations().filter((operation) => operation === 'token')).toHaveLength(2);
    },
  );

  test('is replaced without a loss when it was revoked', async () => {
    await start();
    service.tenant.revokeTokens();
    await expectAccepted(KNOWN);
    expect(service.tenant.mails).toHaveLength(1);
  });

  test('is issued with a rotated client secret as soon as the old one is rejected', async () => {
    await start();
    service.tenant.rotateClientSecret('rotated-secret');
    service.tenant.revokeTokens();
    service.secretsManager.put('the-secret', JSON.stringify(clientCredentials('rotated-secret')));
    await expectAccepted(KNOWN);
    expect(service.tenant.mails).toHaveLength(1);
  });

  test('is used, with a warning, while a renewal fails', async () => {
    await start({ tenant: { expiresIn: 3600 } });
    const almostExpired = Date.now() + 3_500_000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(almostExpired);
    service.tenant.fault({ kind: '500', operation: 'token' });
    await expectAccepted(KNOWN);
    expect(service.tenant.mails).toHaveLength(1);
    const warning = 'access token renewal failed, using the one that is still valid';
    // the renewal is in nobody's way, and ends later
    while (!service.printed().includes(warning)) await setImmediate();
    clock.mockRestore();
  });

  const UNUSABLE: [string, Parameters<typeof startV1RecoveryService>[0]][] = [
    ['a wrong client secret', { secret: JSON.stringify(clientCredentials('wrong')) }],
    ['a wrong application', { environment: { BEYOND_IDENTITY_APPLICATION_ID: 'wrong' } }],
    ['an application without the scopes', { tenant: { scopes: ['tenants:read'], unknownScopes: 'refuse' } }],
    ['a secret that holds no client credentials', { secret: 'bare' }],
  ];
  test.each(UNUSABLE)('that cannot be issued leads to the outbox: %s', async (_what, options) => {
    const environment = { PSEUDONYM_KEY_SECRET_ID: 'the-key', ...options?.environment };
    await start({ ...options, environment });
    service.secretsManager.put('the-key', 'a-key-of-pseudonyms');
    await expectAccepted(KNOWN);
    expect(waiting()).toEqual([KNOWN]);
    expect(counted('CauseTokenUnavailable')).toBe(1);
  });

  test.each(['hang', 'reset', '500', 'not-json'] as const)(
    'that is not issued because of %s leads to the outbox',
    async (kind) => {
      await start({ timing: { accessTokenMs: 100 } });
      service.tenant.fault({ kind, operation: 'token' });
      service.tenant.revokeTokens();
      await expectAccepted(KNOWN);
      expect(waiting()).toEqual([KNOWN]);
      service.tenant.heal();
      await expectAccepted('john@example.com');
      expect(service.tenant.mails).toHaveLength(1);
    },
  );

  test.each(
    (['narrow', 'refuse'] as const).flatMap(
      (unknownScopes) =>
        [
          [unknownScopes, 'credential-binding-jobs:create', 'create'],
          [unknownScopes, 'credential-binding-jobs:create', 'create-email'],
          [unknownScopes, 'credential-binding-jobs:create-email', 'create-email'],
        ] as const,
    ),
  )(
    'is used although the application lacks scopes (%s): it has %s, and %s is configured',
    async (unknownScopes, scope, jobScope) => {
      const scopes = ['identities:read', scope];
      await start({
        tenant: { scopes, unknownScopes },
        environment: { BEYOND_IDENTITY_JOB_SCOPE: jobScope },
      });
      await expectAccepted(KNOWN);
      expect(service.tenant.mails).toHaveLength(1);
    },
  );
});
