import { describe, expect, test } from '@jest/globals';
import type { V1TenantFault } from '../../../local/tenant/v1/fault.ts';
import { counted, expectAccepted, operations, service, start, useV1Service, waiting } from './v1-service.ts';

const KNOWN = 'jane@example.com';
useV1Service();

describe.each(['client-credentials', 'console-token'] as const)('the v1 platform with %s', (credential) => {
  test('sends the link to a known user, whatever the letter case of the address', async () => {
    await start({ credential });
    await expectAccepted(' JANE@example.com ');
    expect(service.tenant.mails.map(({ to }) => to)).toEqual([KNOWN]);
    expect(counted('Forwarded')).toBe(1);
  });

  test.each([
    'nobody@example.com',
    'sam@example.com',
    'noah@example.com',
    'odd%name@example.com',
    `${'x'.repeat(60)}@example.com`,
  ])('responds to %s, who cannot be recovered, as to a known user', async (email) => {
    await start({ credential });
    await expectAccepted(email);
    expect(service.tenant.mails).toEqual([]);
    expect(waiting()).toEqual([]);
    expect(counted('NotRecoverable')).toBe(1);
  });

  test('queues requests while the token is rejected, and counts nobody as not recoverable', async () => {
    await start({ credential });
    service.tenant.fault({ kind: '403' });
    for (const email of [KNOWN, 'nobody@example.com']) await expectAccepted(email);
    expect(waiting()).toEqual([KNOWN, 'nobody@example.com']);
    expect(counted('CauseTokenRefused') + counted('CauseTokenUnavailable')).toBe(2);
    expect(counted('NotRecoverable')).toBe(0);
  });
});

describe('a wrong configuration of the v1 platform', () => {
  test.each([
    ['realm', { BEYOND_IDENTITY_REALM_ID: 'wrong' }],
    ['tenant', { BEYOND_IDENTITY_TENANT_ID: 'wrong' }],
    ['authenticator config', { BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: 'wrong' }],
  ])('queues a request and counts it as misconfigured: %s', async (what, environment) => {
    await start({ environment, ...(what === 'tenant' && { credential: 'console-token' }) });
    await expectAccepted(KNOWN);
    expect(waiting()).toEqual([KNOWN]);
    expect(counted('CauseMisconfigured')).toBe(1);
    expect(counted('NotRecoverable')).toBe(0);
  });
});

describe('a fault of the v1 platform', () => {
  test.each([
    { kind: '500' },
    { kind: '429', rateLimitResetSeconds: 30 },
    { kind: 'hang' },
    { kind: 'reset' },
    { kind: 'not-json' },
    { kind: '500', operation: 'jobs' },
    { kind: 'hang', operation: 'jobs' },
  ] satisfies V1TenantFault[])('leads to the outbox, for any address: %j', async (fault) => {
    await start({ timing: { workMs: 400 } });
    service.tenant.fault(fault);
    await expectAccepted(KNOWN);
    expect(waiting()).toEqual([KNOWN]);
    expect(service.tenant.mails).toEqual([]);
  });

  test.each(['500', '429', 'reset'] as const)('that passes (%s) is retried, with one email', async (kind) => {
    await start();
    service.tenant.fault({ kind, times: 2 });
    await expectAccepted(KNOWN);
    expect(service.tenant.mails).toHaveLength(1);
  });

  test('a lost response to the job leads to one email, where the token may read jobs', async () => {
    await start();
    service.tenant.fault({ kind: 'lost-response', operation: 'jobs', times: 1 });
    await expectAccepted(KNOWN);
    expect(operations()).toEqual(['token', 'identities', 'jobs', 'list-jobs']);
    expect(service.tenant.mails).toHaveLength(1);
    expect(counted('Forwarded')).toBe(1);
  });

  test('a lost response to the job may lead to two emails, where the token may not read jobs', async () => {
    await start({ tenant: { scopes: ['identities:read', 'credential-binding-jobs:create'] } });
    service.tenant.fault({ kind: 'lost-response', operation: 'jobs', times: 1 });
    await expectAccepted(KNOWN);
    expect(service.tenant.mails).toHaveLength(2);
  });
});
