import { DynamoDBClient, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { createDynamoDbDeliveryRecord } from '../../../functions/adapters/aws/dynamodb-delivery-record.ts';
import { outboxMessage } from '../../../functions/adapters/aws/outbox-message.ts';
import { createDeliveryHandler, worstCaseMs } from '../../../functions/deliver-outbox/handler.ts';
import { TIMEOUTS } from '../../../functions/runtime/timeouts.ts';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../../../local/emulators/dynamodb.ts';
import { type SecretsManager, startSecretsManager } from '../../../local/emulators/secrets-manager.ts';
import { type RunningServer, startHttpServer } from '../../../local/http-server.ts';
import { startTenant, type Tenant } from '../../../local/tenant/tenant.ts';
import { recordOutput } from '../recorded-output.ts';
import { API_TOKEN, metricValues } from '../recovery-service.ts';

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
const QUICK = {
  ...TIMEOUTS,
  firstRetryPauseMs: 1,
  longestRetryPauseMs: 1,
  shortestCallMs: 0,
  deliveryMs: 250,
};

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
    sentAt: Date.now(),
    postponements: 0,
    ...replaced,
  };
}

/** Invokes with these bodies, sent then, and so much time left; names the messages that stay. */
async function deliver(
  deliverBatch: Deliver,
  bodies: unknown[],
  { sentAt = Date.now(), remainingMs = (): number => 60_000 } = {},
) {
  const event = {
    Records: bodies.map((body, index) => ({
      messageId: `message ${index}`,
      receiptHandle: `receipt ${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: { SentTimestamp: `${sentAt}` },
    })),
  };
  const context = { getRemainingTimeInMillis: remainingMs };
  const response: SQSBatchResponse = await Reflect.apply(deliverBatch, undefined, [event, context]);
  return response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

const visibilities = () =>
  sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args }) => args[0].input.VisibilityTimeout);

/** What was sent to the queue again, and for how many seconds it is out of sight. */
const sentAgain = () =>
  sqs.commandCalls(SendMessageCommand).map(({ args: [{ input }] }) => ({
    delaySeconds: input.DelaySeconds,
    message: outboxMessage.parse(JSON.parse(input.MessageBody ?? '')),
  }));
const delays = () => sentAgain().map(({ delaySeconds }) => delaySeconds);

describe('a batch from the outbox', () => {
  test('is delivered with one email each, and leaves nothing on the queue', async () => {
    expect(await deliver(await handler(), [message(), message({ address: 'john@example.com' })])).toEqual([]);
    expect(tenant.mails.map(({ to }) => to)).toEqual(['jane@example.com', 'john@example.com']);
    expect(metricValues(output.printed(), 'Delivered')).toEqual([1, 1]);
    expect(sentAgain()).toEqual([]);
  });

  test('leads to one email for a message that SQS delivers twice', async () => {
    const once = message();
    const deliverBatch = await handler();
    expect(await deliver(deliverBatch, [once])).toEqual([]);
    expect(await deliver(deliverBatch, [once, once])).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
    expect(metricValues(output.printed(), 'DeliveryDuplicate')).toEqual([1, 1]);
  });

  test('counts a message that was delivered but not acknowledged as a duplicate, even when it is too old', async () => {
    const late = message({ acceptedAt: Date.now() - 3_590_000 });
    const deliverBatch = await handler();
    expect(await deliver(deliverBatch, [late])).toEqual([]);
    expect(await deliver(deliverBatch, [{ ...late, acceptedAt: Date.now() - 3_700_000 }])).toEqual([]);
    expect(metricValues(output.printed(), 'DeliveryDuplicate')).toEqual([1]);
    expect(metricValues(output.printed(), 'DeliveryDropped')).toEqual([]);
  });

  test('is not retried for an unknown user', async () => {
    expect(await deliver(await handler(), [message({ address: 'nobody@example.com' })])).toEqual([]);
    expect(metricValues(output.printed(), 'DeliveryNotRecoverable')).toEqual([1]);
    expect(sentAgain()).toEqual([]);
  });

  test('finds a user who is known only in lower case', async () => {
    expect(await deliver(await handler(), [message({ address: 'Jane@Example.com' })])).toEqual([]);
    expect(tenant.mails.map(({ to }) => to)).toEqual(['jane@example.com']);
  });

  test('sends a failed message to the queue again as a new message', async () => {
    tenant.fault({ kind: 'hang', times: 1 });
    const failing = message();
    expect(await deliver(await handler(), [failing, message()])).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
    const [again] = sentAgain();
    expect(again?.message).toEqual({ ...failing, postponements: 1, sentAt: expect.any(Number) });
    expect(metricValues(output.printed(), 'DeliveryPostponed')).toEqual([1]);
    expect(metricValues(output.printed(), 'CauseUpstreamFailed')).toEqual([1]);
  });

  test('delivers a message that failed once when it comes back', async () => {
    const deliverBatch = await handler();
    tenant.fault({ kind: 'hang', times: 1 });
    await deliver(deliverBatch, [message()]);
    expect(await deliver(deliverBatch, [sentAgain()[0]?.message])).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
  });

  test('delays a message longer with each postponement, between one second and the longest delay', async () => {
    const random = jest.spyOn(Math, 'random');
    const deliverBatch = await handler();
    tenant.fault({ kind: 'hang' });
    for (const [share, postponements] of [
      [0.999, 0],
      [0.999, 1],
      [0.999, 2],
      [0.999, 30],
      [0, 4],
    ] as const) {
      random.mockReturnValue(share);
      await deliver(deliverBatch, [message({ postponements })]);
    }
    random.mockRestore();
    expect(delays()).toEqual([10, 20, 40, 300, 1]);
  });

  test.each([
    [300, 300],
    [1200, 900],
  ])(
    'delays a message that Beyond Identity asks to delay by %i s by %i s, at most the 15 minutes of SQS',
    async (asked, waited) => {
      const random = jest.spyOn(Math, 'random').mockReturnValue(0);
      tenant.fault({ kind: '429', retryAfterSeconds: asked });
      await deliver(await handler(), [message()]);
      random.mockRestore();
      expect(delays()).toEqual([waited]);
    },
  );

  test('delays a message no longer than until it is dropped and counted', async () => {
    tenant.fault({ kind: '429', retryAfterSeconds: 999_999 });
    await deliver(await handler(), [message({ acceptedAt: Date.now() - 3_000_000 })]);
    expect(delays()).toEqual([601]);
  });

  test('delays a message that became too old during the attempt by one second', async () => {
    tenant.fault({ kind: 'hang' });
    await deliver(await handler(), [message({ acceptedAt: Date.now() - 3_599_900 })]);
    expect(delays()).toEqual([1]);
  });

  test('delays a message by the backoff when Beyond Identity asks for less', async () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0.999);
    tenant.fault({ kind: '429', retryAfterSeconds: 1 });
    await deliver(await handler(), [message({ postponements: 3 })]);
    random.mockRestore();
    expect(delays()).toEqual([80]);
  });

  test('waits for a new API token when the current one is rejected', async () => {
    tenant.rotateToken('new_token');
    const deliverBatch = await handler();
    expect(await deliver(deliverBatch, [message()])).toEqual([]);
    expect(tenant.requests).toHaveLength(1);
    expect(metricValues(output.printed(), 'CauseTokenRefused')).toEqual([1]);
    secretsManager.put('the-secret', 'new_token');
    expect(await deliver(deliverBatch, [sentAgain()[0]?.message])).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
  });

  test('drops and counts a request that is too old', async () => {
    const old = { acceptedAt: Date.now() - 3_600_001 };
    expect(await deliver(await handler(), [message(old)])).toEqual([]);
    expect(tenant.requests).toEqual([]);
    expect(metricValues(output.printed(), 'DeliveryDropped')).toEqual([1]);
    expect(await deliver(await handler({ OUTBOX_MAXIMUM_AGE_SECONDS: '7200' }), [message(old)])).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
  });

  test('delivers a request that was redriven from the dead-letter queue, at any age', async () => {
    const dayAgo = Date.now() - 24 * 3_600_000;
    const movedBack = message({ acceptedAt: dayAgo, sentAt: dayAgo });
    expect(await deliver(await handler(), [movedBack], { sentAt: Date.now() })).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
  });

  test('measures the age of a redriven request from the redrive', async () => {
    const dayAgo = Date.now() - 24 * 3_600_000;
    tenant.fault({ kind: 'hang' });
    const sentAt = Date.now() - 1_800_000;
    await deliver(await handler(), [message({ acceptedAt: dayAgo, sentAt: dayAgo })], { sentAt });
    expect(sentAgain()[0]?.message.acceptedAt).toBe(sentAt);

    const long = message({ acceptedAt: dayAgo, sentAt: dayAgo });
    await deliver(await handler(), [long], { sentAt: Date.now() - 3_600_001 });
    expect(metricValues(output.printed(), 'DeliveryDropped')).toEqual([1]);
  });

  test('does not take a message for redriven when sending took a minute or clocks differ', async () => {
    const sentAt = Date.now() - 3_600_001;
    const old = message({ acceptedAt: sentAt, sentAt });
    await deliver(await handler(), [old], { sentAt: sentAt + 60_000 });
    expect(metricValues(output.printed(), 'DeliveryDropped')).toEqual([1]);
  });

  test.each([['not json'], ['{}'], [{ attemptId: 'x' }], ['null']])(
    'leaves a malformed message (%j) on the queue, visible after a second',
    async (body) => {
      expect(await deliver(await handler(), [body, message()])).toEqual(['message 0']);
      expect(visibilities()).toEqual([1]);
      expect(tenant.mails).toHaveLength(1);
      expect(metricValues(output.printed(), 'DeliveryMalformed')).toEqual([1]);
    },
  );

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
    expect(await deliver(await handler(), [failing, message()])).toEqual(['message 0']);
    mock.restore();
    expect(metricValues(output.printed(), 'DeliveryFailed')).toEqual([1]);
    expect(metricValues(output.printed(), 'Delivered')).toEqual([1]);
    expect(output.printed()).toContain('unexpected error');
  });

  test('reserves the time of the worst case for each delivery', () => {
    const { deliveryRecordMs, deliveryMs, postponeMs, lambdaTimeoutMarginMs } = TIMEOUTS;
    expect(worstCaseMs(TIMEOUTS)).toBe(
      deliveryRecordMs * 2 + deliveryMs + postponeMs * 2 + lambdaTimeoutMarginMs,
    );
    // a crashed delivery is left alone for as long as a live one can take
    expect(TIMEOUTS.deliveryLeaseMs).toBeGreaterThan(worstCaseMs(TIMEOUTS));
  });

  test('sends back the messages for which there is no time', async () => {
    const times = [worstCaseMs(QUICK), worstCaseMs(QUICK) - 1];
    const remainingMs = () => times.shift() ?? 0;
    const bodies = [message(), message(), 'not json', message()];
    expect(await deliver(await handler(), bodies, { remainingMs })).toEqual(['message 2']);
    expect(tenant.mails).toHaveLength(1);
    expect(sentAgain().map(({ message: { attemptId } }) => attemptId)).toEqual([
      Object(bodies[1]).attemptId,
      Object(bodies[3]).attemptId,
    ]);
  });

  test('does not call Beyond Identity while it fails for every user', async () => {
    tenant.fault({ kind: '500' });
    const timing = { ...QUICK, deliveryMs: 50 };
    const messages = Array.from({ length: 10 }, (_, index) => message({ address: `u${index}@example.com` }));
    const [before, after] = [messages.slice(0, 5), messages.slice(5)];
    const deliverBatch = await handler({}, timing);
    await deliver(deliverBatch, before);
    const calls = tenant.requests.length;
    await deliver(deliverBatch, after);
    expect(tenant.requests).toHaveLength(calls);
    expect(sentAgain()).toHaveLength(10);
  });

  test('leaves a message on the queue when SQS does not accept it again', async () => {
    sqs.on(SendMessageCommand).rejects(new Error('down'));
    tenant.fault({ kind: 'hang' });
    expect(await deliver(await handler(), [message()])).toEqual(['message 0']);
  });

  test('leaves a message on the queue when SQS rejects with a non-Error value', async () => {
    sqs.on(SendMessageCommand).callsFake(() => Promise.reject('text'));
    tenant.fault({ kind: 'hang' });
    expect(await deliver(await handler(), [message()])).toEqual(['message 0']);
  });

  test('waits for a hanging SQS only until the timeout', async () => {
    sqs.on(SendMessageCommand).callsFake(() => new Promise(() => undefined));
    tenant.fault({ kind: 'hang' });
    expect(await deliver(await handler({}, { ...QUICK, postponeMs: 20 }), [message()])).toEqual([
      'message 0',
    ]);
    expect(output.printed()).toContain('DeadlineExceeded');
  });

  test('is rejected when the event is not an SQS batch', async () => {
    await expect(Reflect.apply(await handler(), undefined, [{ Records: [{}] }, {}])).rejects.toThrow();
  });
});

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
      expect(await deliver(await handler(), [message()])).toEqual([]);
      mock.restore();
      expect(tenant.mails).toHaveLength(1);
      expect(metricValues(output.printed(), 'RateLimiterFallback')).toEqual([1, 1]);
    },
  );

  test('does not stop a delivery when the table hangs', async () => {
    const silent = await startHttpServer(() => new Promise(() => undefined));
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = silent.url;
    expect(await deliver(await handler({}, { ...QUICK, deliveryRecordMs: 20 }), [message()])).toEqual([]);
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

test('the Lambda entry of the delivery reads its environment, and rejects an invalid one', async () => {
  Object.assign(process.env, { ...ENVIRONMENT, BEYOND_IDENTITY_API_URL: tenant.url });
  const entry = await import('../../../functions/deliver-outbox/index.ts');
  expect(await deliver(entry.handler, [message()])).toEqual([]);
  const context: Context = Object({});
  await expect(entry.handler({ kind: 'self-test' }, context)).resolves.toMatchObject({ status: 'ok' });
  await expect(createDeliveryHandler({})).rejects.toThrow('API_TOKEN_SECRET_ID is not set');
});
