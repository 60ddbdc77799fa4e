import { randomUUID } from 'node:crypto';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { OutboxMessage } from './outbox-message.ts';
import type { Outbox } from './recover-user.ts';

export interface SqsOutboxOptions {
  client: Pick<SQSClient, 'send'>;
  queueUrl: string;
  /** Told of a request that the queue did not take, and the name of the error; must not throw. */
  failed(reason: string): void;
}

/** The outbox as an SQS queue: what it has acknowledged is there, however this instance ends. */
export function createSqsOutbox({ client, queueUrl, failed }: SqsOutboxOptions): Outbox {
  return {
    async put(attempt, { signal }) {
      const message: OutboxMessage = { attemptId: randomUUID(), ...attempt, acceptedAt: Date.now() };
      try {
        await client.send(
          new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message) }),
          {
            abortSignal: signal,
          },
        );
        return true;
      } catch (error) {
        failed(error instanceof Error ? error.name : typeof error);
        return false;
      }
    },
  };
}
