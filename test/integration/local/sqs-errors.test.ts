import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from '@jest/globals';
import type { SqsFault } from '../../../local/emulators/sqs.ts';

import { sqs } from '../emulated-aws.ts';
import { client, hide, receive, receiveOne, remove, send, useSqsClient } from './sqs-harness.ts';

useSqsClient();

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
