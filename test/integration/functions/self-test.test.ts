import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { selfTest as testDelivery } from '../../../functions/deliver-outbox/self-test.ts';
import { selfTest as testEndpoint } from '../../../functions/recover-user/self-test.ts';
import { withSelfTest } from '../../../functions/runtime/self-test.ts';
import { TIMEOUTS } from '../../../functions/runtime/timeouts.ts';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../../../local/emulators/dynamodb.ts';
import { type SecretsManager, startSecretsManager } from '../../../local/emulators/secrets-manager.ts';
import { type Sqs, startSqs } from '../../../local/emulators/sqs.ts';
import { type RunningServer, startHttpServer } from '../../../local/http-server.ts';
import { startTenant, type Tenant } from '../../../local/tenant/tenant.ts';
import type { V1Tenant, V1TenantOptions } from '../../../local/tenant/v1/options.ts';
import { SIMULATED_CLIENT_SECRET } from '../../../local/tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../../../local/tenant/v1/tenant.ts';
import { recordOutput } from '../recorded-output.ts';
import { API_TOKEN, clientCredentials, metricValues, v1Environment } from '../recovery-service.ts';

const QUICK = {
  ...TIMEOUTS,
  firstRetryPauseMs: 1,
  longestRetryPauseMs: 1,
  shortestCallMs: 1,
  selfTestMs: 600,
};
const DAY_SECONDS = 86_400;

let dynamoDb: RunningServer;
let sqs: Sqs;
let secretsManager: SecretsManager;
let tenant: Tenant;
let v1Tenant: V1Tenant;
let output: ReturnType<typeof recordOutput>;

beforeEach(async () => {
  dynamoDb = await startDynamoDb();
  sqs = await startSqs();
  secretsManager = await startSecretsManager();
  secretsManager.put('the-key', 'a-key');
  secretsManager.put('the-captcha', 'a-secret-key');
  tenant = await startTenant({ apiToken: API_TOKEN });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  output = recordOutput();
});
afterEach(async () => {
  output.stop();
  expect(output.printed()).not.toMatch(/[^\s"/(]@[\w-]+\.|tok_A1b2C3|eyJ/);
  expect(output.printed()).not.toContain(SIMULATED_CLIENT_SECRET);
  await Promise.all([dynamoDb, sqs, secretsManager, tenant].map((server) => server.close()));
  for (const name of ['DYNAMODB', 'SQS']) delete process.env[`AWS_ENDPOINT_URL_${name}`];
});

const COMMON = { API_TOKEN_SECRET_ID: 'the-secret', ATTEMPTS_TABLE_NAME, PSEUDONYM_KEY_SECRET_ID: 'the-key' };

/** Tests the endpoint against the v0 tenant. */
function testV0(environment: Record<string, string> = {}, secret = API_TOKEN) {
  secretsManager.put('the-secret', secret);
  const variables = { ...COMMON, BEYOND_IDENTITY_API_URL: tenant.url, OUTBOX_QUEUE_URL: sqs.queueUrl };
  return testEndpoint({ ...variables, ...environment }, QUICK);
}

/** Tests the endpoint against a v1 tenant. */
async function testV1({
  environment = {},
  secret = clientCredentials(SIMULATED_CLIENT_SECRET),
  options = {},
  prepare = () => undefined,
}: {
  environment?: Record<string, string>;
  secret?: string | ((v1Tenant: V1Tenant) => string);
  options?: V1TenantOptions;
  prepare?: (v1Tenant: V1Tenant) => void;
} = {}) {
  v1Tenant = await startV1Tenant(options);
  try {
    secretsManager.put('the-secret', typeof secret === 'string' ? secret : secret(v1Tenant));
    prepare(v1Tenant);
    const report = await testEndpoint({ ...COMMON, ...v1Environment(v1Tenant), ...environment }, QUICK);
    expect(v1Tenant.mails).toEqual([]);
    return report;
  } finally {
    await v1Tenant.close();
  }
}

type Report = Awaited<ReturnType<typeof testEndpoint>>;
const problemsOf = ({ checks }: Report) =>
  checks.filter(({ status }) => status === 'problem').map(({ name, fix }) => [name, fix]);

const jwt = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
const inDays = (days: number) => Math.floor(Date.now() / 1000) + days * DAY_SECONDS + 60;

describe('the self-test of a v0 deployment', () => {
  test('finds no problem, sends no email, and lists every check', async () => {
    const report = await testV0({ CAPTCHA_PROVIDER: 'turnstile', CAPTCHA_SECRET_ID: 'the-captcha' });
    expect(problemsOf(report)).toEqual([]);
    expect(report.status).toBe('ok');
    expect(report.checks.map(({ name }) => name)).toEqual([
      'table',
      'outbox',
      'pseudonymization key',
      'CAPTCHA secret key',
      'directory',
      'token',
      'Beyond Identity',
    ]);
    expect(tenant.mails).toEqual([]);
    expect(tenant.requests).toHaveLength(1);
    expect(metricValues(output.printed(), 'SelfTestFailed')).toEqual([0]);
    expect(sqs.messages.map(({ body }) => body)).toEqual(['{"kind":"self-test"}']);
  });

  test('names a rejected token, and the fix', async () => {
    const report = await testV0({}, 'another-token');
    expect(problemsOf(report)).toEqual([['Beyond Identity', expect.stringContaining('npm run store-token')]]);
    expect(metricValues(output.printed(), 'SelfTestFailed')).toEqual([1]);
  });

  test('names a token of the other platform', async () => {
    const report = await testV0({}, jwt({ bi_t: 'tenant' }));
    expect(problemsOf(report)).toEqual([['token', expect.stringContaining('beyondIdentity.platform')]]);
  });

  test.each([
    ['secret', { API_TOKEN_SECRET_ID: 'nowhere' }, 'token'],
    ['pseudonymization key', { PSEUDONYM_KEY_SECRET_ID: 'nowhere' }, 'pseudonymization key'],
    [
      'CAPTCHA secret key',
      { CAPTCHA_PROVIDER: 'turnstile', CAPTCHA_SECRET_ID: 'nowhere' },
      'CAPTCHA secret key',
    ],
    ['table', { ATTEMPTS_TABLE_NAME: 'nowhere' }, 'table'],
    ['queue', { OUTBOX_QUEUE_URL: 'http://127.0.0.1:1/1/nowhere' }, 'outbox'],
    [
      'directory',
      {
        DIRECTORY: 'dynamodb',
        DIRECTORY_TABLE_NAME: 'nowhere',
        DIRECTORY_ADDRESS_ATTRIBUTE: 'email',
        DIRECTORY_REFERENCE_ATTRIBUTE: 'id',
      },
      'directory',
    ],
  ])('names a %s that cannot be used', async (_what, environment, name) => {
    const report = await testV0(environment);
    expect(problemsOf(report)).toEqual([[name, expect.any(String)]]);
  });

  test.each([
    ['500', 'no usable response'],
    ['reset', 'no usable response'],
    ['hang', 'no usable response'],
  ] as const)('names a Beyond Identity that fails (%s)', async (kind, detail) => {
    tenant.fault({ kind });
    const report = await testV0();
    expect(report.checks.at(-1)).toMatchObject({
      name: 'Beyond Identity',
      detail: expect.stringContaining(detail),
    });
  });

  test('names a base URL that is not Beyond Identity’s', async () => {
    const page = await startHttpServer((_request, response) => {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<html>Not found</html>');
    });
    const report = await testV0({ BEYOND_IDENTITY_API_URL: page.url });
    await page.close();
    expect(problemsOf(report)).toEqual([
      ['Beyond Identity', expect.stringContaining('Check beyondIdentity.region')],
    ]);
  });

  test('ends at its timeout when a dependency hangs', async () => {
    sqs.fault({ kind: 'hang' });
    const report = await testEndpoint(
      { ...COMMON, BEYOND_IDENTITY_API_URL: tenant.url, OUTBOX_QUEUE_URL: sqs.queueUrl },
      { ...QUICK, selfTestMs: 300 },
    );
    expect(problemsOf(report).map(([name]) => name)).toContain('outbox');
  });

  test('leaves out what is not configured', async () => {
    secretsManager.put('the-secret', API_TOKEN);
    const environment = { API_TOKEN_SECRET_ID: 'the-secret', BEYOND_IDENTITY_API_URL: tenant.url };
    const { checks } = await testEndpoint(environment, QUICK);
    expect(checks.map(({ name }) => name)).toEqual(['directory', 'token', 'Beyond Identity']);
    const queued = { ...COMMON, DELIVERY: 'queued', OUTBOX_QUEUE_URL: sqs.queueUrl };
    expect((await testEndpoint(queued, QUICK)).checks.map(({ name }) => name)).toEqual([
      'table',
      'outbox',
      'pseudonymization key',
    ]);
  });
});

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
    expect(metricValues(output.printed(), 'TokenDaysLeft')).toEqual([10]);
  });

  const ALONE = { BEYOND_IDENTITY_APPLICATION_ID: '' };
  test.each<[string, Parameters<typeof testV1>[0], string, string]>([
    ['a wrong client secret', { secret: clientCredentials('wrong') }, 'token', '--client-credentials'],
    ['a secret without client credentials', { secret: 'bare' }, 'token', '--client-credentials'],
    [
      'a wrong application',
      { environment: { BEYOND_IDENTITY_APPLICATION_ID: 'x' } },
      'token',
      'applicationId',
    ],
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
      'Try again',
    ],
  ])('names %s, and the fix', async (_what, world, name, fix) => {
    expect(problemsOf(await testV1(world))).toEqual([[name, expect.stringContaining(fix)]]);
  });

  test('reports zero days left for a token that expires today', async () => {
    const secret = jwt({ bi_t: 'x', exp: inDays(0) });
    const report = await testV1({ environment: ALONE, secret });
    expect(report.tokenDaysLeft).toBe(0);
  });
});

describe('the self-test of the delivery function', () => {
  const ENVIRONMENT = { API_TOKEN_SECRET_ID: 'the-secret', ATTEMPTS_TABLE_NAME };

  test('checks the table, the directory and the tenant', async () => {
    secretsManager.put('the-secret', API_TOKEN);
    const environment = {
      ...ENVIRONMENT,
      OUTBOX_QUEUE_URL: sqs.queueUrl,
      BEYOND_IDENTITY_API_URL: tenant.url,
    };
    const report = await testDelivery(environment, QUICK);
    expect(problemsOf(report)).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toEqual(['table', 'directory', 'token', 'Beyond Identity']);
  });
});

describe('an event of a function', () => {
  const context: Context = Object({});
  const handle = withSelfTest(
    async (event: object) => event,
    async () => ({ status: 'ok', checks: [] }),
  );

  test('starts a self-test when it is exactly the self-test event', async () => {
    await expect(handle({ kind: 'self-test' }, context)).resolves.toEqual({ status: 'ok', checks: [] });
  });

  test.each([
    { kind: 'self-test', httpMethod: 'POST' },
    { kind: 'self-test', requestContext: {} },
    { kind: 'self-test', Records: [] },
    { body: '{"kind":"self-test"}', httpMethod: 'POST', requestContext: {} },
    { kind: 'other' },
    {},
  ])('of API Gateway or SQS starts no self-test: %j', async (event) => {
    await expect(handle(event, context)).resolves.toBe(event);
  });
});

test('a self-test reports a check that fails unexpectedly as a problem with the name of the error', async () => {
  const send = DynamoDBClient.prototype.send;
  DynamoDBClient.prototype.send = () => Promise.reject('text');
  try {
    const report = await testV0();
    expect(report.checks[0]).toMatchObject({ name: 'table', status: 'problem', detail: 'string' });
  } finally {
    DynamoDBClient.prototype.send = send;
  }
});
