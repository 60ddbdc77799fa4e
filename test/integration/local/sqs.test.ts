import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Sqs, type SqsFault, startSqs } from '../../../local/emulators/sqs.ts';
import { elapse } from './elapse.ts';

let sqs: Sqs;
let client: SQSClient;
let sent: string[];

beforeEach(async () => {
  sent = [];
  sqs = await startSqs({ maximumReceives: 3, onSent: (body) => sent.push(body) });
  client = new SQSClient({
    endpoint: sqs.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await sqs.close();
});

function send(MessageBody: string, options = {}) {
  return client.send(new SendMessageCommand({ QueueUrl: sqs.queueUrl, MessageBody, ...options }));
}

async function receive(options = {}): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl, MaxNumberOfMessages: 10, ...options }),
  );
  return Messages;
}

function hide(ReceiptHandle: string | undefined, VisibilityTimeout: number) {
  return client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: sqs.queueUrl, ReceiptHandle, VisibilityTimeout }),
  );
}

async function depth() {
  return (await fetch(`${sqs.url}/simulation/outbox`)).json();
}

describe('the queues, with the unmodified SDK', () => {
  test('send, receive and delete a message', async () => {
    const { MessageId } = await send('grüezi');
    expect(sent).toEqual(['grüezi']);
    const [message] = await receive({ MessageSystemAttributeNames: ['All'] });
    expect(message).toMatchObject({
      MessageId,
      Body: 'grüezi',
      Attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: expect.any(String),
      },
    });
    expect(sqs.messages).toEqual([{ messageId: MessageId, body: 'grüezi', receiveCount: 1 }]);
    const deletion = { QueueUrl: sqs.queueUrl, ReceiptHandle: message?.ReceiptHandle };
    await client.send(new DeleteMessageCommand(deletion));
    expect(sqs.messages).toEqual([]);
    const operations = ['SendMessage', 'ReceiveMessage', 'DeleteMessage'];
    expect(sqs.requests.map(({ operation }) => operation)).toEqual(operations);
  });

  test('end a long poll as soon as a message is sent', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await send('a');
    expect((await waiting).map(({ Body }) => Body)).toEqual(['a']);
  });

  test('hide a delayed message until its delay ends', async () => {
    await send('a', { DelaySeconds: 900 });
    expect(await receive()).toEqual([]);
    expect(await depth()).toEqual({ waiting: 0, hidden: 1, deadLetters: 0 });
    elapse(900);
    expect(await receive()).toHaveLength(1);
  });

  test('hide a received message until its visibility timeout, which its consumer may change', async () => {
    await send('a');
    await receive();
    elapse(29);
    expect(await receive()).toEqual([]);
    elapse(1);
    const [message] = await receive();
    await hide(message?.ReceiptHandle, 43_200);
    elapse(43_199);
    expect(await receive()).toEqual([]);
    await hide(message?.ReceiptHandle, 0);
    expect(await receive()).toHaveLength(1);
  });

  test('move a message received too often to the dead-letter queue with the same id', async () => {
    const { MessageId } = await send('a');
    for (let receives = 0; receives < 3; receives++) {
      expect(await receive()).toHaveLength(1);
      elapse(30);
    }
    expect(sqs.deadLetters).toEqual([]);
    expect(await receive()).toEqual([]);
    expect(sqs.messages).toEqual([]);
    expect(sqs.deadLetters).toEqual([expect.objectContaining({ messageId: MessageId, body: 'a' })]);
    expect(await depth()).toEqual({ waiting: 0, hidden: 0, deadLetters: 1 });
    expect(await receive({ QueueUrl: sqs.deadLetterQueueUrl })).toHaveLength(1);
  });

  test('have the attributes that the stack gives them', async () => {
    const command = new GetQueueAttributesCommand({ QueueUrl: sqs.queueUrl, AttributeNames: ['All'] });
    expect((await client.send(command)).Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:us-east-1:000000000000:outbox',
      VisibilityTimeout: '30',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:outbox-dead-letters',
        maxReceiveCount: 3,
      }),
    });
  });

  test('are the same for a container, which uses another host name', async () => {
    await send('a', { QueueUrl: sqs.queueUrl.replace('127.0.0.1', 'host.docker.internal') });
    expect(sqs.messages).toHaveLength(1);
    await expect(send('a', { QueueUrl: `${sqs.queueUrl}-other` })).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });
});

describe('faults', () => {
  test.each<[SqsFault['kind'], object]>([
    ['error', { name: 'InternalFailure', $metadata: { httpStatusCode: 500 } }],
    ['access-denied', { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }],
    ['throttled', { name: 'RequestThrottled', $metadata: { httpStatusCode: 403 } }],
    ['not-json', { name: 'SyntaxError' }],
    ['reset', { message: expect.stringMatching(/ECONNRESET|socket hang up/) }],
  ])('%s with times: 1 hits one request', async (kind, error) => {
    sqs.fault({ kind, times: 1 });
    await expect(send('a')).rejects.toMatchObject(error);
    expect(sqs.messages).toEqual([]);
    await send('a');
    expect(sqs.messages).toHaveLength(1);
    expect(sqs.requests).toHaveLength(2);
  });

  test('lost-response stores the message, and resets the connection instead of responding', async () => {
    sqs.fault({ kind: 'lost-response', times: 1 });
    await expect(send('a')).rejects.toThrow();
    expect(sqs.messages).toHaveLength(1);
  });

  test('hang never responds, and does not prevent closing', async () => {
    sqs.fault({ kind: 'hang', times: 1 });
    const asked = [send('a'), send('b')];
    await Promise.any(asked);
    await sqs.close();
    const outcomes = (await Promise.allSettled(asked)).map((result) => result.status);
    expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('hit only the given operation, until they are healed', async () => {
    sqs.fault({ kind: 'throttled', operation: 'SendMessage' });
    await expect(send('a')).rejects.toThrow();
    expect(await receive()).toEqual([]);
    await expect(send('a')).rejects.toThrow();
    sqs.heal();
    await send('a');
    expect(sqs.messages).toHaveLength(1);
  });
});
