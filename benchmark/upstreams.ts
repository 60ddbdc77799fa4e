import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import * as z from 'zod/mini';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../local/emulators/dynamodb.ts';
import { startSecretsManager } from '../local/emulators/secrets-manager.ts';
import { startSqs } from '../local/emulators/sqs.ts';
import { startTenant } from '../local/tenant/tenant.ts';
import { createOutageSwitch, OUTAGE } from './outage-schedule.ts';
import { serveParent } from './processes.ts';
import { emailOf, startTenantWithLatency } from './tenant.ts';

const API_TOKEN_SECRET_ID = 'benchmark-api-token';
const PSEUDONYM_KEY_SECRET_ID = 'benchmark-pseudonym-key';
const OLD_TOKEN = 'simulated-old-api-token';
const NEW_TOKEN = 'simulated-new-api-token';

/*
 * Script: everything outside the functions, in a process of its own so that its work does not count as theirs. Its
 * argument is the number of users in the outage, or 0 for a healthy tenant with realistic latency.
 */
const outageUsers = Number(process.argv[2]);
const secretsManager = await startSecretsManager();
secretsManager.put(API_TOKEN_SECRET_ID, OLD_TOKEN);
secretsManager.put(PSEUDONYM_KEY_SECRET_ID, 'simulated-pseudonym-key');
const dynamoDb = await startDynamoDb();
const environment = {
  API_TOKEN_SECRET_ID,
  PSEUDONYM_KEY_SECRET_ID,
  ATTEMPTS_TABLE_NAME,
  AUDIT_LOG_GROUP_NAME: '',
  AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
  AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'simulated',
  AWS_SECRET_ACCESS_KEY: 'simulated',
  AWS_SESSION_TOKEN: 'simulated',
};
if (outageUsers > 0) await serveOutage(outageUsers);
else await serveTenantWithLatency();

async function serveTenantWithLatency(): Promise<void> {
  const exchange = z.object({ request: z.instanceof(IncomingMessage) });
  let rateLimiterCalls = 0;
  subscribe('http.server.request.start', (message) => {
    const { headers } = exchange.parse(message).request;
    if (headers['x-amz-target'] === 'DynamoDB_20120810.UpdateItem') rateLimiterCalls += 1;
  });
  const tenant = await startTenantWithLatency();
  serveParent({ environment: { ...environment, BEYOND_IDENTITY_API_URL: tenant.url } }, () => ({
    recoveries: tenant.recoveries(),
    rateLimiterCalls,
  }));
}

async function serveOutage(userCount: number): Promise<void> {
  const users = Array.from({ length: userCount }, (_, number) => {
    const email = emailOf('known', number);
    return { externalId: email, email, displayName: email, status: 'active' as const };
  });
  let startedAt = Number.POSITIVE_INFINITY;
  const faults = createOutageSwitch(() => performance.now() - startedAt);
  const tenant = await startTenant({ users, apiToken: OLD_TOKEN, faults });
  const sqs = await startSqs({ visibilityTimeoutSeconds: 360, maximumReceives: 100 });
  const queue = { OUTBOX_QUEUE_URL: sqs.queueUrl, AWS_ENDPOINT_URL_SQS: sqs.url };
  const ready = { environment: { ...environment, ...queue, BEYOND_IDENTITY_API_URL: tenant.url } };
  serveParent(ready, (message) => {
    if (message === 'start') {
      startedAt = performance.now();
      setTimeout(() => tenant.rotateToken(NEW_TOKEN), OUTAGE.tenantRotatesAtMs);
      setTimeout(() => secretsManager.put(API_TOKEN_SECRET_ID, NEW_TOKEN), OUTAGE.secretFollowsAtMs);
    }
    const lost = tenant.requests.filter(({ isMailed, isResponseLost }) => isMailed && isResponseLost);
    return {
      inOutbox: sqs.messages.length,
      deadLetters: sqs.deadLetters.length,
      emailedTo: tenant.mails.map(({ to }) => to),
      responsesLostFor: lost.map(({ body }) => String(JSON.parse(body).external_id)),
    };
  });
}
