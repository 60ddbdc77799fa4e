import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect } from '@jest/globals';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { outboxMessage } from '../../../functions/adapters/aws/outbox-message.ts';
import { createDeliveryHandler } from '../../../functions/deliver-outbox/handler.ts';
import { TIMEOUTS } from '../../../functions/runtime/timeouts.ts';
import { ATTEMPTS_TABLE_NAME } from '../../../local/emulators/dynamodb.ts';
import { startTenant, type Tenant } from '../../../local/tenant/tenant.ts';
import { secretsManager, useDynamoDb, useSecretsManager } from '../emulated-aws.ts';
import { recordOutput } from '../recorded-output.ts';
import { API_TOKEN, metricValues } from '../recovery-service.ts';

type Deliver = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** SQS as the delivery function calls it. */
export const queue = mockClient(SQSClient);
/** The tenant of the current test. */
export let tenant: Tenant;
let output: ReturnType<typeof recordOutput>;

/** Runs a tenant and the emulated AWS for each test of the file. Expects that nothing printed has an address or a token. */
export function useDeliveries(): void {
  useDynamoDb();
  useSecretsManager();
  beforeEach(async () => {
    queue.reset();
    queue.onAnyCommand().resolves({});
    tenant = await startTenant({ apiToken: API_TOKEN });
    secretsManager.put('the-secret', API_TOKEN);
    output = recordOutput();
  });
  afterEach(async () => {
    output.stop();
    expect(output.printed()).not.toMatch(/jane|example\.com|tok_A1b2C3/);
    await tenant.close();
  });
}

/** Everything printed since the start of the test. */
export const printed = () => output.printed();

/** The values of one metric since the start of the test. */
export const counted = (metric: string) => metricValues(printed(), metric);

/** The environment of the function, without the URL of the tenant. */
export const ENVIRONMENT = {
  API_TOKEN_SECRET_ID: 'the-secret',
  ATTEMPTS_TABLE_NAME,
  OUTBOX_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/outbox',
};

/** Practically no pauses, and a quarter of a second for a delivery. */
export const QUICK = {
  ...TIMEOUTS,
  firstRetryPauseMs: 1,
  longestRetryPauseMs: 1,
  shortestCallMs: 0,
  deliveryMs: 250,
};

/** The handler of the delivery function, in front of the tenant. */
export const createDeliver = (environment = {}, timing = QUICK): Promise<Deliver> =>
  createDeliveryHandler({ ...ENVIRONMENT, BEYOND_IDENTITY_API_URL: tenant.url, ...environment }, timing);

let attempts = 0;

/** A valid message of a new attempt, with these members replaced. */
export function message(replaced: object = {}) {
  attempts += 1;
  const attemptId = `00000000-0000-4000-8000-${String(attempts).padStart(12, '0')}`;
  return {
    attemptId,
    address: 'jane@example.com',
    mailbox: 'pseudonym',
    acceptedAt: Date.now(),
    sentAt: Date.now(),
    postponements: 0,
    ...replaced,
  };
}

/** Delivers a batch with these bodies; returns the ids of the messages that stay on the queue (`message 0`, ...). */
export async function deliver(
  deliverBatch: Deliver,
  bodies: unknown[],
  { sentAt = Date.now(), remainingMs = (): number => 60_000 } = {},
) {
  const event = {
    Records: bodies.map((body, index) => ({
      messageId: `message ${index}`,
      receiptHandle: `receipt ${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: { SentTimestamp: `${sentAt}` },
    })),
  };
  const context = { getRemainingTimeInMillis: remainingMs };
  const response: SQSBatchResponse = await Reflect.apply(deliverBatch, undefined, [event, context]);
  return response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

/** The visibility timeouts that messages were given, in seconds. */
export const visibilities = () =>
  queue.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input.VisibilityTimeout);

/** The messages that were sent to the queue again, and their delays in seconds. */
export const sentAgain = () =>
  queue.commandCalls(SendMessageCommand).map(({ args: [{ input }] }) => ({
    delaySeconds: input.DelaySeconds,
    message: outboxMessage.parse(JSON.parse(input.MessageBody ?? '')),
  }));

/** The delays of the messages that were sent to the queue again, in seconds. */
export const delays = () => sentAgain().map(({ delaySeconds }) => delaySeconds);
