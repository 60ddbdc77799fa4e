import * as z from 'zod/mini';
import { parseJson } from '../json-text.ts';
import { type MessageQueue, md5Of, type ReceivedMessage } from './message-queue.ts';
import { invalidHandle, invalidValue, notInFlight } from './sqs-errors.ts';

/** A request for an operation. */
export interface OperationRequest {
  readonly body: string;
  readonly queue: MessageQueue;
  readonly queueArn: string;
  readonly deadLetterQueueArn: string;
  /** Aborts when the client closes the connection. */
  readonly signal: AbortSignal;
}

/** Returns the response's body. Throws `SqsError`. */
type Operation = (request: OperationRequest) => Promise<object> | object;

const MAXIMUM_MESSAGE_BYTES = 1024 * 1024;
const LONGEST_VISIBILITY_SECONDS = 43_200;

const queueUrl = z.string();
const receiptHandle = z.string();
const seconds = (maximum: number) => z.int().check(z.minimum(0), z.maximum(maximum));
const names = z.optional(z.array(z.string()));

// strict: unsupported parameters, such as message attributes, must not seem to work
const sendMessageInput = z.strictObject({
  QueueUrl: queueUrl,
  MessageBody: z.string().check(
    z.minLength(1),
    z.refine((body) => Buffer.byteLength(body) <= MAXIMUM_MESSAGE_BYTES, 'must be at most 1048576 bytes'),
  ),
  DelaySeconds: z.optional(seconds(900)),
});
const receiveMessageInput = z.strictObject({
  QueueUrl: queueUrl,
  MaxNumberOfMessages: z._default(z.int().check(z.minimum(1), z.maximum(10)), 1),
  WaitTimeSeconds: z._default(seconds(20), 0),
  VisibilityTimeout: z.optional(seconds(LONGEST_VISIBILITY_SECONDS)),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});
const deleteMessageInput = z.strictObject({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle });
const changeMessageVisibilityInput = z.strictObject({
  QueueUrl: queueUrl,
  ReceiptHandle: receiptHandle,
  VisibilityTimeout: seconds(LONGEST_VISIBILITY_SECONDS),
});
const getQueueAttributesInput = z.strictObject({ QueueUrl: queueUrl, AttributeNames: names });

/** The operations by their names. */
export const SQS_OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['SendMessage', sendMessage],
  ['ReceiveMessage', receiveMessage],
  ['DeleteMessage', deleteMessage],
  ['ChangeMessageVisibility', changeMessageVisibility],
  ['GetQueueAttributes', getQueueAttributes],
]);

function sendMessage({ body, queue }: OperationRequest): object {
  const { MessageBody, DelaySeconds } = parse(sendMessageInput, body);
  return { MessageId: queue.send(MessageBody, DelaySeconds), MD5OfMessageBody: md5Of(MessageBody) };
}

async function receiveMessage({ body, queue, signal }: OperationRequest): Promise<object> {
  const input = parse(receiveMessageInput, body);
  const endsAt = Date.now() + input.WaitTimeSeconds * 1000;
  const wanted = new Set([...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])]);
  for (;;) {
    const leftMs = endsAt - Date.now();
    // a client that has disconnected must not receive a message
    const messages = signal.aborted ? [] : queue.receive(input.MaxNumberOfMessages, input.VisibilityTimeout);
    if (messages.length > 0) return { Messages: messages.map((message) => describe(message, wanted)) };
    if (leftMs <= 0 || signal.aborted) return {};
    await queue.changed(leftMs, signal);
  }
}

function describe(message: ReceivedMessage, wanted: ReadonlySet<string>): object {
  const attributes = {
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ApproximateReceiveCount: String(message.receiveCount),
    SenderId: 'AIDASIMULATED',
    SentTimestamp: String(message.sentAt),
  };
  const chosen = select(attributes, wanted);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5Of(message.body),
    Body: message.body,
    ...(Object.keys(chosen).length > 0 && { Attributes: chosen }),
  };
}

function deleteMessage({ body, queue }: OperationRequest): object {
  const input = parse(deleteMessageInput, body);
  if (!queue.delete(input.ReceiptHandle)) throw invalidHandle();
  return {};
}

function changeMessageVisibility({ body, queue }: OperationRequest): object {
  const input = parse(changeMessageVisibilityInput, body);
  switch (queue.changeVisibility(input.ReceiptHandle, input.VisibilityTimeout)) {
    case 'changed':
      return {};
    case 'unknown-handle':
      throw invalidHandle();
    case 'gone':
      throw invalidValue('Message does not exist or is not available for visibility timeout change.');
    case 'not-in-flight':
      throw notInFlight();
  }
}

function getQueueAttributes({ body, queue, queueArn, deadLetterQueueArn }: OperationRequest): object {
  const { AttributeNames = [] } = parse(getQueueAttributesInput, body);
  const { visible, inFlight, delayed } = queue.depth();
  const attributes = {
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    QueueArn: queueArn,
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    ...(queue.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: deadLetterQueueArn,
        maxReceiveCount: queue.redrive.maximumReceives,
      }),
    }),
  };
  const chosen = select(attributes, new Set(AttributeNames));
  return Object.keys(chosen).length > 0 ? { Attributes: chosen } : {};
}

function select(attributes: Record<string, string>, wanted: ReadonlySet<string>): Record<string, string> {
  if (wanted.has('All')) return attributes;
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted.has(name)));
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, body: string): z.output<Schema> {
  const parsed = parseJson(schema, body);
  if ('problem' in parsed) throw invalidValue(parsed.problem);
  return parsed.value;
}
