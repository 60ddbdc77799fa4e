import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import validEvent from '../../events/recover-user.json' with { type: 'json' };
import { worstCaseMs } from '../../functions/deliver-outbox/handler.ts';
import { ACCEPTED_BODY, problemDocument } from '../../functions/recover-user/http/contract.ts';
import { TIMEOUTS } from '../../functions/runtime/timeouts.ts';
import type { Instance, Reply } from '../bundles/instance.ts';
import { RESPONSE_TIME_MS } from './world.ts';

/** By how much a busy machine may be late, in milliseconds. Without a deadline, these faults take longer, or forever. */
export const MARGIN_MS = 5_000;
/** How long Lambda lets the delivery function run. */
const DELIVERY_TIMEOUT_MS = 50_000;

const gatewayResult = z.object({ statusCode: z.int(), body: z.string() });
const batchResult = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** Requests a recovery; expects a documented response by its deadline. Resolves with the status and the log. */
export async function request(instance: Instance, address: string) {
  const event = {
    ...validEvent,
    requestContext: { ...validEvent.requestContext, requestId: randomUUID() },
    body: JSON.stringify({ email: address }),
  };
  const reply = await instance.invoke('endpoint', event);
  expectPunctual(reply, RESPONSE_TIME_MS);
  const { statusCode, body } = gatewayResult.parse(reply.result);
  if (statusCode === 202) expect(body).toBe(ACCEPTED_BODY);
  else expect(problemDocument.parse(JSON.parse(body)).status).toBe(statusCode);
  return { status: statusCode, printed: reply.printed };
}

/** Hands a message over, as SQS does; expects it to end by its deadline. Resolves with whether it is done with, and the log. */
export async function deliver(instance: Instance, body: string) {
  const record = {
    messageId: 'the-message',
    receiptHandle: 'the-receipt',
    body,
    attributes: { SentTimestamp: `${Date.now()}` },
  };
  const reply = await instance.invoke('delivery', { Records: [record] }, DELIVERY_TIMEOUT_MS);
  expectPunctual(reply, worstCaseMs(TIMEOUTS));
  const { batchItemFailures }: SQSBatchResponse = batchResult.parse(reply.result);
  return { isDone: batchItemFailures.length === 0, printed: reply.printed };
}

function expectPunctual({ thrown, durationMs, printed }: Reply, deadlineMs: number): void {
  expect(thrown).toBeUndefined();
  expect(durationMs).toBeLessThan(deadlineMs + MARGIN_MS);
  expect(printed).not.toMatch(/unexpected error|@example\.com/);
}

/** Expects that this outcome was counted, once. */
export function expectCounted(printed: string, metric: string): void {
  expect(printed).toMatch(new RegExp(`"${metric}":1[,}]`));
}

/** The message of a request that waits since a moment ago. */
export function messageFor(address: string): string {
  return JSON.stringify({
    attemptId: randomUUID(),
    address,
    mailbox: 'pseudonym',
    acceptedAt: Date.now(),
    sentAt: Date.now(),
    postponements: 0,
  });
}
