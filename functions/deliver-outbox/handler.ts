import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { startDeadline } from '../recover-user/deadline.ts';
import type { Environment } from '../recover-user/environment.ts';
import { createForwarding, givingUpAfter } from '../recover-user/forwarding.ts';
import { type OutboxMessage, outboxMessage } from '../recover-user/outbox-message.ts';
import { createTelemetry } from '../recover-user/telemetry.ts';
import { TIMING, type Timing } from '../recover-user/timing.ts';
import { createDeliver } from './deliver.ts';
import { createDynamoDbDeliveryRecord } from './dynamodb-delivery-record.ts';
import { type OutboxRecord, outboxEvent } from './outbox-event.ts';
import { readDeliverySettings } from './settings.ts';

/** Delivers a batch from the outbox; names the messages that are to stay there. */
export type DeliveryHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** The longest, a little less than what SQS allows from the receipt of a message on: twelve hours. */
const LONGEST_PAUSE_MS = 11.9 * 3_600_000;

/** The shortest time for which a message that stays in the outbox is out of sight. */
const SHORTEST_PAUSE_MS = 1000;

/** Wires the delivery function up and reads the API token once. Throws `SettingsError`, and for nothing else. */
export async function createDeliveryHandler(
  environment: Environment,
  timing: Timing = TIMING,
): Promise<DeliveryHandler> {
  const settings = readDeliverySettings(environment);
  const telemetry = createTelemetry();
  const requestHandler = givingUpAfter(timing.awsConnectMs, timing.awsAnswerMs);
  const { secret, forward } = createForwarding(settings, telemetry, timing);
  const deliver = createDeliver({
    forward,
    maximumAgeMs: settings.maximumAgeMs,
    now: Date.now,
    record: createDynamoDbDeliveryRecord({
      client: new DynamoDBClient({ maxAttempts: 2, requestHandler }),
      tableName: settings.attemptsTableName,
      leaseMs: timing.deliveryLeaseMs,
      failed: telemetry.recordFailed,
      now: Date.now,
    }),
  });
  const sqs = new SQSClient({ maxAttempts: 2, requestHandler });

  /** Keeps a message in the outbox, out of sight for this long. */
  async function postpone({ receiptHandle }: OutboxRecord, pauseMs: number): Promise<void> {
    await sqs
      .send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: settings.outboxQueueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: Math.ceil(pauseMs / 1000),
        }),
      )
      // it comes back when the queue's own visibility timeout is over
      .catch((error: Error) => telemetry.postponeFailed(error.name));
  }

  await secret.firstRead;
  return async (event, context) => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    // one after the other: a Beyond Identity that comes back is not to be flooded
    for (const record of outboxEvent.parse(event).Records) {
      const hasTime = context.getRemainingTimeInMillis() > 2 * timing.deliveryMs;
      const pauseMs = hasTime ? await deliverOne(record) : SHORTEST_PAUSE_MS;
      if (pauseMs === undefined) continue;
      batchItemFailures.push({ itemIdentifier: record.messageId });
      await postpone(record, pauseMs);
    }
    return { batchItemFailures };
  };

  /** Delivers one message; resolves with how long it is to wait where it stays in the outbox, in milliseconds. */
  async function deliverOne({ body, attributes }: OutboxRecord): Promise<number | undefined> {
    const message = parseMessage(body);
    if (message === undefined) {
      telemetry.delivery('malformed');
      // it comes back until SQS puts it into the dead-letter queue, where an alarm names it
      return SHORTEST_PAUSE_MS;
    }
    const deadline = startDeadline(timing.deliveryMs);
    const delivery = await deliver(message, deadline).finally(deadline.clear);
    if (delivery.outcome !== 'postponed') {
      telemetry.delivery(delivery.outcome, message);
      return undefined;
    }
    telemetry.delivery(delivery.outcome, message, delivery.cause);
    const backOff = backOffMs(Number(attributes.ApproximateReceiveCount), timing);
    // back in time to be dropped, and counted, rather than to lie out of sight
    const ageLeftMs = message.acceptedAt + settings.maximumAgeMs - Date.now() + SHORTEST_PAUSE_MS;
    const pauseMs = Math.min(Math.max(delivery.afterMs ?? 0, backOff), ageLeftMs, LONGEST_PAUSE_MS);
    return Math.max(SHORTEST_PAUSE_MS, pauseMs);
  }
}

/** Full jitter over a bound that doubles with every receive; never less than a second. */
function backOffMs(receives: number, { outboxFirstPauseMs, outboxLongestPauseMs }: Timing): number {
  const bound = Math.min(outboxLongestPauseMs, outboxFirstPauseMs * 2 ** (receives - 1));
  return Math.max(SHORTEST_PAUSE_MS, Math.random() * bound);
}

function parseMessage(body: string): OutboxMessage | undefined {
  try {
    return outboxMessage.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
