import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { selfTest as testDelivery } from '../../../functions/deliver-outbox/self-test.ts';
import { selfTest as testEndpoint } from '../../../functions/recover-user/self-test.ts';
import { createPreTrafficHook } from '../../../functions/release-hooks/pre-traffic/handler.ts';
import { startOperatorApi } from '../../../local/emulators/operator/operator-api.ts';
import { type RunningServer, startHttpServer } from '../../../local/http-server.ts';
import { startTenant, type Tenant } from '../../../local/tenant/tenant.ts';
import {
  secretsManager,
  setAwsEndpoints,
  sqs,
  useDynamoDb,
  useSecretsManager,
  useSqs,
} from '../emulated-aws.ts';
import { COMMON } from '../functions/self-tests.ts';
import { API_TOKEN } from '../recovery-service.ts';
import { codeDeploy, printed, QUICK, useReleases } from './releases.ts';

const arnOf = (name: string, version: number) =>
  `arn:aws:lambda:eu-central-1:123456789012:function:${name}:${version}`;
const ARNS = [arnOf('RecoverUserFunction', 7), arnOf('DeliverOutboxFunction', 3)].join(',');

let tenant: Tenant;
let lambda: RunningServer | undefined;

useDynamoDb();
useSqs();
useSecretsManager();
useReleases();
beforeEach(async () => {
  tenant = await startTenant({ apiToken: API_TOKEN });
  secretsManager.put('the-secret', API_TOKEN);
  secretsManager.put('the-key', 'a-key');
});
afterEach(async () => {
  expect(tenant.mails).toEqual([]);
  await Promise.all([tenant.close(), lambda?.close()]);
  lambda = undefined;
});

type SelfTest = () => Promise<unknown>;

/** Publishes new versions of both functions: with these variables changed, or with another self-test of the endpoint. */
async function publish(
  changes: Record<string, string> = {},
  endpoint?: (selfTest: SelfTest) => Promise<unknown>,
): Promise<void> {
  const variables = {
    ...COMMON,
    BEYOND_IDENTITY_API_URL: tenant.url,
    OUTBOX_QUEUE_URL: sqs.queueUrl,
    ...changes,
  };
  const selfTest = () => testEndpoint(variables);
  const server = await startOperatorApi({
    stackName: 'Stack',
    outputs: {},
    selfTests: {
      RecoverUserFunction: endpoint ? () => endpoint(selfTest) : selfTest,
      DeliverOutboxFunction: () => testDelivery(variables),
    },
  });
  lambda = server;
  setAwsEndpoints({ LAMBDA: server.url });
}

/** Deploys what is published, with the hook in this environment. */
const deploy = (environment: Record<string, string> = { RELEASED_VERSION_ARNS: ARNS }, timeouts = QUICK) =>
  codeDeploy.deploy({ beforeAllowTraffic: createPreTrafficHook(environment, timeouts) });

const PREVIOUS_STAYS = { status: 'Failed', live: 'previous' };

describe('a deployment', () => {
  test('goes on when the new versions of both functions pass their self-tests', async () => {
    await publish();
    expect(await deploy()).toEqual({ status: 'Succeeded', live: 'new' });
    expect(printed()).toMatch(/"message":"self-test of the new versions passed".*"deploymentId":"d-/);
  });

  test.each<[string, () => Record<string, string>, RegExp]>([
    [
      'another table',
      () => ({ ATTEMPTS_TABLE_NAME: 'of-nobody' }),
      /RecoverUserFunction:7, table: ResourceNotFoundException\. Deploy.*DeliverOutboxFunction:3, table: Resource/,
    ],
    ['another secret', () => ({ API_TOKEN_SECRET_ID: 'of-nobody' }), /DeliverOutboxFunction:3, token/],
    [
      'a queue that does not exist',
      () => ({ OUTBOX_QUEUE_URL: `${sqs.queueUrl}-of-nobody` }),
      /RecoverUserFunction:7, outbox: /,
    ],
    [
      'a variable with which they do not start',
      () => ({ BEYOND_IDENTITY_API_URL: 'ftp://nowhere' }),
      /RecoverUserFunction:7 ended without a result: ConfigError.*DeliverOutboxFunction:3 ended/,
    ],
  ])('fails with %s, and the previous versions stay', async (_what, changes, problem) => {
    await publish(changes());
    expect(await deploy()).toEqual(PREVIOUS_STAYS);
    expect(printed()).toMatch(/"message":"self-test of the new versions failed"/);
    expect(printed()).toMatch(problem);
  });

  test('fails with an API token that Beyond Identity rejects, and names the fix', async () => {
    secretsManager.put('the-secret', 'wrong');
    await publish();
    expect(await deploy()).toEqual(PREVIOUS_STAYS);
    expect(printed()).toMatch(/rejects the token \(status 401\)\. .*npm run store-token/);
    expect(printed()).not.toContain(API_TOKEN);
  });

  test('goes on when a permission of the new versions applies only after a while', async () => {
    let tests = 0;
    await publish({}, async (selfTest) => {
      tests += 1;
      if (tests < 3) throw new Error('not yet');
      return selfTest();
    });
    expect(await deploy()).toEqual({ status: 'Succeeded', live: 'new' });
    expect(tests).toBe(3);
  });

  test('fails in time when a self-test hangs', async () => {
    await publish({}, () => new Promise(() => {}));
    const timeouts = { ...QUICK, releaseTries: 1, releaseTestMs: 300 };
    expect(await deploy(undefined, timeouts)).toEqual(PREVIOUS_STAYS);
    expect(printed()).toContain('no result in time');
  });

  test.each([{}, { status: 'ok', checks: [] }, 'ok', { statusCode: 202 }])(
    'fails when a version returns no report of a self-test, but %j',
    async (result) => {
      await publish({}, async () => result);
      expect(await deploy()).toEqual(PREVIOUS_STAYS);
      expect(printed()).toContain('RecoverUserFunction:7 returned no report of a self-test');
    },
  );

  test('fails with a problem that has no fix', async () => {
    await publish({}, async () => ({ checks: [{ status: 'problem', name: 'table', detail: 'is gone' }] }));
    expect(await deploy()).toEqual(PREVIOUS_STAYS);
    expect(printed()).toContain('"RecoverUserFunction:7, table: is gone."');
  });

  test('fails when Lambda does not let the hook invoke a version, and names the error', async () => {
    const denying = await startHttpServer((_request, response) => {
      response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' }).end('{"Message":"no"}');
    });
    lambda = denying;
    setAwsEndpoints({ LAMBDA: denying.url });
    expect(await deploy()).toEqual(PREVIOUS_STAYS);
    expect(printed()).toContain('AccessDeniedException: no');
  });

  test('fails when Lambda returns what is no JSON', async () => {
    const strange = await startHttpServer((_request, response) => {
      response.writeHead(200, { 'x-amz-function-error': 'Unhandled' }).end('<html>');
    });
    lambda = strange;
    setAwsEndpoints({ LAMBDA: strange.url });
    expect(await deploy()).toEqual(PREVIOUS_STAYS);
    expect(printed()).toContain('RecoverUserFunction:7 ended without a result: Unhandled');
  });

  test.each([{}, { RELEASED_VERSION_ARNS: '' }])(
    'fails when the hook does not know which versions to test: %j',
    async (environment) => {
      expect(await deploy(environment)).toEqual(PREVIOUS_STAYS);
      expect(printed()).toContain('ConfigError: RELEASED_VERSION_ARNS is');
    },
  );
});

test('the entry of the Lambda takes the versions from its environment', async () => {
  await publish();
  const { handler } = await import('../../../functions/release-hooks/pre-traffic/index.ts');
  process.env['RELEASED_VERSION_ARNS'] = ARNS;
  expect(await codeDeploy.deploy({ beforeAllowTraffic: handler })).toEqual({
    status: 'Succeeded',
    live: 'new',
  });
});
