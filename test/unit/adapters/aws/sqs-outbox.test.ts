import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { outboxMessage } from '../../../../functions/adapters/aws/outbox-message.ts';
import { createSqsOutbox } from '../../../../functions/adapters/aws/sqs-outbox.ts';
import type { Deadline } from '../../../../functions/core/deadline.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/1/outbox';
const ATTEMPT = {
  attemptId: '5a1c2b7e-3f04-4c58-9d2a-6f1f0f6f2c11',
  address: 'jane@example.com',
  mailbox: 'pseudonym',
};
const sqs = mockClient(SQSClient);
const failed = jest.fn<(reason: string) => void>();
let deadline: Deadline;

beforeEach(() => {
  sqs.reset();
  failed.mockReset();
  deadline = startDeadline(1000);
});
afterEach(() => deadline.clear());

const put = () =>
  createSqsOutbox({ client: new SQSClient(), queueUrl: QUEUE_URL, failed }).put(ATTEMPT, deadline);

describe('the SQS outbox', () => {
  test('keeps what the queue has acknowledged, under the id of the attempt', async () => {
    sqs.on(SendMessageCommand).resolves({ MessageId: 'm' });
    await expect(put()).resolves.toBe(true);
    const inputs = sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input);
    const messages = inputs.map(({ MessageBody }) => outboxMessage.parse(JSON.parse(MessageBody ?? '')));
    expect(inputs[0]?.QueueUrl).toBe(QUEUE_URL);
    expect(messages[0]).toMatchObject({ ...ATTEMPT, acceptedAt: expect.any(Number) });
  });

  test.each(['RequestThrottled', 'AccessDenied', 'QueueDoesNotExist', 'TimeoutError'])(
    'resolves with false, and reports the error, on %s',
    async (name) => {
      sqs.on(SendMessageCommand).rejects(Object.assign(new Error('jane@example.com'), { name }));
      await expect(put()).resolves.toBe(false);
      expect(failed).toHaveBeenCalledWith(name);
    },
  );

  test('resolves with false when a non-Error value is thrown', async () => {
    sqs.on(SendMessageCommand).callsFake(() => Promise.reject('text'));
    await expect(put()).resolves.toBe(false);
    expect(failed).toHaveBeenCalledWith('string');
  });
});
