import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ALARM_TOPIC_ARN } from '../../../local/emulators/operator/deployment.ts';
import { startOperatorApi } from '../../../local/emulators/operator/operator-api.ts';
import { type RunningServer, startHttpServer } from '../../../local/http-server.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { diagnose, runDoctor } from './doctor-process.ts';

const ORIGIN = 'https://app.example.com';
const PREFLIGHT_HEADERS = {
  'Access-Control-Allow-Methods': 'OPTIONS,POST',
  'Access-Control-Allow-Headers': 'Content-Type, X-Request-Id',
};

/** Whatever a deployed endpoint, its proxy or its DNS record may lead to. */
interface ScriptedEndpoint {
  get: (response: ServerResponse) => void;
  preflight: (response: ServerResponse, origin: string) => void;
}

let script: ScriptedEndpoint;
let endpoint: RunningServer;
let aws: RunningServer;
let functionReport: unknown;

beforeEach(async () => {
  script = {
    get: (response) => respond(response, 405, { 'Content-Type': 'application/problem+json' }),
    preflight: (response, origin) =>
      respond(response, 204, {
        ...PREFLIGHT_HEADERS,
        ...(origin === ORIGIN && { 'Access-Control-Allow-Origin': origin }),
      }),
  };
  functionReport = { status: 'ok', checks: [{ status: 'ok', name: 'table', detail: 'can be written' }] };
  endpoint = await startHttpServer((request, response) =>
    request.method === 'GET'
      ? script.get(response)
      : script.preflight(response, request.headers.origin ?? ''),
  );
  const outputs = {
    EndpointUrl: `${endpoint.url}/recover-user`,
    AllowedOrigins: ORIGIN,
    RecoverUserFunctionName: 'RecoverUserFunction',
    DeliverOutboxFunctionName: 'DeliverOutboxFunction',
    AlarmTopicArn: ALARM_TOPIC_ARN,
    AlarmNamePrefix: 'RecoveryStack-staging-',
    Version: manifest.version,
  };
  const selfTest = async () => functionReport;
  aws = await startOperatorApi({
    stackName: 'RecoveryStack-staging',
    outputs,
    selfTests: { RecoverUserFunction: selfTest, DeliverOutboxFunction: selfTest },
  });
});
afterEach(() => Promise.all([endpoint.close(), aws.close()]));

function respond(response: ServerResponse, status: number, headers: Record<string, string>): void {
  response.writeHead(status, headers);
  response.end();
}

const credentials = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** The problems of the checks whose names begin so. */
async function problemsOf(...names: readonly string[]) {
  const { problems } = await diagnose({ stage: 'staging' }, { ...credentials, AWS_ENDPOINT_URL: aws.url });
  return problems
    .filter(({ name }) => names.some((beginning) => name.startsWith(beginning)))
    .map(({ name, detail, fix = '' }) => `${name}: ${detail}. ${fix}`);
}

describe('npm run doctor checks the endpoint of the stage', () => {
  test('and finds nothing wrong with one that rejects GET and allows its origins', async () => {
    expect(await problemsOf('endpoint', 'CORS')).toEqual([]);
  });

  test.each<[string, Partial<ScriptedEndpoint>, RegExp]>([
    [
      'responds to GET with a page',
      { get: (response) => respond(response, 200, { 'Content-Type': 'text/html' }) },
      /^endpoint: .* responds to GET with 200, .* docs\/troubleshooting\.md#the-endpoint-responds-with$/,
    ],
    [
      'responds without a problem document, as with the domain of API Gateway off',
      { get: (response) => respond(response, 403, { 'Content-Type': 'application/json' }) },
      /^endpoint: .* responds to GET with 403, and without a problem document/,
    ],
    [
      'redirects',
      { get: (response) => respond(response, 301, { Location: 'https://elsewhere.example/' }) },
      /^endpoint: .* responds to GET with 301/,
    ],
    [
      'closes the connection',
      { get: (response) => response.destroy() },
      /^endpoint: .* no response \(UND_ERR_SOCKET\)/,
    ],
    [
      'responds to a preflight request with an error',
      { preflight: (response) => respond(response, 403, {}) },
      /^CORS for https:\/\/app\.example\.com: the preflight request gets 403\. Set allowedOrigins in config\/staging\.json, deploy with npm run deploy -- -c stage=staging/,
    ],
    [
      'does not allow POST',
      {
        preflight: (response, origin) =>
          respond(response, 204, origin === ORIGIN ? { 'Access-Control-Allow-Origin': origin } : {}),
      },
      /^CORS for https:\/\/app\.example\.com: POST is not allowed/,
    ],
    [
      'does not allow Content-Type',
      {
        preflight: (response, origin) =>
          respond(response, 204, {
            'Access-Control-Allow-Methods': 'POST',
            ...(origin === ORIGIN && { 'Access-Control-Allow-Origin': origin }),
          }),
      },
      /^CORS for https:\/\/app\.example\.com: the header Content-Type is not allowed/,
    ],
    [
      'allows every origin',
      {
        preflight: (response, origin) =>
          respond(response, 204, { ...PREFLIGHT_HEADERS, 'Access-Control-Allow-Origin': origin }),
      },
      /^CORS for other origins: the endpoint allows an origin that is not in allowedOrigins/,
    ],
  ])('and finds one that %s', async (_name, changes, expected) => {
    script = { ...script, ...changes };
    expect(await problemsOf('endpoint', 'CORS')).toEqual([expect.stringMatching(expected)]);
  });
});

describe('npm run doctor has the functions test themselves', () => {
  test('and repeats what they report', async () => {
    const problem = { status: 'problem', name: 'token', detail: 'no token', fix: 'Run npm run store-token.' };
    functionReport = { status: 'problem', checks: [problem] };
    expect(await problemsOf('delivery function')).toEqual([
      'delivery function, token: no token. Run npm run store-token.',
    ]);
  });

  test('and finds a version that cannot', async () => {
    functionReport = { statusCode: 400, body: '{}' };
    expect(await problemsOf('endpoint function')).toEqual([
      'endpoint function: has no self-test. Deploy this version: npm run deploy -- -c stage=staging',
    ]);
  });
});

describe('npm run doctor without access', () => {
  /** A service that denies everything. */
  async function deny(environment: (url: string) => Record<string, string>) {
    const denial = await startHttpServer((request, response) => {
      const isQuery = request.headers['content-type']?.startsWith('application/x-www-form') ?? false;
      response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' });
      const xml =
        '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code></Error></ErrorResponse>';
      response.end(isQuery ? xml : JSON.stringify({ __type: 'AccessDeniedException' }));
    });
    const result = await diagnose({ stage: 'staging' }, { ...credentials, ...environment(denial.url) });
    await denial.close();
    return result;
  }

  test('to the stack reports that only, with the permissions', async () => {
    const { exitCode, checks } = await deny((url) => ({ AWS_ENDPOINT_URL: url }));
    expect(exitCode).toBe(1);
    expect(checks).toEqual([
      expect.objectContaining({
        name: 'stack',
        detail: expect.stringMatching(
          /access denied\. Required permissions: cloudformation:DescribeStacks, /,
        ),
      }),
    ]);
  });

  test('to everything else names the permissions for each of it', async () => {
    const { problems } = await deny((url) => ({
      AWS_ENDPOINT_URL: url,
      AWS_ENDPOINT_URL_CLOUDFORMATION: aws.url,
    }));
    const denied = problems.filter(({ detail }) => detail === 'access denied');
    expect(denied.map(({ name }) => name)).toEqual([
      'endpoint function',
      'delivery function',
      'alarm subscription',
      'alarms',
    ]);
    for (const { fix } of denied) expect(fix).toMatch(/^Required permissions: .*lambda:InvokeFunction.*\.$/);
  });

  test.each([
    [{ AWS_ACCESS_KEY_ID: '' }, /there are no AWS credentials\. Sign in first/],
    [{ AWS_REGION: '' }, /there is no AWS region\. Set AWS_REGION/],
  ])('says what is missing: %j', async (missing, detail) => {
    const { exitCode, problems } = await diagnose({}, { ...credentials, ...missing });
    expect([exitCode, problems.map((check) => check.detail)]).toEqual([1, [expect.stringMatching(detail)]]);
  });
});

test('npm run doctor -- --help names the permissions that the command needs', async () => {
  const { exitCode, stdout } = await runDoctor(['--help']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('sns:ListSubscriptionsByTopic');
});

test('npm run doctor rejects an unknown option with its usage', async () => {
  const { exitCode, stdout, stderr } = await runDoctor(['--nonsense']);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toContain("Unknown option '--nonsense'");
  expect(stderr).toContain('--local');
});
