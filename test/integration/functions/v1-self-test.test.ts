import { describe, expect, test } from '@jest/globals';
import { startHttpServer } from '../../../local/http-server.ts';
import type { V1Tenant } from '../../../local/tenant/v1/options.ts';
import { SIMULATED_IDS } from '../../../local/tenant/v1/simulated-ids.ts';
import { clientCredentials } from '../../../local/tenant/v1/tenant-variables.ts';
import { counted, jwt, problemsOf, SHORT, sentencesOf, testV1, useSelfTests } from './self-tests.ts';

useSelfTests();

const DAY_SECONDS = 86_400;

const inDays = (days: number) => Math.floor(Date.now() / 1000) + days * DAY_SECONDS + 60;

describe('the self-test of a v1 deployment', () => {
  test('finds no problem, and sends no email', async () => {
    const report = await testV1();
    expect(problemsOf(report)).toEqual([]);
    expect(report.checks.slice(-3).map(({ name, detail }) => [name, detail])).toEqual([
      ['token', 'issued for the client credentials'],
      ['Beyond Identity', expect.stringMatching(/^127\.0\.0\.1:\d+ accepts the token$/)],
      ['binding jobs', 'the token may create binding jobs'],
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
    expect(report.checks.find(({ name }) => name === 'token')?.detail).toBe('expires in 10 days');
    expect(counted('TokenDaysLeft')).toEqual([10]);
  });

  const ALONE = { BEYOND_IDENTITY_APPLICATION_ID: '' };
  const fault = (kind: '401' | '403' | '500' | 'hang', operation: 'jobs' | 'token') => ({
    prepare: (started: V1Tenant) => started.fault({ kind, operation }),
    timing: kind === 'hang' ? SHORT : {},
  });
  const OF_CLIENT =
    'Check beyondIdentity.applicationId and applicationRealmId, and run npm run store-token -- --client-credentials.';
  const NOT_THE_REALM =
    'rejects the call, or is not Beyond Identity (status 404). Check beyondIdentity.region, tenantId and realmId.';
  const NO_JOBS =
    'binding jobs: the token may not create binding jobs. Grant credential-binding-jobs:create in the Beyond Identity console.';

  test.each<[string, Parameters<typeof testV1>[0], string]>([
    [
      'a wrong client secret',
      { secret: JSON.stringify(clientCredentials('wrong')) },
      `token: no token: status 401 invalid_client. ${OF_CLIENT}`,
    ],
    [
      'a secret without client credentials',
      { secret: 'bare' },
      `token: no token: secret the-secret: it does not hold client credentials; store {"CLIENT_ID": "...", "CLIENT_SECRET": "..."}; the client credentials cannot be read. ${OF_CLIENT}`,
    ],
    [
      'a wrong application',
      { environment: { BEYOND_IDENTITY_APPLICATION_ID: 'x' } },
      `token: no token: status 404. ${OF_CLIENT}`,
    ],
    [
      'a realm without users',
      { options: { identities: [] } },
      'Beyond Identity: the realm has no users. Check beyondIdentity.realmId: it is the realm of the users, not that of the application.',
    ],
    [
      'a wrong realm',
      { environment: { BEYOND_IDENTITY_REALM_ID: 'x' } },
      `Beyond Identity: HOST ${NOT_THE_REALM}`,
    ],
    [
      'a wrong authenticator config',
      { environment: { BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: 'x' } },
      'binding jobs: a binding job is rejected, or not understood. Check beyondIdentity.authenticatorConfigId and postBindingRedirectUri.',
    ],
    [
      'a token without the scope of jobs',
      { options: { scopes: ['identities:read'] } },
      'token: the token lacks the scope credential-binding-jobs:create. Grant credential-binding-jobs:create in the Beyond Identity console.',
    ],
    [
      'a token of another region',
      {
        environment: ALONE,
        secret: jwt({ bi_t: SIMULATED_IDS.tenantId, iss: 'https://auth-eu.beyondidentity.com/v1/x' }),
      },
      'token: the token was issued by auth-eu.beyondidentity.com, in another region. Set beyondIdentity.region to that of the token.',
    ],
    [
      'an expired token',
      { environment: ALONE, secret: jwt({ bi_t: 'x', exp: 1 }) },
      'token: the API token has expired. Run npm run store-token.',
    ],
    [
      'an opaque token',
      { environment: ALONE, secret: 'opaque' },
      'Beyond Identity: HOST rejects the token (status 401). Run npm run store-token. Check the region in beyondIdentity, too.',
    ],
    ['no token in time', fault('hang', 'token'), `token: no token: no response in time. ${OF_CLIENT}`],
    ['jobs that are forbidden', fault('403', 'jobs'), NO_JOBS],
    ['a token that is rejected for jobs', fault('401', 'jobs'), NO_JOBS],
    [
      'jobs that fail',
      fault('500', 'jobs'),
      'binding jobs: no usable response. Look at the status page of Beyond Identity.',
    ],
  ])('names %s, and the fix', async (_what, world, problem) => {
    const [found, ...others] = sentencesOf(await testV1(world));
    expect(found?.replace(/127\.0\.0\.1:\d+/, 'HOST')).toBe(problem);
    expect(others).toEqual([]);
  });

  test.each([
    [404, '{"identities":[]}'],
    [200, '<html>'],
    [200, '{}'],
  ])(
    'names a base URL that is not Beyond Identity’s, which responds with %i and %s',
    async (status, body) => {
      const page = await startHttpServer((_request, response) => void response.writeHead(status).end(body));
      const report = await testV1({
        environment: { ...ALONE, BEYOND_IDENTITY_API_URL: page.url },
        secret: 'opaque',
      });
      await page.close();
      expect(sentencesOf(report)).toEqual([
        expect.stringContaining(
          `is not Beyond Identity (status ${status}). Check beyondIdentity.region, tenantId`,
        ),
      ]);
    },
  );

  test('repeats a call twice that fails for now', async () => {
    let started: V1Tenant | undefined;
    await testV1({
      prepare: (tenant) => {
        started = tenant;
        tenant.fault({ kind: '500', operation: 'identities' });
      },
    });
    expect(started?.requests.filter(({ operation }) => operation === 'identities')).toHaveLength(3);
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
