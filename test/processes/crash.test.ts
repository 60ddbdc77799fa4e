import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { ATTEMPTS_TABLE_NAME } from '../../local/emulators/dynamodb.ts';
import { startHttpServer } from '../../local/http-server.ts';
import { SIMULATED_API_TOKEN, startTenant, type Tenant } from '../../local/tenant/tenant.ts';
import {
  awsEnvironment,
  dynamoDb,
  secretsManager,
  sqs,
  useDynamoDb,
  useSecretsManager,
  useSqs,
} from '../integration/emulated-aws.ts';
import { elapse } from '../integration/local/elapse.ts';

const KNOWN = 'jane@example.com';
let tenant: Tenant;
const children: ChildProcess[] = [];
let directory: string;

// in one file, because the processes start a dozen times
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'outbox-'));
  await build({
    entryPoints: ['test/processes/outbox-process.ts'],
    outfile: join(directory, 'process.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

beforeEach(async () => {
  tenant = await startTenant();
});
afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
  await tenant.close();
});
useSqs();
useDynamoDb();
useSecretsManager();
beforeEach(() => {
  secretsManager.put('the-secret', SIMULATED_API_TOKEN);
});

/** Starts a part of the service; resolves with what it prints when it is ready. */
async function start(
  part: 'endpoint' | 'delivery',
  dynamoDbUrl = dynamoDb.url,
): Promise<{ child: ChildProcess; ready: string }> {
  const child = spawn(process.execPath, [join(directory, 'process.mjs'), part], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      ...awsEnvironment({ SECRETS_MANAGER: secretsManager.url, DYNAMODB: dynamoDbUrl, SQS: sqs.url }),
      API_TOKEN_SECRET_ID: 'the-secret',
      ATTEMPTS_TABLE_NAME,
      BEYOND_IDENTITY_API_URL: tenant.url,
      OUTBOX_QUEUE_URL: sqs.queueUrl,
      RESPONSE_TIME_MS: '600',
    },
  });
  children.push(child);
  for await (const output of child.stdout) {
    const [, ready] = /ready (\S+)/.exec(String(output)) ?? [];
    if (ready !== undefined) {
      child.stdout.resume();
      return { child, ready };
    }
  }
  throw new Error(`${part} did not start`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Resolves when the condition holds; meanwhile time passes for the queue. */
async function until(condition: () => boolean, { elapsing = true } = {}): Promise<void> {
  while (!condition()) {
    await pause(10);
    if (elapsing) elapse(1);
  }
}

/** Requests recovery; resolves with the status, or with `undefined` where there was no response. */
const recover = (url: string): Promise<number | undefined> =>
  fetch(`${url}/recover-user`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: KNOWN }),
  }).then(
    ({ status }) => status,
    () => undefined,
  );

/** Puts a request into the outbox as the endpoint does: Beyond Identity is down, and the caller gets a 202. */
async function promise(): Promise<void> {
  tenant.fault({ kind: '500' });
  const { child, ready } = await start('endpoint');
  expect(await recover(ready)).toBe(202);
  await kill(child);
  expect(sqs.messages).toHaveLength(1);
  tenant.heal();
}

describe('when the endpoint is killed', () => {
  test('after its 202, the email is sent', async () => {
    await promise();
    await start('delivery');
    await until(() => sqs.messages.length === 0);
    expect(tenant.mails).toHaveLength(1);
  }, 30_000);

  test('during the call to Beyond Identity, the caller gets no response and no email is sent', async () => {
    tenant.fault({ kind: 'hang' });
    const { child, ready } = await start('endpoint');
    const status = recover(ready);
    await until(() => tenant.requests.length === 1);
    await kill(child);
    expect(await status).toBeUndefined();
    expect(tenant.mails).toHaveLength(0);
  }, 30_000);

  test('between the outbox and the response, the caller gets no response and the email is sent', async () => {
    tenant.fault({ kind: '500' });
    const { child, ready } = await start('endpoint');
    const status = recover(ready);
    await until(() => sqs.messages.length === 1);
    await kill(child);
    expect(await status).toBeUndefined();
    tenant.heal();
    await start('delivery');
    await until(() => sqs.messages.length === 0);
    expect(tenant.mails).toHaveLength(1);
  }, 30_000);
});

describe('when the delivery function is killed', () => {
  test('before it has claimed the message, the email is sent', async () => {
    await promise();
    let claims = 0;
    const silent = await startHttpServer(() => {
      claims += 1;
      return new Promise(() => undefined);
    });
    const { child } = await start('delivery', silent.url);
    await until(() => claims > 0);
    await kill(child);
    await silent.close();
    await start('delivery');
    await until(() => sqs.messages.length === 0);
    expect(tenant.mails).toHaveLength(1);
  }, 30_000);

  test('during the call to Beyond Identity, one email is sent', async () => {
    await promise();
    tenant.fault({ kind: 'hang', times: 1 });
    const asked = tenant.requests.length;
    const { child } = await start('delivery');
    await until(() => tenant.requests.length > asked, { elapsing: false });
    await kill(child);
    await start('delivery');
    await until(() => sqs.messages.length === 0);
    expect(tenant.mails).toHaveLength(1);
  }, 30_000);

  test('after the delivery record but before the acknowledgment, one email is sent', async () => {
    await promise();
    sqs.fault({ kind: 'hang', operation: 'DeleteMessage' });
    const { child } = await start('delivery');
    await until(() => sqs.requests.some(({ operation }) => operation === 'DeleteMessage'), {
      elapsing: false,
    });
    expect(tenant.mails).toHaveLength(1);
    await kill(child);
    sqs.heal();
    await start('delivery');
    await until(() => sqs.messages.length === 0);
    expect(tenant.mails).toHaveLength(1);
  }, 30_000);
});

test('a delivery whose response from Beyond Identity is lost sends a second email on v0', async () => {
  await promise();
  tenant.fault({ kind: 'lost-response', times: 1 });
  await start('delivery');
  await until(() => sqs.messages.length === 0);
  expect(tenant.mails).toHaveLength(2);
}, 30_000);
