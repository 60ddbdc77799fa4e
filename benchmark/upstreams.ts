import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import * as z from 'zod/mini';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../local/emulators/dynamodb.ts';
import { startSecretsManager } from '../local/emulators/secrets-manager.ts';
import { startSqs } from '../local/emulators/sqs.ts';
import { startTenant } from '../local/tenant/tenant.ts';
import { startV1Tenant } from '../local/tenant/v1/tenant.ts';
import { clientCredentials, v1Environment } from '../local/tenant/v1/tenant-variables.ts';
import { startAwsSink } from './aws-sink.ts';
import { createOutageSwitch, OUTAGE } from './outage-schedule.ts';
import { serveParent } from './processes.ts';
import { withRoundTrip } from './round-trip.ts';
import { emailOf, startTenantWithLatency } from './tenant.ts';
import { createLatencySwitch, lostRecipients, v1Identities } from './v1-upstreams.ts';

const API_TOKEN_SECRET_ID = 'benchmark-api-token';
const PSEUDONYM_KEY_SECRET_ID = 'benchmark-pseudonym-key';
const OLD_TOKEN = 'simulated-old-api-token';
const NEW_TOKEN = 'simulated-new-api-token';

/*
 * Script: everything outside the functions, in a process of its own so that its work does not count as theirs. Its
 * argument is JSON with the options of the upstreams.
 */
const { platform, isOutage, users, roundTripMs } = z
  .object({
    platform: z.enum(['v0', 'v1']),
    isOutage: z.boolean(),
    users: z.int(),
    roundTripMs: z.optional(z.number()),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));
const secretsManager = await startSecretsManager();
const credential = (value: string) => (platform === 'v1' ? JSON.stringify(clientCredentials(value)) : value);
secretsManager.put(API_TOKEN_SECRET_ID, credential(OLD_TOKEN));
secretsManager.put(PSEUDONYM_KEY_SECRET_ID, 'simulated-pseudonym-key');
const dynamoDb = await startDynamoDb();
const sink = await startAwsSink();
const environment = {
  API_TOKEN_SECRET_ID,
  PSEUDONYM_KEY_SECRET_ID,
  ATTEMPTS_TABLE_NAME,
  EVENT_BUS_NAME: '',
  AWS_ENDPOINT_URL_EVENTBRIDGE: sink.url,
  AWS_ENDPOINT_URL_SQS: sink.url,
  AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: sink.url,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
  AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'simulated',
  AWS_SECRET_ACCESS_KEY: 'simulated',
  AWS_SESSION_TOKEN: 'simulated',
};
if (isOutage) await serveOutage();
else await serveTenantWithLatency();

async function serveTenantWithLatency(): Promise<void> {
  const exchange = z.object({ request: z.instanceof(IncomingMessage) });
  let rateLimiterCalls = 0;
  subscribe('http.server.request.start', (message) => {
    const { headers } = exchange.parse(message).request;
    if (headers['x-amz-target'] === 'DynamoDB_20120810.UpdateItem') rateLimiterCalls += 1;
  });
  const { variables, recoveries } = await startHealthyTenant();
  serveParent({ environment: await atDistance({ ...environment, ...variables }) }, () => ({
    recoveries: recoveries(),
    rateLimiterCalls,
    outcomes: sink.outcomes,
  }));
}

/** The variables with every URL of an upstream behind a round trip, where there is one. */
async function atDistance(variables: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const entries = Object.entries(variables).map(async ([name, value]) => {
    const isUpstream = roundTripMs !== undefined && /^http:\/\/[\d.]+:\d+\/?$/.test(value);
    return [name, isUpstream ? await withRoundTrip(value, roundTripMs) : value] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The tenant's variables, and how many recoveries it was asked for. */
async function startHealthyTenant() {
  if (platform === 'v1') {
    const identities = v1Identities(users);
    const tenant = await startV1Tenant({
      identities,
      clientSecret: OLD_TOKEN,
      ...(roundTripMs === undefined && { faults: createLatencySwitch() }),
    });
    return { variables: v1Environment(tenant), recoveries: () => tenant.requests.length };
  }
  const tenant = await startTenantWithLatency({ isInstant: roundTripMs !== undefined });
  return { variables: { BEYOND_IDENTITY_API_URL: tenant.url }, recoveries: tenant.recoveries };
}

async function serveOutage(): Promise<void> {
  let startedAt = Number.POSITIVE_INFINITY;
  const elapsedMs = () => performance.now() - startedAt;
  const tenant = await (platform === 'v1' ? startV1Outage(elapsedMs) : startV0Outage(elapsedMs));
  const sqs = await startSqs({ visibilityTimeoutSeconds: 360, maximumReceives: 100 });
  const queue = { OUTBOX_QUEUE_URL: sqs.queueUrl, AWS_ENDPOINT_URL_SQS: sqs.url };
  serveParent({ environment: { ...environment, ...queue, ...tenant.variables } }, (message) => {
    if (message === 'start') {
      startedAt = performance.now();
      setTimeout(tenant.rotate, OUTAGE.tenantRotatesAtMs);
      setTimeout(
        () => secretsManager.put(API_TOKEN_SECRET_ID, credential(NEW_TOKEN)),
        OUTAGE.secretFollowsAtMs,
      );
    }
    return {
      inOutbox: sqs.messages.length,
      deadLetters: sqs.deadLetters.length,
      emailedTo: tenant.mails.map(({ to }) => to),
      responsesLostFor: tenant.responsesLostFor(),
    };
  });
}

async function startV0Outage(elapsedMs: () => number) {
  const known = Array.from({ length: users }, (_, number) => {
    const email = emailOf('known', number);
    return { externalId: email, email, displayName: email, status: 'active' as const };
  });
  const faults = createOutageSwitch({ kind: '429', retryAfterSeconds: 1 } as const, elapsedMs);
  const tenant = await startTenant({ users: known, apiToken: OLD_TOKEN, faults });
  return {
    variables: { BEYOND_IDENTITY_API_URL: tenant.url },
    mails: tenant.mails,
    rotate: () => tenant.rotateToken(NEW_TOKEN),
    responsesLostFor: () =>
      tenant.requests
        .filter(({ isMailed, isResponseLost }) => isMailed && isResponseLost)
        .map(({ body }) => String(JSON.parse(body).external_id)),
  };
}

async function startV1Outage(elapsedMs: () => number) {
  const identities = v1Identities(users);
  const faults = createOutageSwitch({ kind: '429', rateLimitResetSeconds: 1 } as const, elapsedMs);
  const tenant = await startV1Tenant({ identities, clientSecret: OLD_TOKEN, faults });
  return {
    variables: v1Environment(tenant),
    mails: tenant.mails,
    rotate: () => {
      tenant.rotateClientSecret(NEW_TOKEN);
      tenant.revokeTokens();
    },
    responsesLostFor: () => lostRecipients(tenant, identities),
  };
}
