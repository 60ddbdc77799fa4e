import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../local/emulators/dynamodb.ts';
import { startSecretsManager } from '../local/emulators/secrets-manager.ts';
import { watchRateLimiter } from './rate-limiter-watch.ts';
import type { StandIns, StandInsRecord } from './stand-ins-process.ts';
import { percentile } from './statistics.ts';
import { startBenchmarkTenant } from './tenant.ts';

const SECRET_ID = 'benchmark-api-token';
const SEED = 1;

/*
 * The function's outside world, in a process of its own so that its work does not count as the function's: Secrets
 * Manager, the rate limiter's DynamoDB, and a tenant. Answers every message with what happened so far. Ends with the
 * process that started it.
 */
const tenant = await startBenchmarkTenant(SEED);
const secretsManager = await startSecretsManager();
secretsManager.put(
  SECRET_ID,
  JSON.stringify({ API_TOKEN: 'simulated-api-token', PSEUDONYM_KEY: 'simulated-pseudonym-key' }),
);
const dynamoDb = await startDynamoDb();
const rateLimiterDurationsMs = watchRateLimiter(dynamoDb.url);

process.on('disconnect', () => process.exit());
process.on('message', () => {
  process.send?.({
    recoveries: tenant.recoveries,
    rateLimiterDecisions: rateLimiterDurationsMs.length,
    ledgerP50Ms: rateLimiterDurationsMs.length === 0 ? 0 : percentile(rateLimiterDurationsMs, 50),
  } satisfies StandInsRecord);
});
process.send?.({
  tenantUrl: tenant.url,
  secretsManagerUrl: secretsManager.url,
  secretId: SECRET_ID,
  dynamoDbUrl: dynamoDb.url,
  attemptsTableName: ATTEMPTS_TABLE_NAME,
} satisfies StandIns);
