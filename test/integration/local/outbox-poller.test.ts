import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import {
  type OutboxPoller,
  type OutboxPollerOptions,
  startOutboxPoller,
} from '../../../local/emulators/outbox-poller.ts';
import { sqs, useSqs } from '../emulated-aws.ts';
import { elapse } from './elapse.ts';

interface Invocation {
  readonly event: SQSEvent;
  readonly context: Context;
  /** Ends the invocation. */
  complete(response: SQSBatchResponse): void;
  fail(error: Error): void;
}

let client: SQSClient;
let poller: OutboxPoller | undefined;
let invocations: Invocation[];
let failures: unknown[];
/** Resolvers waiting for the next change of the above. */
let waiting: (() => void)[];

afterEach(async () => {
  await poller?.close();
  client.destroy();
});
useSqs();
beforeEach(() => {
  client = new SQSClient();
  invocations = [];
  failures = [];
  waiting = [];
});

async function send(...bodies: string[]): Promise<void> {
  for (const MessageBody of bodies) {
    await client.send(new SendMessageCommand({ QueueUrl: sqs.queueUrl, MessageBody }));
  }
}

function start(options: Partial<OutboxPollerOptions> = {}): void {
  poller = startOutboxPoller({
    queueUrl: sqs.queueUrl,
    pauseMs: 1,
    handler: (event, context) => {
      const { promise, resolve, reject } = Promise.withResolvers<SQSBatchResponse>();
      invocations.push({ event, context, complete: resolve, fail: reject });
      changed();
      return promise;
    },
    onFailure: (error) => {
      failures.push(error);
      changed();
    },
    ...options,
  });
}

function changed(): void {
  for (const resolve of waiting.splice(0)) resolve();
}

/** The invocation with this number, from 0, as soon as there is one. */
async function invocation(number: number): Promise<Invocation> {
  for (;;) {
    const found = invocations[number];
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
}

async function failure(): Promise<unknown> {
  while (failures.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
  return failures[0];
}

/** Waits until the condition holds. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await fetch(`${sqs.url}/simulation/outbox`);
}

const polls = () => sqs.requests.filter(({ operation }) => operation === 'ReceiveMessage').length;

const bodies = ({ event }: Invocation) => event.Records.map(({ body }) => body);

describe('an invocation', () => {
  test('receives the event and the context that Lambda creates', async () => {
    await send('a');
    start({ timeoutMs: 5000 });
    const { event, context, complete } = await invocation(0);
    const [message] = sqs.messages;
    expect(event).toEqual({
      Records: [
        {
          messageId: message?.messageId,
          receiptHandle: expect.any(String),
          body: 'a',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          },
          messageAttributes: {},
          md5OfBody: '0cc175b9c0f1b6a831c399e269772661',
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:outbox',
          awsRegion: 'us-east-1',
        },
      ],
    });
    expect(context.getRemainingTimeInMillis()).toBeLessThanOrEqual(5000);
    complete({ batchItemFailures: [] });
    await until(() => sqs.messages.length === 0);
  });

  test('receives up to ten messages, and does not exceed the concurrency limit', async () => {
    await send(...'abcdefghijklm');
    start({ concurrency: 1 });
    const first = await invocation(0);
    expect(bodies(first)).toEqual([...'abcdefghij']);
    expect(invocations).toHaveLength(1);
    first.complete({ batchItemFailures: [] });
    const second = await invocation(1);
    expect(bodies(second)).toEqual([...'klm']);
  });

  test('runs concurrently up to the limit', async () => {
    await send('a', 'b', 'c');
    start({ concurrency: 2, batchSize: 1 });
    const first = await invocation(0);
    const second = await invocation(1);
    expect([first, second].flatMap(bodies).toSorted()).toEqual(['a', 'b']);
    expect(invocations).toHaveLength(2);
    first.complete({ batchItemFailures: [] });
    expect(bodies(await invocation(2))).toEqual(['c']);
  });
});

describe('after an invocation', () => {
  test('keeps the failed items hidden until the visibility timeout, and deletes the others', async () => {
    await send('a', 'b', 'c');
    start({ concurrency: 1 });
    const { event, complete } = await invocation(0);
    complete({ batchItemFailures: [{ itemIdentifier: event.Records[1]?.messageId ?? '' }] });
    await until(() => sqs.messages.length === 1);
    expect(sqs.messages).toEqual([expect.objectContaining({ body: 'b', receiveCount: 1 })]);
    elapse(30);
    const again = await invocation(1);
    expect(again.event.Records[0]?.attributes.ApproximateReceiveCount).toBe('2');
  });

  test('keeps every item when the handler throws', async () => {
    await send('a', 'b');
    start({ concurrency: 1 });
    const error = new Error('thrown');
    (await invocation(0)).fail(error);
    expect(await failure()).toBe(error);
    elapse(30);
    expect(bodies(await invocation(1))).toEqual(['a', 'b']);
  });

  test('keeps every item when the handler reports an unknown id', async () => {
    await send('a', 'b');
    start({ concurrency: 1 });
    (await invocation(0)).complete({ batchItemFailures: [{ itemIdentifier: '' }] });
    await until(() => polls() === 2);
    expect(sqs.messages).toHaveLength(2);
  });

  test('keeps every item when the handler times out', async () => {
    await send('a');
    start({ concurrency: 1, timeoutMs: 1 });
    expect(await failure()).toMatchObject({ message: 'The function timed out after 1 ms.' });
    expect(sqs.messages).toHaveLength(1);
  });
});

test('polls again after an error of the queue', async () => {
  sqs.fault({ kind: 'throttled', times: 1 });
  start({ concurrency: 1 });
  expect(await failure()).toMatchObject({ name: 'RequestThrottled' });
  await send('a');
  expect(bodies(await invocation(0))).toEqual(['a']);
});

test('stops immediately when closed: a later result deletes nothing', async () => {
  await send('a');
  start({ concurrency: 2 });
  const { complete } = await invocation(0);
  await until(() => polls() === 2);
  await poller?.close();
  complete({ batchItemFailures: [] });
  // a deletion would arrive before this
  await fetch(`${sqs.url}/simulation/outbox`);
  expect(sqs.messages.map(({ body }) => body)).toEqual(['a']);
  expect(sqs.requests.map(({ operation }) => operation)).not.toContain('DeleteMessage');
  expect(failures).toEqual([]);
});
