import { describe, expect, test } from '@jest/globals';
import type { V1Tenant } from '../../../local/tenant/v1/options.ts';
import { SIMULATED_IDS } from '../../../local/tenant/v1/simulated-ids.ts';
import { clientCredentials } from '../../../local/tenant/v1/tenant-variables.ts';
import { counted, jwt, problemsOf, testV1, useSelfTests } from './self-tests.ts';

useSelfTests();

const DAY_SECONDS = 86_400;

const inDays = (days: number) => Math.floor(Date.now() / 1000) + days * DAY_SECONDS + 60;

describe('the self-test of a v1 deployment', () => {
  test('finds no problem, and sends no email', async () => {
    const report = await testV1();
    expect(problemsOf(report)).toEqual([]);
    expect(report.checks.slice(-3).map(({ name }) => name)).toEqual([
      'token',
      'Beyond Identity',
      'binding jobs',
    ]);
    expect(report.tokenDaysLeft).toBeUndefined();
  });

  test('counts the days of a console token', async () => {
    const environment = { BEYOND_IDENTITY_APPLICATION_ID: '' };
    const secret = (started: V1Tenant) =>
      started.issueConsoleToken({ lifetimeSeconds: 10 * DAY_SECONDS + 60 });
    const report = await testV1({ environment, secret });
    expect(problemsOf(report)).toEqual([]);
    expect(report.tokenDaysLeft).toBe(10);
    expect(counted('TokenDaysLeft')).toEqual([10]);
  });

  const ALONE = { BEYOND_IDENTITY_APPLICATION_ID: '' };
  test.each<[string, Parameters<typeof testV1>[0], string, string]>([
    [
      'a wrong client secret',
      { secret: JSON.stringify(clientCredentials('wrong')) },
      'token',
      '--client-credentials',
    ],
    ['a secret without client credentials', { secret: 'bare' }, 'token', '--client-credentials'],
    [
      'a wrong application',
      { environment: { BEYOND_IDENTITY_APPLICATION_ID: 'x' } },
      'token',
      'applicationId',
    ],
    ['a realm without users', { options: { identities: [] } }, 'Beyond Identity', 'realmId'],
    ['a wrong realm', { environment: { BEYOND_IDENTITY_REALM_ID: 'x' } }, 'Beyond Identity', 'realmId'],
    [
      'a wrong authenticator config',
      { environment: { BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: 'x' } },
      'binding jobs',
      'authenticatorConfigId',
    ],
    [
      'a token without the scope of jobs',
      { options: { scopes: ['identities:read'] } },
      'token',
      'credential-binding-jobs:create',
    ],
    [
      'a token without the scope of identities',
      { options: { scopes: ['credential-binding-jobs:create'] } },
      'token',
      'identities:read',
    ],
    ['a v0 token', { environment: ALONE, secret: jwt({}) }, 'token', 'beyondIdentity.platform'],
    [
      'a token of another region',
      {
        environment: ALONE,
        secret: jwt({ bi_t: SIMULATED_IDS.tenantId, iss: 'https://auth-eu.beyondidentity.com/v1/x' }),
      },
      'token',
      'beyondIdentity.region',
    ],
    [
      'a token of another tenant',
      { environment: ALONE, secret: jwt({ bi_t: 'x' }) },
      'token',
      'beyondIdentity.tenantId',
    ],
    [
      'an expired token',
      { environment: ALONE, secret: jwt({ bi_t: 'x', exp: 1 }) },
      'token',
      'npm run store-token',
    ],
    ['an opaque token', { environment: ALONE, secret: 'opaque' }, 'Beyond Identity', 'npm run store-token'],
    [
      'no token in time',
      { prepare: (started) => started.fault({ kind: 'hang', operation: 'token' }) },
      'token',
      'applicationId',
    ],
    [
      'jobs that are forbidden',
      { prepare: (started) => started.fault({ kind: '403', operation: 'jobs' }) },
      'binding jobs',
      'Grant',
    ],
    [
      'jobs that fail',
      { prepare: (started) => started.fault({ kind: '500', operation: 'jobs' }) },
      'binding jobs',
      'status page',
    ],
  ])('names %s, and the fix', async (_what, world, name, fix) => {
    expect(problemsOf(await testV1(world))).toEqual([[name, expect.stringContaining(fix)]]);
  });

  test('takes no claim of a token for a fact that it cannot be about', async () => {
    const secret = jwt({ bi_t: SIMULATED_IDS.tenantId, iss: 'no URL' });
    const report = await testV1({ environment: ALONE, secret });
    expect(problemsOf(report)).toEqual([['Beyond Identity', expect.stringContaining('npm run store-token')]]);
  });

  test('names that nobody may be looked up', async () => {
    const prepare = (started: V1Tenant) => started.fault({ kind: '403', operation: 'identities' });
    expect(problemsOf(await testV1({ prepare }))).toEqual([
      ['Beyond Identity', expect.stringContaining('--client-credentials')],
    ]);
  });

  test('names that there was no time for a call', async () => {
    const secret = (started: V1Tenant) => started.consoleToken;
    const report = await testV1({ environment: ALONE, secret, timing: { shortestCallMs: 10_000 } });
    expect(problemsOf(report)).toEqual([['Beyond Identity', expect.stringContaining('status page')]]);
  });

  test('reports zero days left for a token that expires today', async () => {
    const secret = jwt({ bi_t: 'x', exp: inDays(0) });
    const report = await testV1({ environment: ALONE, secret });
    expect(report.tokenDaysLeft).toBe(0);
  });
});
