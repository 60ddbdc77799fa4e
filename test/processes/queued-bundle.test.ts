import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import * as z from 'zod';
import cdk from '../../cdk.json' with { type: 'json' };
import recoverUserEvent from '../../events/recover-user.json' with { type: 'json' };
import { RecoveryStack } from '../../lib/recovery-stack.ts';
import { configWith } from '../infrastructure/config-with.ts';
import {
  awsEnvironment,
  secretsManager,
  sqs,
  useSecretsManager,
  useSqs,
} from '../integration/emulated-aws.ts';
import { invokeBundle } from './bundles.ts';

let directory: string;
let bundle: string;

// the bundle of a stack with queued delivery, made once as for a deployment
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'queued-'));
  const app = new App({ outdir: directory, context: cdk.context, analyticsReporting: false });
  const stack = new RecoveryStack(app, 'RecoveryStack', { config: configWith({ delivery: 'queued' }) });
  const code = stack.node
    .findAll()
    .find((node) => node.node.path.endsWith('RecoverUserFunction/Function/Code'));
  if (!(code instanceof Asset)) throw new Error('the endpoint has no bundle');
  bundle = join(directory, code.assetPath, 'index.mjs');
}, 60_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

useSqs();
useSecretsManager();
beforeEach(() => {
  secretsManager.put('the-key', 'a-key');
});

/** What the endpoint of a stack with queued delivery has in its environment, with emulators in the place of AWS. */
const environment = () => ({
  ...awsEnvironment({ SECRETS_MANAGER: secretsManager.url, SQS: sqs.url }),
  DELIVERY: 'queued',
  PSEUDONYM_KEY_SECRET_ID: 'the-key',
  OUTBOX_QUEUE_URL: sqs.queueUrl,
});

/** A host that counts its connections. */
async function startHost() {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { url: `http://127.0.0.1:${port}`, connections: () => connections, close: () => server.close() };
}

describe('the bundle for queued delivery', () => {
  test('has no module of what calls Beyond Identity, and is smaller', async () => {
    const map = z
      .looseObject({ sources: z.array(z.string()) })
      .parse(JSON.parse(await readFile(`${bundle}.map`, 'utf8')));
    expect(map.sources.length).toBeGreaterThan(100);
    expect(
      map.sources.filter((source) => /beyond-identity|tenant-config|directory|cockatiel/.test(source)),
    ).toEqual([]);
    expect((await stat(bundle)).size).toBeLessThan(345_000);
  });

  test('queues a request, and neither connects to Beyond Identity nor reads the API token', async () => {
    const host = await startHost();
    const { responses } = await invokeBundle(bundle, [recoverUserEvent], {
      ...environment(),
      // what a function that forwards has, too
      API_TOKEN_SECRET_ID: 'the-token',
      BEYOND_IDENTITY_API_URL: host.url,
    });
    host.close();
    expect(responses[0]).toMatchObject({ statusCode: 202 });
    expect(sqs.messages).toHaveLength(1);
    expect(host.connections()).toBe(0);
    expect(secretsManager.requests).toMatchObject([{ secretId: 'the-key' }]);
  }, 30_000);

  test('does not start for direct delivery, and says how to deploy that', async () => {
    const { log } = await invokeBundle(bundle, [], {
      ...environment(),
      DELIVERY: 'direct',
      API_TOKEN_SECRET_ID: 'the-token',
    });
    expect(log).toContain('set delivery to "direct" in the configuration and deploy');
  }, 30_000);
});
