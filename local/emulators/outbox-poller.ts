import { setTimeout as delay } from 'node:timers/promises';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { lambdaContext, withinTime } from './lambda-invocation.ts';

/** A Lambda function with SQS as its event source, which reports the failed items of a batch. */
export type QueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Options of the poller. */
export interface OutboxPollerOptions {
  readonly queueUrl: string;
  readonly handler: QueueHandler;
  /** Receives and deletes; closed with the poller (default: with the credentials of the process's environment). */
  readonly client?: SQSClient;
  /** Maximum number of concurrent invocations (2, the minimum that Lambda accepts). */
  readonly concurrency?: number;
  /** Maximum number of messages per invocation (10). */
  readonly batchSize?: number;
  /** Timeout of an invocation, in milliseconds (60,000). */
  readonly timeoutMs?: number;
  /** Pause after an error of the queue, in milliseconds (1,000). */
  readonly pauseMs?: number;
  /** Called with the reason when a whole batch fails or the queue is unreachable. */
  readonly onFailure?: (error: unknown) => void;
}

/** A running poller. */
export interface OutboxPoller {
  /** Stops immediately: the result of a running invocation no longer changes the queue. */
  close(): Promise<void>;
}

/** To Lambda, anything else means that the whole batch failed, and no result means success. */
const batchResponse = z.nullish(
  z.object({ batchItemFailures: z.nullish(z.array(z.object({ itemIdentifier: z.string() }))) }),
);

const REGION = 'us-east-1';
const LONGEST_WAIT_SECONDS = 20;

/**
 * Emulates Lambda's SQS event source: receives batches, invokes the function, deletes the items that succeeded, and leaves the
 * rest to the visibility timeout.
 */
export function startOutboxPoller(options: OutboxPollerOptions): OutboxPoller {
  const { queueUrl, concurrency = 2, batchSize = 10, timeoutMs = 60_000, pauseMs = 1_000 } = options;
  const { onFailure = () => {}, client = sqsClient(queueUrl) } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const closed = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

  async function poll(): Promise<void> {
    while (!signal.aborted) {
      try {
        const messages = await receive();
        if (messages.length > 0) await Promise.race([handle(messages), closed]);
      } catch (error) {
        if (signal.aborted) return;
        onFailure(error);
        await delay(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  async function receive(): Promise<Message[]> {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: batchSize,
        WaitTimeSeconds: LONGEST_WAIT_SECONDS,
        MessageSystemAttributeNames: ['All'],
      }),
      { abortSignal: signal },
    );
    return Messages;
  }

  async function handle(messages: readonly Message[]): Promise<void> {
    const failed = await failuresOf(messages);
    await Promise.all(
      messages
        .filter(({ MessageId }) => !failed.has(MessageId ?? ''))
        .map(({ ReceiptHandle }) =>
          client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }), {
            abortSignal: signal,
          }),
        ),
    );
  }

  /** The ids of the failed messages: all of them when the function throws or returns an unknown id. */
  async function failuresOf(messages: readonly Message[]): Promise<ReadonlySet<string>> {
    const ids = new Set(messages.map(({ MessageId }) => MessageId ?? ''));
    const event = { Records: messages.map((message) => recordOf(message, arnOf(queueUrl))) };
    try {
      const context = lambdaContext('DeliverOutboxFunction', timeoutMs);
      const response = batchResponse.parse(await withinTime(options.handler(event, context), timeoutMs));
      const failed = (response?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
      return failed.every((id) => ids.has(id)) ? new Set(failed) : ids;
    } catch (error) {
      if (!signal.aborted) onFailure(error);
      return ids;
    }
  }

  const pollers = Array.from({ length: concurrency }, poll);
  return {
    async close() {
      closing.abort();
      await Promise.all(pollers);
      client.destroy();
    },
  };
}

function sqsClient(queueUrl: string): SQSClient {
  return new SQSClient({ endpoint: new URL(queueUrl).origin, region: REGION, maxAttempts: 1 });
}

function recordOf(message: Message, queueArn: string): SQSRecord {
  const { Attributes = {} } = message;
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: {
      ApproximateReceiveCount: Attributes.ApproximateReceiveCount ?? '',
      SentTimestamp: Attributes.SentTimestamp ?? '',
      SenderId: Attributes.SenderId ?? '',
      ApproximateFirstReceiveTimestamp: Attributes.ApproximateFirstReceiveTimestamp ?? '',
    },
    messageAttributes: {},
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: REGION,
  };
}

function arnOf(queueUrl: string): string {
  const [, accountId, name] = new URL(queueUrl).pathname.split('/');
  return `arn:aws:sqs:${REGION}:${accountId}:${name}`;
}
