import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { sendJson } from '../../../local/http-server.ts';
import { eventBus, publishedEvents, secretsManager, setAwsEndpoints, useEventBus } from '../emulated-aws.ts';
import { startRecoveryService } from '../recovery-service.ts';
import {
  counted,
  createDeliver,
  deliver,
  message,
  printed,
  QUICK,
  sentAgain,
  tenant,
  useDeliveries,
} from './deliveries.ts';

useEventBus();
useDeliveries();

const BUS = { EVENT_BUS_NAME: 'the-bus', STAGE: 'staging' };
const outcomes = () => publishedEvents().map(({ detail }) => detail.outcome);

describe('the events of deliveries', () => {
  test('have the attempt id and the pseudonym of the message, and how long it waited', async () => {
    const waiting = message({ acceptedAt: Date.now() - 90_000 });
    await deliver(await createDeliver(BUS), [waiting]);
    const { attemptId, mailbox } = waiting;
    expect(eventBus.published).toEqual([
      {
        bus: 'the-bus',
        event: {
          source: 'user-recovery',
          'detail-type': 'Recovery Delivery Attempted',
          detail: {
            version: 1,
            stage: 'staging',
            attemptId,
            mailbox,
            outcome: 'delivered',
            waitedSeconds: expect.any(Number),
          },
        },
      },
    ]);
    expect(Object(publishedEvents()[0]?.detail).waitedSeconds).toBeGreaterThanOrEqual(90);
    // the schema drops what it does not name
    expect(publishedEvents()).toEqual(eventBus.published.map(({ event }) => event));
  });

  test('follow one attempt from the request over the wait to the delivery', async () => {
    const service = await startRecoveryService({
      environment: { ...BUS, OUTBOX_QUEUE_URL: 'http://127.0.0.1:9/1/outbox' },
      timing: { workMs: 300 },
    });
    service.tenant.fault({ kind: '500' });
    await service.recover('jane@example.com');
    await service.close();
    setAwsEndpoints({ SECRETS_MANAGER: secretsManager.url });
    const deliverBatch = await createDeliver(BUS);
    tenant.fault({ kind: 'hang', times: 1 });
    await deliver(deliverBatch, [sentAgain()[0]?.message]);
    await deliver(deliverBatch, [sentAgain()[1]?.message]);

    expect(outcomes()).toEqual(['queued', 'postponed', 'delivered']);
    expect(publishedEvents()[1]?.detail.cause).toBe('upstream-failed');
    const attemptId = sentAgain()[0]?.message.attemptId;
    expect(publishedEvents().map(({ detail }) => detail.attemptId)).toEqual([
      attemptId,
      attemptId,
      attemptId,
    ]);
    expect(new Set(publishedEvents().map(({ detail }) => detail.mailbox)).size).toBe(1);
  });

  test('say what else may become of a request: dropped, unknown, delivered before', async () => {
    const once = message();
    const messages = [
      message({ acceptedAt: Date.now() - 3_600_001 }),
      message({ address: 'nobody@example.com' }),
      once,
      once,
    ];
    await deliver(await createDeliver(BUS), messages);
    expect(outcomes()).toEqual(['dropped', 'not-recoverable', 'delivered', 'duplicate']);
  });

  test('say that a delivery failed unexpectedly, and leave a message out that cannot be read', async () => {
    const mock = mockClient(DynamoDBClient);
    mock.on(UpdateItemCommand).callsFake(() => {
      throw Object.defineProperty(new Error('ours'), 'name', {
        get() {
          throw new TypeError('ours');
        },
      });
    });
    await deliver(await createDeliver(BUS), [message(), 'not json']);
    mock.restore();
    expect(outcomes()).toEqual(['failed']);
  });

  test('have a wait of zero where the clocks of the functions differ', async () => {
    await deliver(await createDeliver(BUS), [message({ acceptedAt: Date.now() + 60_000 })]);
    expect(publishedEvents()[0]?.detail).toMatchObject({ waitedSeconds: 0 });
  });

  test.each(['responds with an error', 'hangs'])(
    'go to the log of the function, with a metric, and keep nothing from being delivered while EventBridge %s',
    async (fault) => {
      eventBus.respondWith(
        fault === 'hangs'
          ? () => new Promise(() => undefined)
          : (_request, response) => sendJson(response, 400, { __type: 'AccessDeniedException' }),
      );
      const deliverBatch = await createDeliver(BUS, { ...QUICK, deliveryEventMs: 50 });
      expect(await deliver(deliverBatch, [message(), message()])).toEqual([]);
      expect(tenant.mails).toHaveLength(2);
      expect(counted('EventFailed')).toEqual([1, 1]);
      expect(printed()).toMatch(/"event not published".*"outcome":"delivered"/);
    },
  );

  test('go to the log of the function without an event bus', async () => {
    await deliver(await createDeliver(), [message()]);
    expect(eventBus.published).toEqual([]);
    expect(printed()).toMatch(/^\{"event":\{"detail-type":"Recovery Delivery Attempted","detail":\{/m);
  });
});
