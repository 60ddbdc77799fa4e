import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { createDynamoDbDeliveryRecord } from '../../functions/deliver-outbox/dynamodb-delivery-record.ts';
import { createDeliveryHandler } from '../../functions/deliver-outbox/handler.ts';
import { TIMING } from '../../functions/recover-user/timing.ts';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../../local/aws/dynamodb.ts';
import { type SecretsManager, startSecretsManager } from '../../local/aws/secrets-manager.ts';
import { type RunningServer, startHttpServer } from '../../local/http-server.ts';
import { startTenant, type Tenant } from '../../local/tenant/tenant.ts';
import { recordOutput } from './recorded-output.ts';
import { API_TOKEN, metricValues } from './recovery-service.ts';

type Deliver = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/1/outbox';
const sqs = mockClient(SQSClient);
let dynamoDb: RunningServer;
let tenant: Tenant;
let secretsManager: SecretsManager;
let output: ReturnType<typeof recordOutput>;

beforeEach(async () => {
  sqs.reset();
  sqs.onAnyCommand().resolves({});
  dynamoDb = await startDynamoDb();
  tenant = await startTenant({ apiToken: API_TOKEN });
  secretsManager = await startSecretsManager();
  secretsManager.put('the-secret', API_TOKEN);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  output = recordOutput();
});
afterEach(async () => {
  output.stop();
  expect(output.printed()).not.toMatch(/jane|example\.com|tok_A1b2C3/);
  await Promise.all([dynamoDb.close(), tenant.close(), secretsManager.close()]);
});

const ENVIRONMENT = {
  API_TOKEN_SECRET_ID: 'the-secret',
  ATTEMPTS_TABLE_NAME,
  OUTBOX_QUEUE_URL: QUEUE_URL,
};
const QUICK = { ...TIMING, firstRetryPauseMs: 1, longestRetryPauseMs: 1, deliveryMs: 250 };

const handler = (environment = {}, timing = QUICK): Promise<Deliver> =>
  createDeliveryHandler({ ...ENVIRONMENT, BEYOND_IDENTITY_API_URL: tenant.url, ...environment }, timing);

let attempts = 0;
function message(replaced: object = {}) {
  attempts += 1;
  const attemptId = `00000000-0000-4000-8000-${String(attempts).padStart(12, '0')}`;
  return {
    attemptId,
    address: 'jane@example.com',
    mailbox: 'pseudonym',
    acceptedAt: Date.now(),
    ...replaced,
  };
}

/** Invokes with these bodies, received so many times, and so much time left; names the messages that stay. */
async function deliver(
  deliverBatch: Deliver,
  bodies: unknown[],
  { receives = 1, remainingMs = 60_000 } = {},
) {
  const event = {
    Records: bodies.map((body, index) => ({
      messageId: `message ${index}`,
      receiptHandle: `receipt ${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: { ApproximateReceiveCount: `${receives}` },
    })),
  };
  const context = { getRemainingTimeInMillis: () => remainingMs };
  const response: SQSBatchResponse = await Reflect.apply(deliverBatch, undefined, [event, context]);
  return response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

const visibilities = () =>
  sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input.VisibilityTimeout);

describe('a batch from the outbox', () => {
  test('is delivered, one mail each, and nothing stays', async () => {
    expect(await deliver(await handler(), [message(), message({ address: 'john@example.com' })])).toEqual([]);
    expect(tenant.mails.map(({ to }) => to)).toEqual(['jane@example.com', 'john@example.com']);
    expect(metricValues(output.printed(), 'Delivered')).toEqual([1, 1]);
  });

  test('a message handed over twice is mailed once', async () => {
    const once = message();
    const deliverBatch = await handler();
    expect(await deliver(deliverBatch, [once])).toEqual([]);
    expect(await deliver(deliverBatch, [once, once])).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
    expect(metricValues(output.printed(), 'DeliveryDuplicate')).toEqual([1, 1]);
  });

  test('an unknown user is not tried again', async () => {
    expect(await deliver(await handler(), [message({ address: 'nobody@example.com' })])).toEqual([]);
    expect(metricValues(output.printed(), 'DeliveryNotRecoverable')).toEqual([1]);
  });

  test('only what failed stays', async () => {
    tenant.fault({ kind: 'hang', times: 1 });
    expect(await deliver(await handler(), [message(), message()])).toEqual(['message 0']);
    expect(tenant.mails).toHaveLength(1);
  });

  test('what failed is delivered when it comes back', async () => {
    const late = message();
    const deliverBatch = await handler();
    tenant.fault({ kind: 'hang', times: 1 });
    await deliver(deliverBatch, [late]);
    expect(await deliver(deliverBatch, [late], { receives: 2 })).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
  });

  test('waits longer each time, up to a bound, and never less than a second', async () => {
    const random = jest.spyOn(Math, 'random');
    const deliverBatch = await handler();
    tenant.fault({ kind: 'hang' });
    for (const [share, receives] of [
      [0.999, 1],
      [0.999, 2],
      [0.999, 3],
      [0.999, 30],
      [0, 5],
    ] as const) {
      random.mockReturnValue(share);
      await deliver(deliverBatch, [message()], { receives });
    }
    random.mockRestore();
    expect(visibilities()).toEqual([10, 20, 40, 300, 1]);
  });

  test('waits as long as Beyond Identity asks', async () => {
    tenant.fault({ kind: '429', retryAfterSeconds: 1200 });
    expect(await deliver(await handler(), [message()])).toEqual(['message 0']);
    expect(visibilities()).toEqual([1200]);
  });

  test('is back in time to be dropped and counted, however long Beyond Identity asks to wait', async () => {
    tenant.fault({ kind: '429', retryAfterSeconds: 999_999 });
    await deliver(await handler(), [message({ acceptedAt: Date.now() - 3_000_000 })]);
    expect(visibilities()).toEqual([601]);
  });

  test('is not received every second where that is what Beyond Identity asks', async () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0.999);
    tenant.fault({ kind: '429', retryAfterSeconds: 1 });
    await deliver(await handler(), [message()], { receives: 4 });
    random.mockRestore();
    expect(visibilities()).toEqual([80]);
  });

  test('a refused token burns no message: they wait for the new one', async () => {
    tenant.rotateToken('new_token');
    const waiting = message();
    const deliverBatch = await handler();
    expect(await deliver(deliverBatch, [waiting])).toEqual(['message 0']);
    expect(metricValues(output.printed(), 'TokenRefused')).toEqual([1]);
    secretsManager.put('the-secret', 'new_token');
    expect(await deliver(deliverBatch, [waiting], { receives: 2 })).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
  });

  test('too old a request is dropped and counted', async () => {
    const old = message({ acceptedAt: Date.now() - 3_600_001 });
    expect(await deliver(await handler(), [old])).toEqual([]);
    expect(tenant.requests).toEqual([]);
    expect(metricValues(output.printed(), 'DeliveryDropped')).toEqual([1]);
    expect(await deliver(await handler({ OUTBOX_MAXIMUM_AGE_SECONDS: '7200' }), [old])).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
  });

  test.each([['not json'], ['{}'], [{ attemptId: 'x' }], ['null']])(
    '%j is on its way to the dead-letter queue',
    async (body) => {
      expect(await deliver(await handler(), [body, message()])).toEqual(['message 0']);
      expect(visibilities()).toEqual([1]);
      expect(tenant.mails).toHaveLength(1);
      expect(metricValues(output.printed(), 'DeliveryMalformed')).toEqual([1]);
    },
  );

  test('what there is no time for comes back at once', async () => {
    expect(await deliver(await handler(), [message()], { remainingMs: 300 })).toEqual(['message 0']);
    expect(visibilities()).toEqual([1]);
    expect(tenant.requests).toEqual([]);
  });

  test('a Beyond Identity that fails throughout is left alone', async () => {
    tenant.fault({ kind: '500' });
    const timing = { ...QUICK, deliveryMs: 50 };
    const messages = Array.from({ length: 10 }, () => message());
    const [before, after] = [messages.slice(0, 5), messages.slice(5)];
    const deliverBatch = await handler({}, timing);
    expect(await deliver(deliverBatch, before)).toHaveLength(5);
    const calls = tenant.requests.length;
    expect(await deliver(deliverBatch, after)).toHaveLength(5);
    expect(tenant.requests).toHaveLength(calls);
  });

  test('SQS refuses the pause: the message stays all the same', async () => {
    sqs.on(ChangeMessageVisibilityCommand).rejects(new Error('down'));
    tenant.fault({ kind: 'hang' });
    expect(await deliver(await handler(), [message()])).toEqual(['message 0']);
  });

  test('what grew too old while it was tried is back in a second, to be dropped', async () => {
    tenant.fault({ kind: 'hang' });
    await deliver(await handler(), [message({ acceptedAt: Date.now() - 3_599_900 })]);
    expect(visibilities()).toEqual([1]);
  });

  test('what is no batch of SQS is refused', async () => {
    await expect(Reflect.apply(await handler(), undefined, [{ Records: [{}] }, {}])).rejects.toThrow();
  });
});

describe('the record of deliveries', () => {
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
      failed,
      now,
    });
  }

  test('lets one take an attempt on, and the next when it was released, or the lease is over', async () => {
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
    await deliveries.delivered('a');
    now += 10_000;
    expect(await deliveries.claim('a')).toBe('delivered');
    expect(failed).not.toHaveBeenCalled();
  });

  test('of many at once, one takes it on', async () => {
    const deliveries = record();
    const claims = await Promise.all(Array.from({ length: 20 }, () => deliveries.claim('b')));
    expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1);
    expect(claims.filter((claim) => claim === 'busy')).toHaveLength(19);
  });

  test.each(['ThrottlingException', 'AccessDeniedException', 'TimeoutError'])(
    '%s: the delivery goes on without it, and a metric tells',
    async (name) => {
      const mock = mockClient(DynamoDBClient);
      mock.on(UpdateItemCommand).rejects(Object.assign(new Error('theirs'), { name }));
      expect(await deliver(await handler(), [message()])).toEqual([]);
      mock.restore();
      expect(tenant.mails).toHaveLength(1);
      expect(metricValues(output.printed(), 'LedgerFallback')).toEqual([1, 1]);
    },
  );

  test('a table that hangs: the delivery goes on without it', async () => {
    const silent = await startHttpServer(() => new Promise(() => undefined));
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = silent.url;
    expect(await deliver(await handler({}, { ...QUICK, awsAnswerMs: 20 }), [message()])).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
    await silent.close();
  });

  test('what is thrown is no error: the delivery goes on', async () => {
    const mock = mockClient(DynamoDBClient);
    mock.on(UpdateItemCommand).callsFake(() => Promise.reject('text'));
    expect(await record().claim('c')).toBe('claimed');
    mock.restore();
    expect(failed).toHaveBeenCalledWith('string');
  });
});

test('the entry starts with the settings of its environment, or not at all', async () => {
  Object.assign(process.env, { ...ENVIRONMENT, BEYOND_IDENTITY_API_URL: tenant.url });
  const entry = await import('../../functions/deliver-outbox/index.ts');
  expect(await deliver(entry.handler, [message()])).toEqual([]);
  await expect(createDeliveryHandler({})).rejects.toThrow('API_TOKEN_SECRET_ID is not set');
});
