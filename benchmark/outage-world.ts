import { setTimeout as delay } from 'node:timers/promises';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../local/emulators/dynamodb.ts';
import { startSecretsManager } from '../local/emulators/secrets-manager.ts';
import { startSqs } from '../local/emulators/sqs.ts';
import { sendJson, startHttpServer } from '../local/http-server.ts';
import { startTenant } from '../local/tenant/tenant.ts';
import { addressOf } from './outage-client.ts';
import type { Outcome, Places, Progress } from './outage-process.ts';
import { createOutageSwitch, OUTAGE } from './outage-script.ts';

const SECRET_ID = 'benchmark-api-token';
const OLD_TOKEN = 'simulated-old-api-token';
const NEW_TOKEN = 'simulated-new-api-token';

/*
 * The service's outside world, in a process of its own: a tenant that knows as many users as its argument says and goes
 * through the outage, Secrets Manager, DynamoDB and SQS. Ends with the process that started it.
 */
const users = Array.from({ length: Number(process.argv[2]) }, (_, number) => ({
  externalId: addressOf(number),
  email: addressOf(number),
  displayName: `User ${number}`,
  status: 'active' as const,
}));
let startedAt = Number.POSITIVE_INFINITY;
const faults = createOutageSwitch(() => performance.now() - startedAt);
const tenant = await startTenant({ users, apiToken: OLD_TOKEN, faults });
const secretsManager = await startSecretsManager();
const dynamoDb = await startDynamoDb();
const sqs = await startSqs({ visibilityTimeoutSeconds: 360, maximumReceives: 100 });
store(OLD_TOKEN);

const control = await startHttpServer(async (request, response) => {
  if (request.url === '/start') start();
  sendJson(response, 200, request.url === '/outcome' ? outcome() : progress());
});

process.on('disconnect', () => process.exit());
process.send?.({
  controlUrl: control.url,
  environment: {
    API_TOKEN_SECRET_ID: SECRET_ID,
    BEYOND_IDENTITY_API_URL: tenant.url,
    ATTEMPTS_TABLE_NAME,
    OUTBOX_QUEUE_URL: sqs.queueUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
  },
} satisfies Places);

async function start(): Promise<void> {
  startedAt = performance.now();
  await delay(OUTAGE.tenantRotatesAtMs);
  tenant.rotateToken(NEW_TOKEN);
  await delay(OUTAGE.secretFollowsAtMs - OUTAGE.tenantRotatesAtMs);
  store(NEW_TOKEN);
}

function store(token: string): void {
  // a key of its own, so that the limits of mailboxes do not start anew with the token
  secretsManager.put(SECRET_ID, JSON.stringify({ API_TOKEN: token, PSEUDONYM_KEY: 'simulated-key' }));
}

function progress(): Progress {
  return { inOutbox: sqs.messages.length, deadLetters: sqs.deadLetters.length };
}

function outcome(): Outcome {
  const lost = tenant.requests.filter(({ isMailed, isResponseLost }) => isMailed && isResponseLost);
  return {
    ...progress(),
    mailedTo: tenant.mails.map(({ to }) => to),
    answersLostFor: lost.map(({ body }) => String(JSON.parse(body).external_id)),
  };
}
