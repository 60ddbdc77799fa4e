import { DynamoDBClient, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createDynamoDbDeliveryRecord } from '../../../functions/adapters/aws/dynamodb-delivery-record.ts';
import { ATTEMPTS_TABLE_NAME } from '../../../local/emulators/dynamodb.ts';
import { startHttpServer } from '../../../local/http-server.ts';
import { dynamoDb } from '../emulated-aws.ts';
import { counted, createDeliver, deliver, message, QUICK, tenant, useDeliveries } from './deliveries.ts';

useDeliveries();

describe('the delivery record', () => {
  const failed = jest.fn<(reason: string) => void>();
  beforeEach(() => {
    failed.mockReset();
  });

  function record(now = () => 1000) {
    const client = new DynamoDBClient({ endpoint: dynamoDb.url });
    return createDynamoDbDeliveryRecord({
      client,
      tableName: ATTEMPTS_TABLE_NAME,
      leaseMs: 500,
      timeoutMs: 1000,
      failed,
      now,
    });
  }

  test('allows one claim at a time, until it is released or its lease expires', async () => {
    let now = 1000;
    const deliveries = record(() => now);
    expect(await deliveries.claim('a')).toBe('claimed');
    expect(await deliveries.claim('a')).toBe('busy');
    await deliveries.release('a');
    expect(await deliveries.claim('a')).toBe('claimed');
    now += 499;
    expect(await deliveries.claim('a')).toBe('busy');
    now += 1;
    expect(await deliveries.claim('a')).toBe('claimed');
    await deliveries.complete('a');
    now += 10_000;
    expect(await deliveries.claim('a')).toBe('done');
    expect(failed).not.toHaveBeenCalled();
  });

  test('keeps an entry for a day after its last change', async () => {
    let now = Date.UTC(2026, 10, 22);
    const deliveries = record(() => now);
    await deliveries.claim('expiring');
    now += 1000;
    await deliveries.complete('expiring');
    const client = new DynamoDBClient({ endpoint: dynamoDb.url });
    const { Items } = await client.send(new ScanCommand({ TableName: ATTEMPTS_TABLE_NAME }));
    client.destroy();
    expect(Items?.find(({ mailbox }) => mailbox?.S === 'delivery expiring')).toMatchObject({
      doneAt: { N: `${now}` },
      expiresAt: { N: `${(now + 24 * 3_600_000) / 1000}` },
    });
  });

  test('grants one of many concurrent claims', async () => {
    const deliveries = record();
    const claims = await Promise.all(Array.from({ length: 20 }, () => deliveries.claim('b')));
    expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1);
    expect(claims.filter((claim) => claim === 'busy')).toHaveLength(19);
  });

  test.each(['ThrottlingException', 'AccessDeniedException', 'TimeoutError'])(
    'does not stop a delivery on %s, which a metric counts',
    async (name) => {
      const mock = mockClient(DynamoDBClient);
      mock.on(UpdateItemCommand).rejects(Object.assign(new Error('theirs'), { name }));
      expect(await deliver(await createDeliver(), [message()])).toEqual([]);
      mock.restore();
      expect(tenant.mails).toHaveLength(1);
      expect(counted('RateLimiterFallback')).toEqual([1, 1]);
    },
  );

  test('does not stop a delivery when the table hangs', async () => {
    const silent = await startHttpServer(() => new Promise(() => undefined));
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = silent.url;
    expect(await deliver(await createDeliver({}, { ...QUICK, deliveryRecordMs: 20 }), [message()])).toEqual(
      [],
    );
    expect(tenant.mails).toHaveLength(1);
    await silent.close();
  });

  test('grants a claim when a non-Error value is thrown', async () => {
    const mock = mockClient(DynamoDBClient);
    mock.on(UpdateItemCommand).callsFake(() => Promise.reject('text'));
    expect(await record().claim('c')).toBe('claimed');
    mock.restore();
    expect(failed).toHaveBeenCalledWith('string');
  });
});
