import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { startDeadline } from '../../runtime/deadline.ts';
import type { Timeouts } from '../../runtime/timeouts.ts';
import type { OutboxMessage } from './outbox-message.ts';

/** The longest that SQS delays a message (SendMessage, DelaySeconds). */
const LONGEST_DELAY_MS = 900_000;

/** The shortest time for which a postponed request is out of sight, in milliseconds. */
export const SHORTEST_PAUSE_MS = 1000;

export interface PostponementOptions {
  client: Pick<SQSClient, 'send'>;
  queueUrl: string;
  /** How old a request may become, in milliseconds. */
  maximumAgeMs: number;
  timeouts: Timeouts;
  /** Called with the name of the error when a request cannot be sent back; must not throw. */
  failed(reason: string): void;
}

/** Keeps requests in the outbox whose delivery failed for now. */
export interface Postponement {
  /**
   * Sends the request to the queue again, out of sight for at least `afterMs`; whether its present message is done with.
   * Where SQS does not take it, that message stays, out of sight for the queue's visibility timeout.
   */
  postpone(message: OutboxMessage, afterMs?: number): Promise<boolean>;
  /** Makes a message that stays on the queue visible again in a moment. */
  retryAtOnce(receiptHandle: string): Promise<void>;
}

/**
 * A postponed request is a new message: SQS then counts as receipts only those of messages that nothing can be made of, and
 * moves them to the dead-letter queue after a few. If both messages stay, the record of deliveries finds the duplicate.
 */
export function createPostponement(options: PostponementOptions): Postponement {
  const { client, queueUrl, maximumAgeMs, timeouts, failed } = options;

  async function inTime(send: (abortSignal: AbortSignal) => Promise<unknown>): Promise<boolean> {
    const deadline = startDeadline(timeouts.postponeMs);
    try {
      await deadline.enforce(send);
      return true;
    } catch (error) {
      failed(error instanceof Error ? error.name : typeof error);
      return false;
    } finally {
      deadline.clear();
    }
  }

  /** In time to be dropped, and counted, rather than to lie out of sight; a longer wait is split by SQS's bound. */
  function delayMs({ acceptedAt, postponements }: OutboxMessage, afterMs: number): number {
    const ageLeftMs = acceptedAt + maximumAgeMs - Date.now() + SHORTEST_PAUSE_MS;
    const wantedMs = Math.max(afterMs, backOffMs(postponements, timeouts));
    return Math.max(SHORTEST_PAUSE_MS, Math.min(wantedMs, ageLeftMs, LONGEST_DELAY_MS));
  }

  return {
    postpone(message, afterMs = 0) {
      const again: OutboxMessage = {
        ...message,
        sentAt: Date.now(),
        postponements: message.postponements + 1,
      };
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(again),
        DelaySeconds: Math.ceil(delayMs(message, afterMs) / 1000),
      });
      return inTime((abortSignal) => client.send(command, { abortSignal }));
    },
    async retryAtOnce(receiptHandle) {
      const command = new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: SHORTEST_PAUSE_MS / 1000,
      });
      await inTime((abortSignal) => client.send(command, { abortSignal }));
    },
  };
}

/** Full jitter over a bound that doubles with every postponement. */
function backOffMs(postponements: number, { outboxFirstPauseMs, outboxLongestPauseMs }: Timeouts): number {
  return Math.random() * Math.min(outboxLongestPauseMs, outboxFirstPauseMs * 2 ** postponements);
}
