import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { selfTest as testDelivery } from '../../../functions/deliver-outbox/self-test.ts';
import { selfTest as testEndpoint } from '../../../functions/recover-user/self-test.ts';
import { ATTEMPTS_TABLE_NAME } from '../../../local/emulators/dynamodb.ts';
import { startHttpServer } from '../../../local/http-server.ts';
import { secretsManager, sqs } from '../emulated-aws.ts';
import { API_TOKEN } from '../recovery-service.ts';
import {
  COMMON,
  counted,
  jwt,
  problemsOf,
  QUICK,
  SHORT,
  sentencesOf,
  tenant,
  testV0,
  useSelfTests,
} from './self-tests.ts';

useSelfTests();

const notBeyondIdentity = (url: string, status: number) =>
  `Beyond Identity: ${new URL(url).host} rejects the call, or is not Beyond Identity (status ${status}). Check beyondIdentity.region and beyondIdentity.apiUrl.`;

describe('the self-test of a v0 deployment', () => {
  test('finds no problem, sends no email, and lists every check', async () => {
    const report = await testV0({ CAPTCHA_PROVIDER: 'turnstile', CAPTCHA_SECRET_ID: 'the-captcha' });
    expect(problemsOf(report)).toEqual([]);
    expect(report.status).toBe('ok');
    expect(report.checks.map(({ name, detail }) => [name, detail])).toEqual([
      ['table', 'can be written'],
      ['outbox', 'takes messages'],
      ['pseudonymization key', 'can be read'],
      ['CAPTCHA secret key', 'can be read'],
      ['directory', 'gives a usable response'],
      ['token', 'it does not say when it expires'],
      ['Beyond Identity', `${new URL(tenant.url).host} accepts the token`],
    ]);
    expect(tenant.mails).toEqual([]);
    expect(tenant.requests.map(({ body }) => body)).toEqual([expect.stringContaining('"self-test-')]);
    expect(counted('SelfTestFailed')).toEqual([0]);
    expect(sqs.messages.map(({ body }) => body)).toEqual(['{"kind":"self-test"}']);
  });

  test('names a rejected token, and the fix', async () => {
    const report = await testV0({}, 'another-token');
    expect(sentencesOf(report)).toEqual([
      `Beyond Identity: ${new URL(tenant.url).host} rejects the token (status 401). Run npm run store-token. Check the region in beyondIdentity, too.`,
    ]);
    expect(counted('SelfTestFailed')).toEqual([1]);
  });

  test('names a token of the other platform', async () => {
    const report = await testV0({}, jwt({ bi_t: 'tenant' }));
    expect(problemsOf(report)).toEqual([['token', expect.stringContaining('beyondIdentity.platform')]]);
  });

  const REDEPLOY = 'Deploy the stack again; check that nobody changed the function’s role.';
  test.each<[string, Record<string, string>, string]>([
    [
      'secret',
      { API_TOKEN_SECRET_ID: 'nowhere' },
      'token: no token: secret nowhere: ResourceNotFoundException. Run npm run store-token.',
    ],
    [
      'pseudonymization key',
      { PSEUDONYM_KEY_SECRET_ID: 'nowhere' },
      'pseudonymization key: cannot be read. Check the secret with the pseudonymization key.',
    ],
    [
      'CAPTCHA secret key',
      { CAPTCHA_PROVIDER: 'turnstile', CAPTCHA_SECRET_ID: 'nowhere' },
      'CAPTCHA secret key: cannot be read. Run npm run store-token -- --captcha.',
    ],
    ['table', { ATTEMPTS_TABLE_NAME: 'nowhere' }, `table: ResourceNotFoundException. ${REDEPLOY}`],
    ['queue', { OUTBOX_QUEUE_URL: 'http://127.0.0.1:1/1/nowhere' }, `outbox: Error. ${REDEPLOY}`],
    [
      'directory',
      {
        DIRECTORY: 'dynamodb',
        DIRECTORY_TABLE_NAME: 'nowhere',
        DIRECTORY_ADDRESS_ATTRIBUTE: 'email',
        DIRECTORY_REFERENCE_ATTRIBUTE: 'id',
      },
      'directory: gives no usable response within 1160 ms. Check directory in the configuration, and the log of the function.',
    ],
  ])('names a %s that cannot be used', async (_what, environment, problem) => {
    expect(sentencesOf(await testV0(environment))).toEqual([problem]);
  });

  test.each(['500', 'reset', 'hang'] as const)('names a Beyond Identity that fails (%s)', async (kind) => {
    tenant.fault({ kind });
    const timing = kind === 'hang' ? SHORT : {};
    expect(sentencesOf(await testV0({}, API_TOKEN, timing))).toEqual([
      `Beyond Identity: no usable response from ${new URL(tenant.url).host}. Look at the status page of Beyond Identity; if it works, check the network of the function.`,
    ]);
    if (kind === '500') expect(tenant.requests).toHaveLength(3);
  });

  test('takes a success about a user for the response of Beyond Identity', async () => {
    const server = await startHttpServer((_request, response) => void response.end('{"internal_id":"x"}'));
    const report = await testV0({ BEYOND_IDENTITY_API_URL: server.url });
    await server.close();
    expect(report.status).toBe('ok');
  });

  test('names a base URL that is not Beyond Identity’s', async () => {
    const page = await startHttpServer((_request, response) => {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<html>Not found</html>');
    });
    const report = await testV0({ BEYOND_IDENTITY_API_URL: page.url });
    await page.close();
    expect(sentencesOf(report)).toEqual([notBeyondIdentity(page.url, 404)]);
  });

  test('names a server that accepts a user who cannot exist', async () => {
    const page = await startHttpServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Welcome</html>');
    });
    const report = await testV0({ BEYOND_IDENTITY_API_URL: page.url });
    await page.close();
    expect(sentencesOf(report)).toEqual([notBeyondIdentity(page.url, 200)]);
  });

  test('finds the secret key of the CAPTCHA in the secret of the API token, or names that it is missing', async () => {
    const environment = { CAPTCHA_PROVIDER: 'turnstile' };
    const secret = { API_TOKEN, CAPTCHA_SECRET: 'key' };
    expect(problemsOf(await testV0(environment, JSON.stringify(secret)))).toEqual([]);
    expect(problemsOf(await testV0(environment))).toEqual([['CAPTCHA secret key', expect.any(String)]]);
  });

  test('names a directory that needs more time than a request has for it', async () => {
    const lambda = await startHttpServer(async (_request, response) => {
      await new Promise((resolve) => response.once('close', resolve));
    });
    process.env['AWS_ENDPOINT_URL_LAMBDA'] = lambda.url;
    const report = await testV0({
      DIRECTORY: 'lambda',
      DIRECTORY_FUNCTION_ARN: 'arn:aws:lambda:eu-west-1:111122223333:function:find-user',
      RESPONSE_TIME_MS: '500',
    });
    delete process.env['AWS_ENDPOINT_URL_LAMBDA'];
    await lambda.close();
    expect(report.checks.find(({ name }) => name === 'directory')).toMatchObject({
      status: 'problem',
      detail: 'gives no usable response within 290 ms',
    });
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
