import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { createDynamoDbDeliveryRecord } from '../../../../functions/adapters/aws/dynamodb-delivery-record.ts';
import { createDynamoDbRateLimiter } from '../../../../functions/adapters/aws/dynamodb-rate-limiter.ts';
import { createEvents } from '../../../../functions/adapters/aws/event-bus.ts';
import { checkQueue } from '../../../../functions/adapters/aws/resource-checks.ts';
import { createDynamoDbDirectory } from '../../../../functions/adapters/directory/dynamodb-directory.ts';
import { createInvoke } from '../../../../functions/adapters/directory/invoke-function.ts';
import { createLambdaDirectory } from '../../../../functions/adapters/directory/lambda-directory.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';
import { createTelemetry } from '../../../../functions/runtime/telemetry.ts';
import { TIMEOUTS } from '../../../../functions/runtime/timeouts.ts';
import { startHttpServer } from '../../../../local/http-server.ts';
import { setAwsEndpoints } from '../../emulated-aws.ts';
import { recordOutput } from '../../recorded-output.ts';

/** Long enough for a call to be sent. */
const SOON_MS = 500;
/** Only an abort ends a call while the test runs. */
const PATIENT = { ...TIMEOUTS, awsRequestTimeoutMs: 60_000 };

test('a call of AWS is abandoned at its deadline, and keeps no connection', async () => {
  const operations = ['GetItem', 'Invoke', 'PutEvents', 'Query', 'SendMessage', 'UpdateItem', 'UpdateItem'];
  const abandoned: unknown[] = [];
  const { promise: areAllAbandoned, resolve } = Promise.withResolvers<void>();
  const hanging = await startHttpServer(async ({ headers }, response) => {
    response.once('close', () => {
      // Lambda's API names no operation
      abandoned.push(String(headers['x-amz-target'] ?? '.Invoke').split('.')[1]);
      if (abandoned.length === operations.length) resolve();
    });
    await areAllAbandoned;
  });
  const { url } = hanging;
  setAwsEndpoints({ DYNAMODB: url, EVENTBRIDGE: url, LAMBDA: url, SQS: url });
  const output = recordOutput();

  const client = new DynamoDBClient({ maxAttempts: 1 });
  const table = { client, tableName: 'table', now: Date.now };
  const rateLimiter = createDynamoDbRateLimiter({ ...table, limits: { cooldownMs: 0, perDay: 1 } });
  const record = { ...table, leaseMs: 1, timeoutMs: SOON_MS, failed: () => undefined };
  const context = { telemetry: createTelemetry('staging'), timeouts: PATIENT };
  const events = createEvents({ busName: 'bus', includeReference: false }, 'staging', context);
  const attributes = { tableName: 'users', addressAttribute: 'email', referenceAttribute: 'id' };
  const failed = () => undefined;
  const directories = [
    createDynamoDbDirectory({
      client,
      config: { type: 'dynamodb', indexName: undefined, ...attributes },
      failed,
    }),
    createDynamoDbDirectory({
      client,
      config: { type: 'dynamodb', indexName: 'by-email', ...attributes },
      failed,
    }),
    createLambdaDirectory({ invoke: createInvoke('find-user', { maxAttempts: 1 }), failed }),
  ];
  const facts = { requestId: 'r', sourceIp: undefined, outcome: 'refused', mailbox: undefined } as const;
  await Promise.allSettled([
    rateLimiter.admit('mailbox', startDeadline(SOON_MS)),
    createDynamoDbDeliveryRecord(record).complete('attempt'),
    events.requested(facts, SOON_MS),
    checkQueue(`${url}/1/queue`, PATIENT, startDeadline(SOON_MS)),
    ...directories.map((directory) => directory.resolve('jane@example.com', startDeadline(SOON_MS))),
  ]);

  await areAllAbandoned;
  expect(abandoned.toSorted()).toEqual(operations);
  output.stop();
  await hanging.close();
});
