import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { outboxMessage } from '../../../functions/adapters/aws/outbox-message.ts';
import { ACCEPTED_BODY } from '../../../functions/recover-user/http/contract.ts';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../../../local/emulators/dynamodb.ts';
import { type Sqs, startSqs } from '../../../local/emulators/sqs.ts';
import type { V1TenantFault } from '../../../local/tenant/v1/fault.ts';
import type { V1Tenant } from '../../../local/tenant/v1/options.ts';
import {
  clientCredentials,
  metricValues,
  type RecoveryService,
  startV1RecoveryService,
} from '../recovery-service.ts';

const KNOWN = 'jane@example.com';
let sqs: Sqs;
let service: RecoveryService<V1Tenant>;

beforeEach(async () => {
  sqs = await startSqs();
  process.env['AWS_ENDPOINT_URL_SQS'] = sqs.url;
});
afterEach(async () => {
  delete process.env['AWS_ENDPOINT_URL_SQS'];
  await service.close();
  await sqs.close();
});

async function start(options: Parameters<typeof startV1RecoveryService>[0] = {}) {
  service = await startV1RecoveryService({
    ...options,
    environment: { OUTBOX_QUEUE_URL: sqs.queueUrl, ...options.environment },
    timing: { workMs: 1000, ...options.timing },
  });
}

async function expectAccepted(email: string) {
  const response = await service.recover(email);
  expect(response.status).toBe(202);
  expect(await response.text()).toBe(ACCEPTED_BODY);
}

const waiting = () => sqs.messages.map(({ body }) => outboxMessage.parse(JSON.parse(body)).address);
const operations = () => service.tenant.requests.map(({ operation }) => operation);
const counted = (metric: string) => metricValues(service.printed(), metric).length;

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
    expect(counted('CauseTokenRefused')).toBe(2);
    expect(counted('NotRecoverable')).toBe(0);
  });
});

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
    service.secretsManager.put('the-secret', clientCredentials('rotated-secret'));
    await expectAccepted(KNOWN);
    expect(service.tenant.mails).toHaveLength(1);
  });

  const UNUSABLE: [string, Parameters<typeof startV1RecoveryService>[0]][] = [
    ['a wrong client secret', { secret: clientCredentials('wrong') }],
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

describe('the limits of a mailbox on the v1 platform', () => {
  test('lead to one email for 50 concurrent requests, whatever the letter case of the address', async () => {
    const dynamoDb = await startDynamoDb();
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = dynamoDb.url;
    try {
      await start({
        environment: { ATTEMPTS_TABLE_NAME, MAILBOX_COOLDOWN_SECONDS: '60', MAILBOX_ATTEMPTS_PER_DAY: '5' },
        timing: { workMs: 5000, rateLimiterTimeoutMs: 4000 },
      });
      const spellings = Array.from({ length: 50 }, (_, index) => (index % 2 ? 'JANE@example.com' : KNOWN));
      await Promise.all(spellings.map(expectAccepted));
      expect(service.tenant.mails).toHaveLength(1);
    } finally {
      delete process.env['AWS_ENDPOINT_URL_DYNAMODB'];
      await dynamoDb.close();
    }
  });
});
