import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import {
  counted,
  createDeliver,
  deliver,
  message,
  printed,
  tenant,
  useDeliveries,
  visibilities,
} from './deliveries.ts';

useDeliveries();

describe('a batch from the outbox', () => {
  test.each([['not json'], ['{}'], [{ attemptId: 'x' }], ['null']])(
    'leaves a malformed message (%j) on the queue, visible after a second',
    async (body) => {
      expect(await deliver(await createDeliver(), [body, message()])).toEqual(['message 0']);
      expect(visibilities()).toEqual([1]);
      expect(tenant.mails).toHaveLength(1);
      expect(counted('DeliveryMalformed')).toEqual([1]);
    },
  );

  test('counts a malformed message for the version of the function, by which a release goes', async () => {
    const variables = { STAGE: 'test', AWS_LAMBDA_FUNCTION_VERSION: '3' };
    await deliver(await createDeliver(variables), ['not json']);
    expect(printed()).toMatch(/"stage":"test","version":"3","VersionDeliveryFailures":1/);
  });

  test('leaves a message that fails unexpectedly on the queue, and delivers the others', async () => {
    const mock = mockClient(DynamoDBClient);
    const failing = message();
    mock.on(UpdateItemCommand).resolves({});
    mock.on(UpdateItemCommand, { Key: { mailbox: { S: `delivery ${failing.attemptId}` } } }).callsFake(() => {
      throw Object.defineProperty(new Error('ours'), 'name', {
        get() {
          throw new TypeError('ours');
        },
      });
    });
    expect(await deliver(await createDeliver(), [failing, message()])).toEqual(['message 0']);
    mock.restore();
    expect(counted('DeliveryFailed')).toEqual([1]);
    expect(counted('Delivered')).toEqual([1]);
    expect(printed()).toContain('unexpected error');
  });

  test('is rejected when the event is not an SQS batch', async () => {
    await expect(Reflect.apply(await createDeliver(), undefined, [{ Records: [{}] }, {}])).rejects.toThrow();
  });
});
