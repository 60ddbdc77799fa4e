import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, jest, test } from '@jest/globals';
import { worstCaseMs } from '../../../functions/deliver-outbox/handler.ts';
import {
  counted,
  createDeliver,
  delays,
  deliver,
  message,
  printed,
  QUICK,
  queue,
  sentAgain,
  tenant,
  useDeliveries,
} from './deliveries.ts';

useDeliveries();

describe('a batch from the outbox', () => {
  test('sends a failed message to the queue again as a new message', async () => {
    tenant.fault({ kind: 'hang', times: 1 });
    const failing = message();
    expect(await deliver(await createDeliver(), [failing, message()])).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
    const [again] = sentAgain();
    expect(again?.message).toEqual({ ...failing, postponements: 1, sentAt: expect.any(Number) });
    expect(counted('DeliveryPostponed')).toEqual([1]);
    expect(counted('CauseUpstreamFailed')).toEqual([1]);
  });

  test('delivers a message that failed once when it comes back', async () => {
    const deliverBatch = await createDeliver();
    tenant.fault({ kind: 'hang', times: 1 });
    await deliver(deliverBatch, [message()]);
    expect(await deliver(deliverBatch, [sentAgain()[0]?.message])).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
  });

  test('delays a message longer with each postponement, between one second and the longest delay', async () => {
    const random = jest.spyOn(Math, 'random');
    const deliverBatch = await createDeliver();
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
      await deliver(await createDeliver(), [message()]);
      random.mockRestore();
      expect(delays()).toEqual([waited]);
    },
  );

  test('delays a message no longer than until it is dropped and counted', async () => {
    tenant.fault({ kind: '429', retryAfterSeconds: 999_999 });
    await deliver(await createDeliver(), [message({ acceptedAt: Date.now() - 3_000_000 })]);
    expect(delays()).toEqual([601]);
  });

  test('delays a message that became too old during the attempt by one second', async () => {
    tenant.fault({ kind: 'hang' });
    await deliver(await createDeliver(), [message({ acceptedAt: Date.now() - 3_599_900 })]);
    expect(delays()).toEqual([1]);
  });

  test('delays a message by the backoff when Beyond Identity asks for less', async () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0.999);
    tenant.fault({ kind: '429', retryAfterSeconds: 1 });
    await deliver(await createDeliver(), [message({ postponements: 3 })]);
    random.mockRestore();
    expect(delays()).toEqual([80]);
  });

  test('sends back the messages for which there is no time', async () => {
    const times = [worstCaseMs(QUICK), worstCaseMs(QUICK) - 1];
    const remainingMs = () => times.shift() ?? 0;
    const bodies = [message(), message(), 'not json', message()];
    expect(await deliver(await createDeliver(), bodies, { remainingMs })).toEqual(['message 2']);
    expect(tenant.mails).toHaveLength(1);
    expect(sentAgain().map(({ message: { attemptId } }) => attemptId)).toEqual([
      Object(bodies[1]).attemptId,
      Object(bodies[3]).attemptId,
    ]);
  });

  test('leaves a message on the queue when SQS does not accept it again', async () => {
    queue.on(SendMessageCommand).rejects(new Error('down'));
    tenant.fault({ kind: 'hang' });
    expect(await deliver(await createDeliver(), [message()])).toEqual(['message 0']);
  });

  test('leaves a message on the queue when SQS rejects with a non-Error value', async () => {
    queue.on(SendMessageCommand).callsFake(() => Promise.reject('text'));
    tenant.fault({ kind: 'hang' });
    expect(await deliver(await createDeliver(), [message()])).toEqual(['message 0']);
  });

  test('waits for a hanging SQS only until the timeout', async () => {
    queue.on(SendMessageCommand).callsFake(() => new Promise(() => undefined));
    tenant.fault({ kind: 'hang' });
    expect(await deliver(await createDeliver({}, { ...QUICK, postponeMs: 20 }), [message()])).toEqual([
      'message 0',
    ]);
    expect(printed()).toContain('DeadlineExceeded');
  });
});
