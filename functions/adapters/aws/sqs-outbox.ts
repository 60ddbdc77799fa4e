import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Outbox } from '../../core/recover-user.ts';
import type { OutboxMessage } from './outbox-message.ts';

export interface SqsOutboxOptions {
  client: Pick<SQSClient, 'send'>;
  queueUrl: string;
  /** Called with the name of the error when the queue does not take a request; must not throw. */
  failed(reason: string): void;
}

/** The outbox as an SQS queue: what it has acknowledged is there, however this instance ends. */
export function createSqsOutbox({ client, queueUrl, failed }: SqsOutboxOptions): Outbox {
  return {
    async put(attempt, deadline) {
      const now = Date.now();
      const message: OutboxMessage = {
        ...attempt,
        acceptedAt: now,
        sentAt: now,
        postponements: 0,
      };
      const command = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message) });
      try {
        await deadline.enforce((abortSignal) => client.send(command, { abortSignal }));
        return true;
      } catch (error) {
        failed(error instanceof Error ? error.name : typeof error);
        return false;
      }
    },
  };
}
