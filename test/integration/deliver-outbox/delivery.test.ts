import { describe, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { createDeliveryHandler, worstCaseMs } from '../../../functions/deliver-outbox/handler.ts';
import { TIMEOUTS } from '../../../functions/runtime/timeouts.ts';
import { secretsManager } from '../emulated-aws.ts';
import {
  counted,
  createDeliver,
  deliver,
  ENVIRONMENT,
  message,
  QUICK,
  sentAgain,
  tenant,
  useDeliveries,
} from './deliveries.ts';

useDeliveries();

describe('a batch from the outbox', () => {
  test('is delivered with one email each, and leaves nothing on the queue', async () => {
    expect(
      await deliver(await createDeliver(), [message(), message({ address: 'john@example.com' })]),
    ).toEqual([]);
    expect(tenant.mails.map(({ to }) => to)).toEqual(['jane@example.com', 'john@example.com']);
    expect(counted('Delivered')).toEqual([1, 1]);
    expect(sentAgain()).toEqual([]);
  });

  test('leads to one email for a message that SQS delivers twice', async () => {
    const once = message();
    const deliverBatch = await createDeliver();
    expect(await deliver(deliverBatch, [once])).toEqual([]);
    expect(await deliver(deliverBatch, [once, once])).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
    expect(counted('DeliveryDuplicate')).toEqual([1, 1]);
  });

  test('counts a message that was delivered but not acknowledged as a duplicate, even when it is too old', async () => {
    const late = message({ acceptedAt: Date.now() - 3_590_000 });
    const deliverBatch = await createDeliver();
    expect(await deliver(deliverBatch, [late])).toEqual([]);
    expect(await deliver(deliverBatch, [{ ...late, acceptedAt: Date.now() - 3_700_000 }])).toEqual([]);
    expect(counted('DeliveryDuplicate')).toEqual([1]);
    expect(counted('DeliveryDropped')).toEqual([]);
  });

  test('is not retried for an unknown user', async () => {
    expect(await deliver(await createDeliver(), [message({ address: 'nobody@example.com' })])).toEqual([]);
    expect(counted('DeliveryNotRecoverable')).toEqual([1]);
    expect(sentAgain()).toEqual([]);
  });

  test('finds a user who is known only in lower case', async () => {
    expect(await deliver(await createDeliver(), [message({ address: 'Jane@Example.com' })])).toEqual([]);
    expect(tenant.mails.map(({ to }) => to)).toEqual(['jane@example.com']);
  });

  test('waits for a new API token when the current one is rejected', async () => {
    tenant.rotateToken('new_token');
    const deliverBatch = await createDeliver();
    expect(await deliver(deliverBatch, [message()])).toEqual([]);
    expect(tenant.requests).toHaveLength(1);
    expect(counted('CauseTokenRefused')).toEqual([1]);
    secretsManager.put('the-secret', 'new_token');
    expect(await deliver(deliverBatch, [sentAgain()[0]?.message])).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
  });

  test('reserves the time of the worst case for each delivery', () => {
    const { deliveryRecordMs, deliveryMs, postponeMs, deliveryEventMs, lambdaTimeoutMarginMs } = TIMEOUTS;
    expect(worstCaseMs(TIMEOUTS)).toBe(
      deliveryRecordMs * 2 + deliveryMs + postponeMs * 2 + deliveryEventMs + lambdaTimeoutMarginMs,
    );
    // a crashed delivery is left alone for as long as a live one can take
    expect(TIMEOUTS.deliveryLeaseMs).toBeGreaterThan(worstCaseMs(TIMEOUTS));
  });

  test('does not call Beyond Identity while it fails for every user', async () => {
    tenant.fault({ kind: '500' });
    const timing = { ...QUICK, deliveryMs: 50 };
    const messages = Array.from({ length: 10 }, (_, index) => message({ address: `u${index}@example.com` }));
    const [before, after] = [messages.slice(0, 5), messages.slice(5)];
    const deliverBatch = await createDeliver({}, timing);
    await deliver(deliverBatch, before);
    const calls = tenant.requests.length;
    await deliver(deliverBatch, after);
    expect(tenant.requests).toHaveLength(calls);
    expect(sentAgain()).toHaveLength(10);
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
