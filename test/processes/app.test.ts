import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import addressEvent from '../../events/not-an-address.json' with { type: 'json' };
import recoverUserEvent from '../../events/recover-user.json' with { type: 'json' };
import { ACCEPTED_BODY } from '../../functions/recover-user/http/contract.ts';
import { startSecretsManager } from '../../local/emulators/secrets-manager.ts';
import { sendJson, startHttpServer } from '../../local/http-server.ts';
import { SIMULATED_API_TOKEN, startTenant } from '../../local/tenant/tenant.ts';
import { SIMULATED_CLIENT_SECRET } from '../../local/tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../../local/tenant/v1/tenant.ts';
import { clientCredentials, v1Environment } from '../../local/tenant/v1/tenant-variables.ts';
import { startCodeDeploy } from '../emulators/code-deploy.ts';
import { startEventBus } from '../emulators/event-bus.ts';
import { FAILING_EVENT, invokeBundle, synthesize } from './bundles.ts';

/** The functions by their logical ids, and what their bundles may weigh. */
const FUNCTIONS = [
  { id: 'RecoverUserFunction', folder: 'recover-user', maximumBytes: 380_000 },
  { id: 'DeliverOutboxFunction', folder: 'deliver-outbox', maximumBytes: 355_000 },
];

const bundledFunction = z.looseObject({
  Properties: z.looseObject({ Code: z.looseObject({ S3Key: z.string() }) }),
});
const stackTemplate = z.looseObject({ Resources: z.record(z.string(), z.unknown()) });

/** Where the bundle of a function is, by its logical id. */
async function bundleOf(functionId: string): Promise<string> {
  const template = await readFile(join(directory, 'RecoveryStack.template.json'), 'utf8');
  const { Resources } = stackTemplate.parse(JSON.parse(template));
  const { Code } = bundledFunction.parse(Resources[functionId]).Properties;
  return join(directory, `asset.${Code.S3Key.replace(/\.zip$/, '')}`);
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recovery-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('bin/recovery.ts', () => {
  test('synthesizes RecoveryStack with a bundle for each function', async () => {
    const { exitCode, stderr } = await synthesize(directory, {});
    expect(stderr).not.toMatch(/\[(Warning|Error) at/);
    expect(exitCode).toBe(0);

    const files = await readdir(directory);
    expect(files).toContain('RecoveryStack.template.json');
    expect(files.filter((file) => file.startsWith('asset.'))).toHaveLength(4);
  }, 60_000);

  test.each(FUNCTIONS)(
    'bundles $id in one small file, with a source map without the sources',
    async ({ id, folder, maximumBytes }) => {
      const bundle = await bundleOf(id);
      expect((await readdir(bundle)).sort()).toEqual(['index.mjs', 'index.mjs.map', 'invoke-function.mjs']);
      expect((await stat(join(bundle, 'index.mjs'))).size).toBeLessThan(maximumBytes);
      const map = z
        .looseObject({ sources: z.array(z.string()) })
        .parse(JSON.parse(await readFile(join(bundle, 'index.mjs.map'), 'utf8')));
      expect(map).not.toHaveProperty('sourcesContent');
      expect(map.sources).toContainEqual(expect.stringMatching(`functions/${folder}/handler\\.ts$`));
      expect(map.sources).not.toContainEqual(expect.stringMatching(/credential-provider-(node|sso|ini)\//));
    },
  );

  test.each(FUNCTIONS)(
    '$id names the variable that is missing, and the line of its TypeScript file',
    async ({ id, folder }) => {
      const { log } = await invokeBundle(join(await bundleOf(id), 'index.mjs'), [], {});
      expect(log).toContain('API_TOKEN_SECRET_ID is not set');
      expect(log).toMatch(new RegExp(`\\(.*functions/${folder}/config\\.ts:\\d+`));
    },
  );

  test('the bundle of the endpoint logs where an unexpected error was thrown, in which TypeScript file', async () => {
    const secretsManager = await startSecretsManager();
    try {
      const { responses, log } = await invokeBundle(
        join(await bundleOf('RecoverUserFunction'), 'index.mjs'),
        [FAILING_EVENT],
        {
          API_TOKEN_SECRET_ID: 'the-secret',
          AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
          RESPONSE_TIME_MS: '0',
        },
      );
      expect(responses[0]).toMatchObject({ statusCode: 500 });
      expect(log).toMatch(
        /"unexpected error".*[(/]functions\/recover-user\/http\/gateway-event\.ts:\d+:\d+\)/,
      );
      expect(log).not.toMatch(/index\.mjs:|planted/);
    } finally {
      await secretsManager.close();
    }
  }, 30_000);

  test.each([
    {
      id: 'PreTrafficHook',
      handler: 'functions/release-hooks/pre-traffic/handler.ts',
      maximumBytes: 320_000,
    },
    {
      id: 'PostTrafficHook',
      handler: 'functions/release-hooks/post-traffic/handler.ts',
      maximumBytes: 230_000,
    },
  ])('bundles $id in one file, without what it does not use', async ({ id, handler, maximumBytes }) => {
    const bundle = await bundleOf(id);
    expect((await readdir(bundle)).sort()).toEqual(['index.mjs', 'index.mjs.map']);
    expect((await stat(join(bundle, 'index.mjs'))).size).toBeLessThan(maximumBytes);
    const map = await readFile(join(bundle, 'index.mjs.map'), 'utf8');
    expect(map).toContain(handler);
    expect(map).not.toMatch(/powertools\/metrics|client-(dynamodb|sqs|secrets-manager)\/|@middy/);
  });

  test('the bundles of the hooks report to CodeDeploy what they find', async () => {
    const codeDeploy = await startCodeDeploy();
    const lambda = await startHttpServer((_request, response) => {
      sendJson(response, 200, { checks: [{ status: 'ok', name: 'table', detail: 'can be written' }] });
    });
    const endpoint = await startHttpServer((_request, response) => {
      const problem = { status: 422, errors: [{ pointer: '#/email', detail: 'Must be an address.' }] };
      sendJson(response, 422, problem, { 'Content-Type': 'application/problem+json' });
    });
    const endpoints = { AWS_ENDPOINT_URL_CODEDEPLOY: codeDeploy.url, AWS_ENDPOINT_URL_LAMBDA: lambda.url };
    const logs: string[] = [];
    const run = (id: string, environment: Record<string, string>) => async (event: object) => {
      const file = join(await bundleOf(id), 'index.mjs');
      const { log } = await invokeBundle(file, [event], { ...endpoints, ...environment });
      logs.push(log);
    };
    try {
      const deployed = await codeDeploy.deploy({
        beforeAllowTraffic: run('PreTrafficHook', {
          RELEASED_VERSION_ARNS: 'arn:aws:lambda:eu-west-1:111122223333:function:recover:7',
        }),
        afterAllowTraffic: run('PostTrafficHook', { ENDPOINT_URL: `${endpoint.url}/recover-user` }),
      });
      expect(deployed).toEqual({ status: 'Succeeded', live: 'new' });
      expect(logs[0]).toContain('self-test of the new versions passed');
      expect(logs[1]).toContain('smoke test of the endpoint passed');
    } finally {
      await Promise.all([codeDeploy.close(), lambda.close(), endpoint.close()]);
    }
  }, 60_000);

  test('the bundle of the endpoint responds in the format of Lambda, and publishes events', async () => {
    const [tenant, secretsManager, eventBus] = await Promise.all([
      startTenant(),
      startSecretsManager(),
      startEventBus(),
    ]);
    secretsManager.put('the-secret', SIMULATED_API_TOKEN);
    const file = join(await bundleOf('RecoverUserFunction'), 'index.mjs');
    try {
      const { responses, log } = await invokeBundle(file, [recoverUserEvent, addressEvent], {
        API_TOKEN_SECRET_ID: 'the-secret',
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
        BEYOND_IDENTITY_API_URL: tenant.url,
        EVENT_BUS_NAME: 'the-bus',
        AWS_ENDPOINT_URL_EVENTBRIDGE: eventBus.url,
        RESPONSE_TIME_MS: '0',
      });
      expect(responses[0]).toMatchObject({ statusCode: 202, body: ACCEPTED_BODY });
      expect(responses[1]).toMatchObject({ statusCode: 422 });
      expect(tenant.mails).toHaveLength(1);
      expect(eventBus.published).toMatchObject([
        { bus: 'the-bus', event: { detail: { outcome: 'forwarded' } } },
        { bus: 'the-bus', event: { detail: { outcome: 'refused' } } },
      ]);
      expect(log).not.toMatch(/@|simulated-api-token/);
    } finally {
      await Promise.all([tenant.close(), secretsManager.close(), eventBus.close()]);
    }
  }, 30_000);

  test('the bundle of the endpoint forwards to the v1 platform, and finds users by a Lambda function', async () => {
    const [tenant, secretsManager] = await Promise.all([startV1Tenant(), startSecretsManager()]);
    const lambda = await startHttpServer((_request, response) => {
      sendJson(response, 200, { reference: 'jane@example.com' });
    });
    secretsManager.put('the-secret', JSON.stringify(clientCredentials(SIMULATED_CLIENT_SECRET)));
    const file = join(await bundleOf('RecoverUserFunction'), 'index.mjs');
    try {
      const { responses, log } = await invokeBundle(file, [recoverUserEvent, { kind: 'self-test' }], {
        API_TOKEN_SECRET_ID: 'the-secret',
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
        AWS_ENDPOINT_URL_LAMBDA: lambda.url,
        RESPONSE_TIME_MS: '0',
        DIRECTORY: 'lambda',
        DIRECTORY_FUNCTION_ARN: 'arn:aws:lambda:eu-west-1:111122223333:function:find-user',
        ...v1Environment(tenant),
      });
      expect(responses[0]).toMatchObject({ statusCode: 202, body: ACCEPTED_BODY });
      expect(responses[1]).toMatchObject({ status: 'ok' });
      expect(tenant.mails).toHaveLength(1);
      expect(log).not.toMatch(/@|eyJ/);
      expect(log).not.toContain(SIMULATED_CLIENT_SECRET);
    } finally {
      await Promise.all([tenant.close(), secretsManager.close(), lambda.close()]);
    }
  }, 30_000);

  test('synthesizes without lookups in AWS', async () => {
    const manifest = await readFile(join(directory, 'manifest.json'), 'utf8');
    expect(manifest).not.toContain('"missing"');
  });

  test('synthesizes a stack with another name for another stage', async () => {
    const output = join(directory, 'staging');
    const { exitCode } = await synthesize(output, { stage: 'staging', 'aws:cdk:bundling-stacks': [] });
    expect(exitCode).toBe(0);
    expect(await readdir(output)).toContain('RecoveryStack-staging.template.json');
  }, 60_000);

  test('rejects a setting on the command line, which the next deployment would forget, and fails', async () => {
    const { exitCode, stderr, stdout } = await synthesize(join(directory, 'rejected'), { region: 'eu' });
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      'Invalid configuration:',
      '  - -c region: set beyondIdentity.region in config/production.json instead, where the next deployment finds it, too',
      '',
    ]);
  }, 30_000);
});
