import { beforeEach, expect, test } from '@jest/globals';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { createFlowNarration, type FlowNarration } from '../../../local/demo-app/panel/flow-narration.ts';
import { createFlowSteps, type FlowSteps } from '../../../local/demo-app/panel/flow-steps.ts';
import { createV0Recorder } from '../../../local/demo-app/panel/v0-recorder.ts';
import { startGateway } from '../../../local/emulators/gateway.ts';
import { lambdaContext, type ProxyHandler } from '../../../local/emulators/lambda-invocation.ts';

const JANE = 'jane@example.com';
const NOT_CALLED = 'Not called: this mailbox is rate limited';
const CONTEXT: Context = lambdaContext('DeliverOutboxFunction', 60_000);

let steps: FlowSteps;
let narration: FlowNarration;
let record: ReturnType<typeof createV0Recorder>;

beforeEach(() => {
  steps = createFlowSteps();
  narration = createFlowNarration(steps);
  record = createV0Recorder(steps, narration);
});

function details(number: number): string[] {
  return steps.list()[number - 1]?.occurrences.map(({ detail }) => detail) ?? [];
}

/** Sends a request for the address, whose handler does the work and accepts it. */
async function request(email: string, work: () => void | Promise<void>): Promise<void> {
  const handler: ProxyHandler = async () => {
    await work();
    return { statusCode: 202, body: '' };
  };
  const gateway = await startGateway({ handler: narration.wrapRequestHandler(handler) });
  const body = JSON.stringify({ email: ` ${email} ` });
  await fetch(`${gateway.url}/recover-user`, { method: 'POST', body });
  await gateway.close();
}

function message(address: string): string {
  const attemptId = '5f0c5a3e-7f4e-4b0a-9c63-7a3f2b8f6d10';
  return JSON.stringify({
    attemptId,
    address,
    mailbox: 'pseudonym',
    acceptedAt: 0,
    sentAt: 0,
    postponements: 0,
  });
}

function call(externalId: string): void {
  record({ kind: 'called', externalId, fault: undefined });
  record({ kind: 'responded', externalId, status: 200, fault: undefined });
}

/** Delivers a message for the address; the delivery fails when `isFailing`. */
async function deliver(address: string, work: () => void | Promise<void>, isFailing = false): Promise<void> {
  const sqsRecord: SQSRecord = {
    messageId: 'message',
    body: message(address),
    receiptHandle: '',
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  };
  const event: SQSEvent = { Records: [sqsRecord] };
  const handler = narration.wrapQueueHandler(async () => {
    await work();
    return { batchItemFailures: isFailing ? [{ itemIdentifier: 'message' }] : [] };
  });
  await handler(event, CONTEXT);
}

test('records a call and an outbox message for the request with the same address', async () => {
  await request(JANE, () => call(JANE));
  expect(details(3)).toEqual(['Returned 200']);
  await request(JANE, () => narration.onSent(message(JANE)));
  expect(details(3)).toEqual(['The request waits in the outbox']);
});

test.each([
  ['a call for another address', () => call('john@example.com')],
  ['a call without an address', () => record({ kind: 'called', externalId: undefined, fault: undefined })],
  ['a message for another address', () => narration.onSent(message('john@example.com'))],
  ['a message without an address', () => narration.onSent('{}')],
  ['a delivery to another address', () => deliver('john@example.com', () => call('john@example.com'))],
  [
    'a failed delivery to another address',
    () => deliver('john@example.com', () => call('john@example.com'), true),
  ],
])('does not record %s', async (_, work) => {
  await request(JANE, work);
  expect(details(3)).toEqual([NOT_CALLED]);
  expect(details(4)).toEqual(['No email: this mailbox is rate limited']);
  expect(steps.list().slice(2, 4)).toMatchObject([{ state: 'ended' }, { state: 'ended' }]);
});

test('counts the emails of a request, and not those to another address', async () => {
  await request(JANE, () => {
    for (const externalId of [JANE, 'john@example.com', JANE]) record({ kind: 'mailed', externalId });
  });
  expect(details(4)).toEqual(['Sent to the registered address', 'Email 2 of the same request']);
});

test('knows when the latest request for an address before a time arrived', async () => {
  const before = Date.now();
  await request('Jane@Example.com', () => {});
  const arrivedAt = narration.requestedAt(JANE, Date.now()) ?? 0;
  expect(arrivedAt).toBeGreaterThanOrEqual(before);
  expect(narration.requestedAt(JANE, before - 1)).toBeUndefined();
  expect(narration.requestedAt('john@example.com', Date.now())).toBeUndefined();
});

test('records the delivery of an earlier request for the same address without taking it for the call of this one', async () => {
  await request(JANE, () => deliver(JANE, () => call(JANE)));
  expect(details(3)).toEqual(['The outbox retries the request', 'Returned 200', NOT_CALLED]);
});

test('records that the request stays in the outbox when its delivery fails', async () => {
  await request(JANE, () => narration.onSent(message(JANE)));
  await deliver(JANE, () => {}, true);
  expect(details(3).at(-1)).toBe('The request stays in the outbox for the next attempt');
});

test('records nothing more about an earlier request once a later one arrives', async () => {
  await request('john@example.com', () => request(JANE, () => call(JANE)));
  expect(details(2)).toEqual([expect.stringMatching(/^Accepted/)]);
  expect(steps.list()[1]?.occurrences).toHaveLength(1);
  expect(details(3)).toEqual(['Returned 200']);
});
