import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isEmailAddress } from '../../functions/recover-user/http/email-address.ts';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../../local/emulators/dynamodb.ts';
import { startSecretsManager } from '../../local/emulators/secrets-manager.ts';
import type { RunningServer } from '../../local/http-server.ts';
import { externalIdIn } from '../../local/tenant/recover-user-operation.ts';
import { SIMULATED_API_TOKEN, startTenant, type Tenant } from '../../local/tenant/tenant.ts';
import { bundleFunctions } from '../bundles/bundles.ts';
import { type Instance, startInstance } from '../bundles/instance.ts';
import { type EventBusEmulator, startEventBus } from '../emulators/event-bus.ts';
import { awsEnvironment } from '../integration/emulated-aws.ts';
import { hostileEvent } from './hostile-events.ts';
import { ALLOWED_ORIGIN, judgeEvents, judgeReply } from './judge.ts';
import { SEED, wholeNumberIn } from './settings.ts';

const EVENTS = wholeNumberIn('FUZZ_EVENTS', 100_000);
/** Meanwhile code is compiled, and what is cached fills up: 10,000 mailboxes at most. */
const WARM_UP_SHARE = 0.25;
/** By how much the heap may grow after that, in bytes. */
const MAXIMUM_GROWTH = 4 * 1024 * 1024;

let folder: string;
let tenant: Tenant;
let eventBus: EventBusEmulator;
let instance: Instance;
const servers: RunningServer[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  const bundles = await bundleFunctions(folder);
  const secretsManager = await startSecretsManager();
  const dynamoDb = await startDynamoDb();
  tenant = await startTenant();
  eventBus = await startEventBus();
  servers.push(secretsManager, dynamoDb, tenant, eventBus);
  secretsManager.put('the-secret', SIMULATED_API_TOKEN);
  instance = await startInstance(bundles, {
    ...awsEnvironment({
      SECRETS_MANAGER: secretsManager.url,
      DYNAMODB: dynamoDb.url,
      EVENTBRIDGE: eventBus.url,
    }),
    API_TOKEN_SECRET_ID: 'the-secret',
    ATTEMPTS_TABLE_NAME,
    EVENT_BUS_NAME: 'the-bus',
    BEYOND_IDENTITY_API_URL: tenant.url,
    ALLOWED_ORIGINS: ALLOWED_ORIGIN,
    RESPONSE_TIME_MS: '0',
  });
  await instance.load('endpoint');
}, 60_000);
afterAll(async () => {
  await instance[Symbol.asyncDispose]();
  for (const server of servers) await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** How many responses had each status. */
const statuses = new Map<number, number>();

async function sendHostileEvents(count: number, seed: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(hostileEvent, async (event) => {
      const publishedBefore = eventBus.published.length;
      const status = judgeReply(await instance.invoke('endpoint', event));
      judgeEvents(eventBus.published.slice(publishedBefore));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }),
    { numRuns: count, seed },
  );
}

test(`the endpoint responds to ${EVENTS} hostile events as documented, echoes nothing, and keeps its heap (FUZZ_SEED=${SEED})`, async () => {
  const warmUp = Math.ceil(EVENTS * WARM_UP_SHARE);
  await sendHostileEvents(warmUp, SEED);
  const before = await instance.heapBytes();
  await sendHostileEvents(EVENTS - warmUp, SEED + 1);
  const growth = (await instance.heapBytes()) - before;
  process.stdout.write(`${JSON.stringify(Object.fromEntries(statuses))}, heap grew by ${growth} bytes\n`);
  expect(growth).toBeLessThan(MAXIMUM_GROWTH);
  // otherwise the events would not get everywhere
  expect([...statuses.keys()].toSorted()).toEqual([202, 204, 400, 405, 413, 415, 422]);
  for (const { body } of tenant.requests) expect(isEmailAddress(externalIdIn(body) ?? '')).toBe(true);
});
