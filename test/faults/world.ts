import * as z from 'zod';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../../local/emulators/dynamodb.ts';
import { startSecretsManager } from '../../local/emulators/secrets-manager.ts';
import { startSqs } from '../../local/emulators/sqs.ts';
import type { Mail } from '../../local/tenant/mailbox.ts';
import { SIMULATED_API_TOKEN, startTenant } from '../../local/tenant/tenant.ts';
import { SIMULATED_CLIENT_SECRET } from '../../local/tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../../local/tenant/v1/tenant.ts';
import { clientCredentials, v1Environment } from '../../local/tenant/v1/tenant-variables.ts';
import type { Bundles } from '../bundles/bundles.ts';
import { startEventBus } from '../emulators/event-bus.ts';
import { awsEnvironment } from '../integration/emulated-aws.ts';

/** A generation of Beyond Identity's. */
export type Platform = 'v0' | 'v1';

/** A service of AWS's, as the SDK's variable for its endpoint names it. */
export type Service = 'DYNAMODB' | 'EVENTBRIDGE' | 'SECRETS_MANAGER' | 'SQS';

/** A message in the outbox. */
export interface WaitingMessage {
  readonly address: string;
  readonly sentAt: number;
  readonly postponements: number;
  readonly body: string;
}

/** Everything behind the functions, in order. Each case has an address of its own, and finds by it what became of it. */
export interface World {
  readonly bundles: Bundles;
  readonly urls: Readonly<Record<Platform | Service, string>>;
  /** The variables of functions that call all of it. */
  environment(platform: Platform): Record<string, string>;
  /** An address that no other case has, of a user whom both tenants know. */
  newAddress(): string;
  /** How many emails this address was sent. */
  mailsTo(address: string): number;
  /** The messages about this address in the outbox, the latest first. */
  waiting(address: string): WaitingMessage[];
  close(): Promise<void>;
}

/** Longer than the default, so that what happens depends on the fault, and not on how busy the machine is. */
export const RESPONSE_TIME_MS = 2_500;
/** How many users the tenants know: more than there are cases, which may need several. */
const USERS = 800;
const bundle = z.object({ file: z.string(), environment: z.record(z.string(), z.string()) });
const bundles = z.object({ endpoint: bundle, delivery: bundle });
const message = z.object({ address: z.string(), sentAt: z.number(), postponements: z.number() });

/** Starts tenants of both platforms, and emulators of AWS. */
export async function startWorld(): Promise<World> {
  const addresses = Array.from({ length: USERS }, (_, number) => `user-${number}@example.com`);
  const status = 'active';
  const v0 = await startTenant({
    users: addresses.map((email) => ({ externalId: email, email, displayName: email, status })),
  });
  const v1 = await startV1Tenant({
    identities: addresses.map((email, number) => ({
      id: number.toString(16).padStart(16, '0'),
      username: email,
      primaryEmailAddress: email,
      displayName: email,
      status,
    })),
  });
  const secretsManager = await startSecretsManager();
  secretsManager.put('v0', SIMULATED_API_TOKEN);
  secretsManager.put('v1', JSON.stringify(clientCredentials(SIMULATED_CLIENT_SECRET)));
  secretsManager.put('key', 'a-key-of-pseudonyms');
  const dynamoDb = await startDynamoDb();
  const sqs = await startSqs();
  const eventBus = await startEventBus();
  const servers = [v0, v1, secretsManager, dynamoDb, sqs, eventBus];
  const urls = {
    v0: v0.url,
    v1: v1.url,
    SECRETS_MANAGER: secretsManager.url,
    DYNAMODB: dynamoDb.url,
    SQS: sqs.url,
    EVENTBRIDGE: eventBus.url,
  };
  const isTo = (address: string) => (mail: Mail) => mail.to === address;
  return {
    bundles: bundles.parse(JSON.parse(process.env['TEST_BUNDLES'] ?? '')),
    urls,
    environment: (platform) => ({
      ...awsEnvironment(urls),
      ...(platform === 'v0' ? { BEYOND_IDENTITY_API_URL: v0.url } : v1Environment(v1)),
      API_TOKEN_SECRET_ID: platform,
      PSEUDONYM_KEY_SECRET_ID: 'key',
      ATTEMPTS_TABLE_NAME,
      EVENT_BUS_NAME: 'the-bus',
      OUTBOX_QUEUE_URL: sqs.queueUrl,
      RESPONSE_TIME_MS: `${RESPONSE_TIME_MS}`,
    }),
    newAddress: () => {
      const address = addresses.pop();
      if (address === undefined) throw new Error('There are more cases than users.');
      return address;
    },
    mailsTo: (address) => [v0, v1].flatMap(({ mails }) => mails.filter(isTo(address))).length,
    waiting: (address) =>
      sqs.messages
        .map(({ body }) => ({ ...message.parse(JSON.parse(body)), body }))
        .filter((waiting) => waiting.address === address)
        .toSorted((one, other) => other.postponements - one.postponements),
    close: async () => {
      for (const server of servers) await server.close();
    },
  };
}
