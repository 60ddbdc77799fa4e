import { afterEach, expect } from '@jest/globals';
import { outboxMessage } from '../../../functions/adapters/aws/outbox-message.ts';
import { ACCEPTED_BODY } from '../../../functions/recover-user/http/contract.ts';
import type { V1Tenant } from '../../../local/tenant/v1/options.ts';
import { sqs, useSqs } from '../emulated-aws.ts';
import { metricValues, type RecoveryService, startV1RecoveryService } from '../recovery-service.ts';

/** The service of the current test, after `start`. */
export let service: RecoveryService<V1Tenant>;

/** Runs an outbox for each test of the file, and closes the service that the test started. */
export function useV1Service(): void {
  afterEach(() => service.close());
  useSqs();
}

/** Starts the service with an outbox in front of a v1 tenant. */
export async function start(options: Parameters<typeof startV1RecoveryService>[0] = {}) {
  service = await startV1RecoveryService({
    ...options,
    environment: { OUTBOX_QUEUE_URL: sqs.queueUrl, ...options.environment },
    timing: { workMs: 1000, ...options.timing },
  });
}

/** Requests recovery, and expects the usual response. */
export async function expectAccepted(email: string) {
  const response = await service.recover(email);
  expect(response.status).toBe(202);
  expect(await response.text()).toBe(ACCEPTED_BODY);
}

/** The addresses that wait in the outbox. */
export const waiting = () => sqs.messages.map(({ body }) => outboxMessage.parse(JSON.parse(body)).address);

/** The operations of the calls that the tenant received. */
export const operations = () => service.tenant.requests.map(({ operation }) => operation);

/** How many values of a metric were sent. */
export const counted = (metric: string) => metricValues(service.printed(), metric).length;
