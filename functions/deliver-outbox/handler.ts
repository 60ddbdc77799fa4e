import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type OutboxMessage, outboxMessage, SELF_TEST_MESSAGE } from '../adapters/aws/outbox-message.ts';
import type { Delivery } from '../core/deliver.ts';
import type { Environment } from '../runtime/environment.ts';
import { createTelemetry } from '../runtime/telemetry.ts';
import { TIMEOUTS, type Timeouts } from '../runtime/timeouts.ts';
import { compose } from './composition.ts';
import { readDeliveryConfig } from './config.ts';
import { type OutboxRecord, outboxEvent } from './sqs-event.ts';

/** Delivers a batch from the outbox; names the messages that are to stay there. */
export type DeliveryHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * By how much the queue may have a message for younger than it says itself, in milliseconds: clocks differ, and sending
 * takes a while. A message that was moved back from the dead-letter queue had been there for minutes at least.
 */
const SENDING_MS = 60_000;

/** What became of a message that could be read. */
type DeliveryResult = Delivery | { outcome: 'failed' };

/** Wires the delivery function up and reads the API token once. Throws `ConfigError`, and for nothing else. */
export async function createDeliveryHandler(
  environment: Environment,
  timeouts: Timeouts = TIMEOUTS,
): Promise<DeliveryHandler> {
  const config = readDeliveryConfig(environment);
  const telemetry = createTelemetry(config.stage, environment['AWS_LAMBDA_FUNCTION_VERSION']);
  const { deliver, events, postpone, retryAtOnce, ready } = compose(config, { telemetry, timeouts });

  /** Delivers one message; whether it is done with. */
  async function deliverOne(record: OutboxRecord): Promise<boolean> {
    const message = messageIn(record);
    if (message === undefined) {
      telemetry.delivery('malformed');
      // back until SQS puts it into the dead-letter queue, where an alarm names it
      await retryAtOnce(record.receiptHandle);
      return false;
    }
    const delivery = await deliverSafely(message);
    const isDone = await settle(message, delivery);
    await publish(message, delivery);
    return isDone;
  }

  /** What fails unexpectedly keeps nothing else from being delivered. */
  async function deliverSafely(message: OutboxMessage): Promise<DeliveryResult> {
    try {
      return await deliver(message);
    } catch (error) {
      telemetry.unexpected(error);
      return { outcome: 'failed' };
    }
  }

  /** Counts the delivery, and sends a postponed request back; whether the message is done with. */
  async function settle(message: OutboxMessage, delivery: DeliveryResult): Promise<boolean> {
    if (delivery.outcome !== 'postponed') {
      telemetry.delivery(delivery.outcome, message);
      return delivery.outcome !== 'failed';
    }
    telemetry.delivery(delivery.outcome, message, delivery.cause);
    const { mayBeMailedSince } = delivery;
    return postpone({ ...message, mayBeMailedSince }, delivery.afterMs);
  }

  async function publish(message: OutboxMessage, delivery: DeliveryResult): Promise<void> {
    const { attemptId, mailbox, acceptedAt } = message;
    await events.deliveryAttempted(
      {
        attemptId,
        mailbox,
        outcome: delivery.outcome,
        cause: delivery.outcome === 'postponed' ? delivery.cause : undefined,
        reference: delivery.outcome === 'delivered' ? delivery.reference : undefined,
        waitedSeconds: Math.max(0, Math.round((Date.now() - acceptedAt) / 1000)),
      },
      timeouts.deliveryEventMs,
    );
  }

  /** Sends back what there is no time for. */
  async function sendBack(record: OutboxRecord): Promise<boolean> {
    const message = messageIn(record);
    return message !== undefined && postpone(message);
  }

  await ready;
  return async (event, context) => {
    // the endpoint's self-test sends messages, too: they are done with
    const records = outboxEvent.parse(event).Records.filter(({ body }) => body !== SELF_TEST_MESSAGE);
    const undone: string[] = [];
    const note = (record: OutboxRecord, isDone: boolean) => {
      if (!isDone) undone.push(record.messageId);
    };
    const hasTime = () => context.getRemainingTimeInMillis() >= worstCaseMs(timeouts);
    // one after the other, so that a Beyond Identity that comes back is not flooded
    for (let record = records.shift(); record !== undefined; record = records.shift()) {
      if (!hasTime()) {
        await Promise.all(
          [record, ...records].map(async (remaining) => note(remaining, await sendBack(remaining))),
        );
        break;
      }
      note(record, await deliverOne(record));
    }
    return { batchItemFailures: undone.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** The longest that one delivery can take: claim, forward, record, postpone, publish; then sending back all that is left. */
export function worstCaseMs(timeouts: Timeouts): number {
  const { deliveryMs, deliveryRecordMs, postponeMs, deliveryEventMs, lambdaTimeoutMarginMs } = timeouts;
  return deliveryRecordMs * 2 + deliveryMs + postponeMs * 2 + deliveryEventMs + lambdaTimeoutMarginMs;
}

/**
 * The message of a record; `undefined` where it cannot be read. One that was moved back from the dead-letter queue counts
 * its age from then.
 */
function messageIn({ body, attributes }: OutboxRecord): OutboxMessage | undefined {
  const message = parseMessage(body);
  const sentAt = Number(attributes.SentTimestamp);
  const isMovedBack = message !== undefined && sentAt > message.sentAt + SENDING_MS;
  return isMovedBack ? { ...message, acceptedAt: sentAt } : message;
}

function parseMessage(body: string): OutboxMessage | undefined {
  try {
    return outboxMessage.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
