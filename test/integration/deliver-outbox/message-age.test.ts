import { describe, expect, test } from '@jest/globals';
import { counted, createDeliver, deliver, message, sentAgain, tenant, useDeliveries } from './deliveries.ts';

useDeliveries();

describe('a batch from the outbox', () => {
  test('drops and counts a request that is too old', async () => {
    const old = { acceptedAt: Date.now() - 3_600_001 };
    expect(await deliver(await createDeliver(), [message(old)])).toEqual([]);
    expect(tenant.requests).toEqual([]);
    expect(counted('DeliveryDropped')).toEqual([1]);
    expect(
      await deliver(await createDeliver({ OUTBOX_MAXIMUM_AGE_SECONDS: '7200' }), [message(old)]),
    ).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
  });

  test('delivers a request that was redriven from the dead-letter queue, at any age', async () => {
    const dayAgo = Date.now() - 24 * 3_600_000;
    const movedBack = message({ acceptedAt: dayAgo, sentAt: dayAgo });
    expect(await deliver(await createDeliver(), [movedBack], { sentAt: Date.now() })).toEqual([]);
    expect(tenant.mails).toHaveLength(1);
  });

  test('measures the age of a redriven request from the redrive', async () => {
    const dayAgo = Date.now() - 24 * 3_600_000;
    tenant.fault({ kind: 'hang' });
    const sentAt = Date.now() - 1_800_000;
    await deliver(await createDeliver(), [message({ acceptedAt: dayAgo, sentAt: dayAgo })], { sentAt });
    expect(sentAgain()[0]?.message.acceptedAt).toBe(sentAt);

    const long = message({ acceptedAt: dayAgo, sentAt: dayAgo });
    await deliver(await createDeliver(), [long], { sentAt: Date.now() - 3_600_001 });
    expect(counted('DeliveryDropped')).toEqual([1]);
  });

  test('does not take a message for redriven when sending took a minute or clocks differ', async () => {
    const sentAt = Date.now() - 3_600_001;
    const old = message({ acceptedAt: sentAt, sentAt });
    await deliver(await createDeliver(), [old], { sentAt: sentAt + 60_000 });
    expect(counted('DeliveryDropped')).toEqual([1]);
  });
});
