import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { SQSBatchResponse } from 'aws-lambda';
import { createDeliveryHandler } from '../../../functions/deliver-outbox/handler.ts';
import { TIMEOUTS } from '../../../functions/runtime/timeouts.ts';
import { ATTEMPTS_TABLE_NAME } from '../../../local/emulators/dynamodb.ts';
import type { FaultSwitch } from '../../../local/fault-switch.ts';
import type { V1TenantFault } from '../../../local/tenant/v1/fault.ts';
import type { V1Tenant, V1TenantOptions } from '../../../local/tenant/v1/options.ts';
import { v1Environment } from '../../../local/tenant/v1/tenant-variables.ts';
import { sqs, useDynamoDb, useSqs } from '../emulated-aws.ts';
import { metricValues, type RecoveryService, startV1RecoveryService } from '../recovery-service.ts';

const QUICK = {
  ...TIMEOUTS,
  firstRetryPauseMs: 1,
  longestRetryPauseMs: 1,
  shortestCallMs: 1,
  deliveryMs: 500,
};
let service: RecoveryService<V1Tenant>;

afterEach(() => service.close());
useSqs();
useDynamoDb();

/** The endpoint in front of a v1 tenant, with an outbox; its work ends at 300 ms. */
async function start(tenant: V1TenantOptions = {}) {
  service = await startV1RecoveryService({
    tenant,
    environment: { OUTBOX_QUEUE_URL: sqs.queueUrl },
    timing: { workMs: 300 },
  });
}

/** Faults of a tenant that creates the first job, loses its response, and is down from then on. */
function downAfterLostJob(): FaultSwitch<V1TenantFault> {
  let calls: number | undefined = 0;
  return {
    current: undefined,
    set: () => undefined,
    heal: () => {
      calls = undefined;
    },
    next: () => {
      if (calls === undefined) return undefined;
      calls += 1;
      // token, identities, jobs
      if (calls < 3) return undefined;
      return { kind: calls === 3 ? 'lost-response' : '500' };
    },
  };
}

/** Delivers every waiting message; returns the number of failed items. */
async function deliverAll(): Promise<number> {
  const deliver = await createDeliveryHandler(
    {
      API_TOKEN_SECRET_ID: 'the-secret',
      ATTEMPTS_TABLE_NAME,
      OUTBOX_QUEUE_URL: sqs.queueUrl,
      ...v1Environment(service.tenant),
    },
    QUICK,
  );
  const event = {
    Records: sqs.messages.map(({ body }, index) => ({
      messageId: `${index}`,
      receiptHandle: `${index}`,
      body,
      attributes: { SentTimestamp: `${Date.now()}` },
    })),
  };
  const context = { getRemainingTimeInMillis: () => 60_000 };
  const response: SQSBatchResponse = await Reflect.apply(deliver, undefined, [event, context]);
  return response.batchItemFailures.length;
}

describe('the delivery function on the v1 platform', () => {
  test('sends the emails of requests that waited during an outage', async () => {
    await start();
    service.tenant.fault({ kind: '500' });
    await service.recover('jane@example.com');
    service.tenant.heal();
    expect(await deliverAll()).toBe(0);
    expect(service.tenant.mails).toHaveLength(1);
  });

  test('sends no second email after the endpoint lost the response to a job', async () => {
    const faults = downAfterLostJob();
    await start({ faults });
    await service.recover('jane@example.com');
    expect(service.tenant.mails).toHaveLength(1);
    expect(sqs.messages).toHaveLength(1);
    faults.heal();
    expect(await deliverAll()).toBe(0);
    expect(service.tenant.mails).toHaveLength(1);
    expect(metricValues(service.printed(), 'Delivered')).toEqual([1]);
  });

  test('sends a second email when the token may not read jobs, as on v0', async () => {
    const faults = downAfterLostJob();
    await start({ faults, scopes: ['identities:read', 'credential-binding-jobs:create'] });
    await service.recover('jane@example.com');
    faults.heal();
    expect(await deliverAll()).toBe(0);
    expect(service.tenant.mails).toHaveLength(2);
  });

  test('does not retry for users who cannot be recovered', async () => {
    await start();
    service.tenant.fault({ kind: '500' });
    for (const user of ['nobody', 'sam', 'noah']) await service.recover(`${user}@example.com`);
    service.tenant.heal();
    expect(await deliverAll()).toBe(0);
    expect(service.tenant.mails).toEqual([]);
    expect(metricValues(service.printed(), 'DeliveryNotRecoverable')).toEqual([1, 1, 1]);
  });

  test('deletes the message of a self-test', async () => {
    await start();
    const before = sqs.messages.length;
    const MessageBody = '{"kind":"self-test"}';
    await new SQSClient().send(new SendMessageCommand({ QueueUrl: sqs.queueUrl, MessageBody }));
    expect(sqs.messages).toHaveLength(before + 1);
    expect(await deliverAll()).toBe(0);
    expect(metricValues(service.printed(), 'DeliveryMalformed')).toEqual([]);
  });
});
