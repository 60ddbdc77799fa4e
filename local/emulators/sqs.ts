import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { buildApp } from 'fauxqs';
import * as z from 'zod/mini';
import { applyFault } from '../apply-fault.ts';
import { createFaultSwitch, type LimitedFault } from '../fault-switch.ts';
import { baseUrl, type ListenOptions, type RunningServer, sendJson } from '../http-server.ts';

/** A fault of SQS: an error response, or one of the connection. */
export interface SqsFault extends LimitedFault {
  readonly kind: 'error' | 'access-denied' | 'throttled' | 'not-json' | 'hang' | 'reset' | 'lost-response';
  /** The only operation that it hits, such as `SendMessage`; absent: every operation. */
  readonly operation?: string | undefined;
}

/** A message in a queue. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  /** How often it has been received. */
  readonly receiveCount: number;
}

/** Options of the SQS emulator. */
export interface SqsOptions extends ListenOptions {
  /** The queues' visibility timeout, in seconds (30). */
  readonly visibilityTimeoutSeconds?: number;
  /** How often a message is received before it moves to the dead-letter queue (1000, the maximum of SQS). */
  readonly maximumReceives?: number;
  /** Called with the body of every message sent to the outbox. */
  readonly onSent?: (messageBody: string) => void;
}

/** An emulator of Amazon SQS (fauxqs) for the unmodified SDK and CLI: the outbox and its dead-letter queue. */
export interface Sqs extends RunningServer {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** The messages in the outbox after the last operation, hidden ones included. */
  readonly messages: readonly QueuedMessage[];
  readonly deadLetters: readonly QueuedMessage[];
  /** All requests in order, including those that a fault hit. */
  readonly requests: readonly { readonly operation: string }[];
  /** Switches a fault on; it replaces the previous one. */
  fault(fault: SqsFault): void;
  heal(): void;
}

const ACCOUNT_ID = '000000000000';
const QUEUE_NAME = 'outbox';
const DEAD_LETTER_QUEUE_NAME = 'outbox-dead-letters';
/** Path of fauxqs's inspection of a queue, before its name. */
const INSPECTION_PATH = '/_fauxqs/queues/';
const INSPECTION_HEADER = 'x-inspection';
const AWS_JSON = 'application/x-amz-json-1.0';
const TARGET_PREFIX = 'AmazonSQS.';
/** Namespace of the errors common to all AWS services. */
const COMMON = 'com.amazon.coral.service#';

/** Path of the page that shows how many messages the queues hold. */
export const OUTBOX_DEPTH_PATH = '/simulation/outbox';

const sentMessage = z.object({ QueueUrl: z.string(), MessageBody: z.string() });
const storedMessage = z.pipe(
  z.object({ messageId: z.string(), body: z.string(), approximateReceiveCount: z.number() }),
  z.transform(
    ({ messageId, body, approximateReceiveCount }): QueuedMessage => ({
      messageId,
      body,
      receiveCount: approximateReceiveCount,
    }),
  ),
);
const inspectedQueue = z.object({
  messages: z.object({
    ready: z.array(storedMessage),
    delayed: z.array(storedMessage),
    inflight: z.array(z.object({ message: storedMessage })),
  }),
});

/** Starts SQS with an empty outbox. */
export async function startSqs(options: SqsOptions = {}): Promise<Sqs> {
  const { port = 0, host = '127.0.0.1', onSent = () => {} } = options;
  const { visibilityTimeoutSeconds = 30, maximumReceives = 1000 } = options;
  const requests: { operation: string }[] = [];
  const faults = createFaultSwitch<SqsFault>();
  const losesResponse = new WeakSet<ServerResponse>();
  /** What each inspection returned last, by its path. */
  const inspected = new Map<string, unknown>();
  // not startFauxqs(), which listens at every interface of the machine
  const app = buildApp({ logger: false });
  const isOperation = (url: string) => url === '/' && app.server.listening;

  app.addHook('preHandler', async ({ headers, url }, reply) => {
    if (!isOperation(url)) return;
    const operation = operationOf(headers);
    requests.push({ operation });
    const response = reply.raw;
    const fault = (faults.current?.operation ?? operation) === operation ? faults.next() : undefined;
    if (fault?.kind === 'lost-response') losesResponse.add(response);
    const isHandled = await applyFault(fault, response, {
      error: () => sendError(response, 500, `${COMMON}InternalFailure`, 'InternalFailure'),
      'access-denied': () => sendError(response, 403, `${COMMON}AccessDeniedException`, 'AccessDenied'),
      throttled: () => sendError(response, 403, 'com.amazonaws.sqs#RequestThrottled', 'RequestThrottled'),
    });
    if (!isHandled) reply.hijack();
  });

  app.addHook('onSend', async ({ body, headers, url }, reply) => {
    if (!isOperation(url)) return;
    // before the client learns of a change
    await inspectQueues();
    const sent = sentMessage.safeParse(body);
    const isSent = operationOf(headers) === 'SendMessage' && reply.statusCode === 200;
    if (isSent && sent.success && sent.data.QueueUrl.endsWith(`/${QUEUE_NAME}`))
      onSent(sent.data.MessageBody);
    if (losesResponse.has(reply.raw)) reply.raw.socket?.resetAndDestroy();
  });

  // the inspection stays an object: as JSON, a thousand messages would delay every response
  app.addHook('preSerialization', async ({ headers, url }, _reply, payload) => {
    if (headers[INSPECTION_HEADER] === undefined) return payload;
    inspected.set(url, payload);
    return {};
  });

  app.get(OUTBOX_DEPTH_PATH, async (_request, reply) => {
    await inspectQueues();
    const { waiting, hidden } = contentOf(QUEUE_NAME);
    reply.header('Cache-Control', 'no-store');
    return { waiting, hidden, deadLetters: contentOf(DEAD_LETTER_QUEUE_NAME).messages.length };
  });

  async function inspectQueues(): Promise<void> {
    for (const name of [QUEUE_NAME, DEAD_LETTER_QUEUE_NAME]) {
      await app.inject({ url: INSPECTION_PATH + name, headers: { [INSPECTION_HEADER]: 'object' } });
    }
  }

  function contentOf(name: string) {
    const { ready, delayed, inflight } = inspectedQueue.parse(inspected.get(INSPECTION_PATH + name)).messages;
    const hidden = [...delayed, ...inflight.map(({ message }) => message)];
    return { messages: [...ready, ...hidden], waiting: ready.length, hidden: hidden.length };
  }

  async function createQueue(name: string, attributes: Readonly<Record<string, string>>): Promise<void> {
    await app.inject({
      method: 'POST',
      url: '/',
      headers: { 'content-type': AWS_JSON, 'x-amz-target': `${TARGET_PREFIX}CreateQueue` },
      payload: JSON.stringify({ QueueName: name, Attributes: attributes }),
    });
  }

  const VisibilityTimeout = String(visibilityTimeoutSeconds);
  await createQueue(DEAD_LETTER_QUEUE_NAME, { VisibilityTimeout });
  await createQueue(QUEUE_NAME, {
    VisibilityTimeout,
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: `arn:aws:sqs:us-east-1:${ACCOUNT_ID}:${DEAD_LETTER_QUEUE_NAME}`,
      maxReceiveCount: maximumReceives,
    }),
  });
  await inspectQueues();
  await app.listen({ port, host });
  const url = baseUrl(host, app.server.address());
  return {
    url,
    queueUrl: `${url}/${ACCOUNT_ID}/${QUEUE_NAME}`,
    deadLetterQueueUrl: `${url}/${ACCOUNT_ID}/${DEAD_LETTER_QUEUE_NAME}`,
    get messages() {
      return contentOf(QUEUE_NAME).messages;
    },
    get deadLetters() {
      return contentOf(DEAD_LETTER_QUEUE_NAME).messages;
    },
    requests,
    fault: faults.set,
    heal: faults.heal,
    close: async () => app.close(),
  };
}

function operationOf(headers: IncomingHttpHeaders): string {
  return String(headers['x-amz-target']).replace(TARGET_PREFIX, '');
}

function sendError(response: ServerResponse, status: number, type: string, queryCode: string): void {
  sendJson(
    response,
    status,
    { __type: type, message: `The SQS emulator simulates ${queryCode}.` },
    {
      'Content-Type': AWS_JSON,
      'x-amzn-query-error': `${queryCode};${status >= 500 ? 'Receiver' : 'Sender'}`,
    },
  );
}
