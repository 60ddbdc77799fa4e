import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Sqs, type SqsFault, startSqs } from '../../../local/emulators/sqs.ts';

let sqs: Sqs;
let client: SQSClient;

beforeEach(async () => {
  sqs = await startSqs({ maximumReceives: 3 });
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

async function receiveOne(): Promise<Message> {
  const [message] = await receive();
  if (message === undefined) throw new Error('There was no message.');
  return message;
}

function remove(ReceiptHandle: string | undefined) {
  return client.send(new DeleteMessageCommand({ QueueUrl: sqs.queueUrl, ReceiptHandle }));
}

function hide(ReceiptHandle: string | undefined, VisibilityTimeout: number) {
  return client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: sqs.queueUrl, ReceiptHandle, VisibilityTimeout }),
  );
}

async function attributes(QueueUrl: string) {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return Attributes;
}

describe('with the unmodified SDK', () => {
  test('sends, receives and deletes a message', async () => {
    const { MessageId } = await send('grüezi');
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
    await remove(message?.ReceiptHandle);
    expect(sqs.messages).toEqual([]);
    // deleting twice is not an error
    await remove(message?.ReceiptHandle);
    expect(sqs.requests.map(({ operation }) => operation)).toEqual([
      'SendMessage',
      'ReceiveMessage',
      'DeleteMessage',
      'DeleteMessage',
    ]);
    expect(sqs.requests.every(({ queueUrl }) => queueUrl === sqs.queueUrl)).toBe(true);
  });

  test('returns only the requested attributes of a message', async () => {
    await send('a');
    expect((await receive())[0]?.Attributes).toBeUndefined();
    sqs.elapse(30);
    const [message] = await receive({ AttributeNames: ['ApproximateReceiveCount'] });
    expect(message?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });

  test('receives at most the requested number of messages', async () => {
    for (const body of ['a', 'b', 'c']) await send(body);
    expect((await receive({ MaxNumberOfMessages: 2 })).map(({ Body }) => Body)).toEqual(['a', 'b']);
    expect((await receive()).map(({ Body }) => Body)).toEqual(['c']);
    expect(await receive()).toEqual([]);
  });

  test('a long poll returns as soon as a message is sent', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await send('a');
    expect((await waiting).map(({ Body }) => Body)).toEqual(['a']);
  });

  test('a long poll whose client disconnected receives no message', async () => {
    const leaving = new AbortController();
    const command = new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl, WaitTimeSeconds: 20 });
    const waiting = client.send(command, { abortSignal: leaving.signal });
    while (sqs.waiting === 0) await attributes(sqs.queueUrl);
    leaving.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    while (sqs.waiting > 0) await attributes(sqs.queueUrl);
    await send('a');
    expect((await receive({ WaitTimeSeconds: 20 })).map(({ Body }) => Body)).toEqual(['a']);
  });

  test('a delayed message is not visible before its delay ends', async () => {
    await send('a', { DelaySeconds: 900 });
    expect(await receive()).toEqual([]);
    expect(await attributes(sqs.queueUrl)).toMatchObject({ ApproximateNumberOfMessagesDelayed: '1' });
    sqs.elapse(900);
    expect(await receive()).toHaveLength(1);
  });

  test('a message reappears after its visibility timeout, and its older handle no longer deletes it', async () => {
    await send('a');
    const first = await receiveOne();
    sqs.elapse(29);
    expect(await receive()).toEqual([]);
    sqs.elapse(1);
    const second = await receiveOne();
    expect(second).toMatchObject({ MessageId: first.MessageId });
    await remove(first.ReceiptHandle);
    expect(sqs.messages).toHaveLength(1);
    await remove(second.ReceiptHandle);
    expect(sqs.messages).toEqual([]);
  });

  test('a consumer changes the visibility of a received message', async () => {
    await send('a');
    const { ReceiptHandle } = await receiveOne();
    await hide(ReceiptHandle, 43_200);
    sqs.elapse(43_199);
    expect(await receive()).toEqual([]);
    await hide(ReceiptHandle, 0);
    expect(await receive()).toHaveLength(1);
  });

  test('the depth separates visible from hidden messages', async () => {
    for (const body of ['a', 'b', 'c']) await send(body);
    await receiveOne();
    sqs.elapse(30);
    await receive({ MaxNumberOfMessages: 2 });
    expect(await attributes(sqs.queueUrl)).toEqual({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesDelayed: '0',
      ApproximateNumberOfMessagesNotVisible: '2',
      QueueArn: 'arn:aws:sqs:us-east-1:123456789012:outbox',
      VisibilityTimeout: '30',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:outbox-dead-letters',
        maxReceiveCount: 3,
      }),
    });
    const response = await fetch(`${sqs.url}/simulation/outbox`);
    expect(await response.json()).toEqual({ waiting: 1, hidden: 2, deadLetters: 0 });
  });

  test('a message received too often moves to the dead-letter queue with the same id', async () => {
    const { MessageId } = await send('a');
    for (let receives = 0; receives < 3; receives++) {
      await receiveOne();
      sqs.elapse(30);
    }
    expect(sqs.deadLetters).toEqual([]);
    expect(await receive()).toEqual([]);
    expect(sqs.messages).toEqual([]);
    expect(sqs.deadLetters).toEqual([expect.objectContaining({ messageId: MessageId, body: 'a' })]);
    expect(await receive({ QueueUrl: sqs.deadLetterQueueUrl })).toEqual([
      expect.objectContaining({ MessageId }),
    ]);
    expect(await attributes(sqs.deadLetterQueueUrl)).not.toHaveProperty('RedrivePolicy');
  });

  test('deliverTwice delivers a deleted message once more', async () => {
    await send('a');
    sqs.deliverTwice();
    const first = await receiveOne();
    await remove(first.ReceiptHandle);
    const second = await receiveOne();
    expect(second.MessageId).toBe(first.MessageId);
    await remove(second.ReceiptHandle);
    expect(sqs.messages).toEqual([]);
  });
});

describe('an error response', () => {
  test.each<[string, () => Promise<unknown>, object]>([
    [
      'an unknown queue',
      () => send('a', { QueueUrl: `${sqs.queueUrl}-other` }),
      { name: 'QueueDoesNotExist', Code: 'AWS.SimpleQueueService.NonExistentQueue', Type: 'Sender' },
    ],
    ['a queue that is not a URL', () => send('a', { QueueUrl: 'outbox' }), { name: 'QueueDoesNotExist' }],
    ['an empty message', () => send(''), { Code: 'InvalidParameterValue' }],
    ['a message that is too large', () => send('x'.repeat(1_048_577)), { Code: 'InvalidParameterValue' }],
    ['a delay that is too long', () => send('a', { DelaySeconds: 901 }), { Code: 'InvalidParameterValue' }],
    [
      'an unsupported parameter',
      () => send('a', { MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } }),
      { message: expect.stringContaining('MessageAttributes') },
    ],
    ['more than ten messages', () => receive({ MaxNumberOfMessages: 11 }), { Code: 'InvalidParameterValue' }],
    ['a wait that is too long', () => receive({ WaitTimeSeconds: 21 }), { Code: 'InvalidParameterValue' }],
    ['deleting with an invalid handle', () => remove('other'), { name: 'ReceiptHandleIsInvalid' }],
    [
      'changing the visibility with an invalid handle',
      () => hide('other', 1),
      { name: 'ReceiptHandleIsInvalid' },
    ],
    ['a visibility timeout that is too long', () => hide('other', 43_201), { Code: 'InvalidParameterValue' }],
    ['an unsupported operation', () => client.send(new ListQueuesCommand({})), { Code: 'InvalidAction' }],
  ])('for %s', async (_, ask, error) => {
    await expect(ask()).rejects.toMatchObject(error);
  });

  test('for changing the visibility of a message that is deleted or not in flight', async () => {
    await send('a');
    const { ReceiptHandle } = await receiveOne();
    sqs.elapse(30);
    await expect(hide(ReceiptHandle, 1)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    await remove(ReceiptHandle);
    await expect(hide(ReceiptHandle, 1)).rejects.toMatchObject({
      Code: 'InvalidParameterValue',
      message: expect.stringContaining('does not exist'),
    });
  });

  test('for a request without a signature', async () => {
    const response = await fetch(sqs.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.SendMessage', authorization: 'Bearer something' },
      body: JSON.stringify({ QueueUrl: sqs.queueUrl, MessageBody: 'a' }),
    });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-query-error')).toBe('MissingAuthenticationToken;Sender');
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(sqs.messages).toEqual([]);
  });

  test('for a method other than GET at the depth page', async () => {
    const response = await fetch(`${sqs.url}/simulation/outbox`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
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
