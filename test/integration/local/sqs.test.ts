import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from '@jest/globals';

import { sqs } from '../emulated-aws.ts';
import { attributes, client, hide, receive, receiveOne, remove, send, useSqsClient } from './sqs-harness.ts';

useSqsClient();

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
