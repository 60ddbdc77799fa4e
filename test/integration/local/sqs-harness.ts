import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach } from '@jest/globals';
import { sqs, useSqs } from '../emulated-aws.ts';

/** A client of the emulator that does not retry. */
export let client: SQSClient;

/** Runs an emulator with a client for each test of the file. */
export function useSqsClient(): void {
  useSqs({ maximumReceives: 3 });
  beforeEach(() => {
    client = new SQSClient({ maxAttempts: 1 });
  });
  afterEach(() => client.destroy());
}

/** Sends a message to the outbox. */
export function send(MessageBody: string, options = {}) {
  return client.send(new SendMessageCommand({ QueueUrl: sqs.queueUrl, MessageBody, ...options }));
}

/** Receives up to ten messages from the outbox. */
export async function receive(options = {}): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl, MaxNumberOfMessages: 10, ...options }),
  );
  return Messages;
}

/** Receives a message, which must be there. */
export async function receiveOne(): Promise<Message> {
  const [message] = await receive();
  if (message === undefined) throw new Error('There was no message.');
  return message;
}

/** Deletes a message. */
export function remove(ReceiptHandle: string | undefined) {
  return client.send(new DeleteMessageCommand({ QueueUrl: sqs.queueUrl, ReceiptHandle }));
}

/** Changes the visibility timeout of a message. */
export function hide(ReceiptHandle: string | undefined, VisibilityTimeout: number) {
  return client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: sqs.queueUrl, ReceiptHandle, VisibilityTimeout }),
  );
}

/** The attributes of a queue. */
export async function attributes(QueueUrl: string) {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return Attributes;
}
