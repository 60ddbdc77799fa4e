import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { DynamoDbRateLimiterOptions } from '../../../functions/adapters/aws/dynamodb-rate-limiter.ts';
import { createDynamoDbRateLimiter } from '../../../functions/adapters/aws/dynamodb-rate-limiter.ts';
import type { Deadline } from '../../../functions/core/deadline.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../../../local/emulators/dynamodb.ts';
import type { RunningServer } from '../../../local/http-server.ts';
import { setAwsEndpoints } from '../emulated-aws.ts';

export const MINUTE_MS = 60_000;
/** One attempt a minute, and five a day. */
export const LIMITS = { cooldownMs: MINUTE_MS, perDay: 5 };

/** The deadline of the current test. */
export let deadline: Deadline;
/** A client of the DynamoDB emulator. */
export let client: DynamoDBClient;
let mailboxes = 0;

/** Runs a DynamoDB emulator for the file, and gives each of its tests a deadline. */
export function useRateLimiters(): void {
  let dynamoDb: RunningServer;
  beforeAll(async () => {
    dynamoDb = await startDynamoDb();
    setAwsEndpoints({ DYNAMODB: dynamoDb.url });
    client = new DynamoDBClient();
  });
  afterAll(async () => {
    client.destroy();
    await dynamoDb.close();
  });
  beforeEach(() => {
    deadline = startDeadline(5000);
  });
  afterEach(() => deadline.clear());
}

/** A rate limiter in DynamoDB. */
export function createRateLimiter(options: Partial<DynamoDbRateLimiterOptions> = {}) {
  return createDynamoDbRateLimiter({ client, tableName: ATTEMPTS_TABLE_NAME, limits: LIMITS, ...options });
}

/** A mailbox that no other test has used. */
export const newMailbox = () => `mailbox ${++mailboxes}`;
