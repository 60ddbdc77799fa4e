import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { applyFault, sendUnlessLost } from '../apply-fault.ts';
import { createFaultSwitch, type LimitedFault } from '../fault-switch.ts';
import {
  type ListenOptions,
  type RunningServer,
  readBody,
  sendJson,
  splitTarget,
  startHttpServer,
} from '../http-server.ts';
import { parseJson } from '../json-text.ts';
import { createMessageQueue, type MessageQueue, type QueuedMessage } from './message-queue.ts';
import {
  accessDenied,
  internalFailure,
  missingSignature,
  SqsError,
  throttled,
  unknownOperation,
  unknownQueue,
} from './sqs-errors.ts';
import { SQS_OPERATIONS } from './sqs-operations.ts';

/** A fault of SQS: an error response, or one of the connection. */
export interface SqsFault extends LimitedFault {
  readonly kind: 'error' | 'access-denied' | 'throttled' | 'not-json' | 'hang' | 'reset' | 'lost-response';
  /** The only operation that it hits, such as `SendMessage`; absent: every operation. */
  readonly operation?: string | undefined;
}

/** A request that SQS received. */
export interface ReceivedSqsRequest {
  /** Such as `SendMessage`. */
  readonly operation: string;
  /** As the client sent it. */
  readonly queueUrl: string | undefined;
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

/** An emulator of Amazon SQS for the unmodified SDK and CLI: the outbox and its dead-letter queue. */
export interface Sqs extends RunningServer {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** The messages in the outbox, hidden ones included. */
  readonly messages: readonly QueuedMessage[];
  readonly deadLetters: readonly QueuedMessage[];
  /** All requests in order, including those that a fault hit. */
  readonly requests: readonly ReceivedSqsRequest[];
  /** How many requests poll for a message in the outbox. */
  readonly waiting: number;
  /** Delivers each of the next `times` received messages once more, even if it was deleted (1). */
  deliverTwice(times?: number): void;
  /** Advances the queues' time by so many seconds: delays, visibility timeouts, timestamps. */
  elapse(seconds: number): void;
  /** Switches a fault on; it replaces the previous one. */
  fault(fault: SqsFault): void;
  heal(): void;
}

const ACCOUNT_ID = '123456789012';
const QUEUE_NAME = 'outbox';
const DEAD_LETTER_QUEUE_NAME = 'outbox-dead-letters';
const ARN_PREFIX = `arn:aws:sqs:us-east-1:${ACCOUNT_ID}:`;

/** Path of the page that shows how many messages the queues hold. */
export const OUTBOX_DEPTH_PATH = '/simulation/outbox';

const MAXIMUM_BODY_BYTES = 2 * 1024 * 1024;
const TARGET_PREFIX = 'AmazonSQS.';
const SIGNATURE =
  /^AWS4-HMAC-SHA256 Credential=\S+\/sqs\/aws4_request, ?SignedHeaders=\S+, ?Signature=[0-9a-f]{64}$/;

const addressedQueue = z.object({ QueueUrl: z.string() });
const sentMessage = z.object({ MessageBody: z.string() });

/** Starts SQS with an empty outbox. */
export async function startSqs(options: SqsOptions = {}): Promise<Sqs> {
  const { visibilityTimeoutSeconds = 30, maximumReceives = 1000, onSent = () => {} } = options;
  const deadLetters = createMessageQueue({ visibilityTimeoutSeconds });
  const outbox = createMessageQueue({
    visibilityTimeoutSeconds,
    redrive: { maximumReceives, deadLetters },
  });
  const queues: ReadonlyMap<string, MessageQueue> = new Map([
    [QUEUE_NAME, outbox],
    [DEAD_LETTER_QUEUE_NAME, deadLetters],
  ]);
  const requests: ReceivedSqsRequest[] = [];
  const faults = createFaultSwitch<SqsFault>();

  const server = await startHttpServer(async (request, response) => {
    if (splitTarget(request).path === OUTBOX_DEPTH_PATH) return sendDepth(request, response);
    const body = (await readBody(request, MAXIMUM_BODY_BYTES)) ?? '';
    const operation = String(request.headers['x-amz-target']).replace(TARGET_PREFIX, '');
    const addressed = parseJson(addressedQueue, body);
    const queueUrl = 'value' in addressed ? addressed.value.QueueUrl : undefined;
    requests.push({ operation, queueUrl });

    const fault = nextFault(operation);
    const isHandled = await applyFault(fault, response, {
      error: () => sendError(response, internalFailure()),
      'access-denied': () => sendError(response, accessDenied(operation)),
      throttled: () => sendError(response, throttled()),
    });
    if (!isHandled) return;
    const send = await execute(operation, queueUrl, body, request, response);
    sendUnlessLost(fault, response, send);
  }, options);

  function nextFault(operation: string): SqsFault | undefined {
    const wanted = faults.current?.operation ?? operation;
    return wanted === operation ? faults.next() : undefined;
  }

  /** Executes the operation; resolves with a function that sends the response. */
  async function execute(
    operation: string,
    queueUrl: string | undefined,
    body: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<() => void> {
    try {
      if (!SIGNATURE.test(request.headers.authorization ?? '')) throw missingSignature();
      const carry = request.method === 'POST' ? SQS_OPERATIONS.get(operation) : undefined;
      if (carry === undefined) throw unknownOperation(operation);
      const name = nameOf(queueUrl);
      const queue = queues.get(name);
      if (queue === undefined) throw unknownQueue();
      const result = await carry({
        body,
        queue,
        queueArn: ARN_PREFIX + name,
        deadLetterQueueArn: ARN_PREFIX + DEAD_LETTER_QUEUE_NAME,
        signal: departureOf(response),
      });
      const sent = parseJson(sentMessage, body);
      if (operation === 'SendMessage' && 'value' in sent) onSent(sent.value.MessageBody);
      return () => sendAwsJson(response, 200, result);
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      return () => sendError(response, error);
    }
  }

  function sendDepth({ method }: IncomingMessage, response: ServerResponse): void {
    if (method !== 'GET') {
      sendJson(response, 405, { message: 'Use GET' }, { Allow: 'GET' });
      return;
    }
    const { visible, inFlight, delayed } = outbox.depth();
    const depth = { waiting: visible, hidden: inFlight + delayed, deadLetters: deadLetters.messages.length };
    sendJson(response, 200, depth, { 'Cache-Control': 'no-store' });
  }

  return {
    ...server,
    queueUrl: `${server.url}/${ACCOUNT_ID}/${QUEUE_NAME}`,
    deadLetterQueueUrl: `${server.url}/${ACCOUNT_ID}/${DEAD_LETTER_QUEUE_NAME}`,
    get messages() {
      return outbox.messages;
    },
    get deadLetters() {
      return deadLetters.messages;
    },
    requests,
    get waiting() {
      return outbox.waiting;
    },
    deliverTwice: outbox.deliverTwice,
    elapse(seconds) {
      outbox.elapse(seconds);
      deadLetters.elapse(seconds);
    },
    fault: faults.set,
    heal: faults.heal,
  };
}

/** Aborts when the client closes the connection before it has a response. */
function departureOf(response: ServerResponse): AbortSignal {
  const departure = new AbortController();
  response.once('close', () => departure.abort());
  return departure.signal;
}

/** Only the path identifies a queue: a container uses another host name for this machine. */
function nameOf(queueUrl: string | undefined): string {
  const prefix = `/${ACCOUNT_ID}/`;
  const path = URL.canParse(queueUrl ?? '') ? new URL(queueUrl ?? '').pathname : '';
  return path.startsWith(prefix) ? path.slice(prefix.length) : '';
}

function sendError(response: ServerResponse, { type, queryCode, status, message }: SqsError): void {
  response.setHeader('x-amzn-query-error', `${queryCode};${status >= 500 ? 'Receiver' : 'Sender'}`);
  sendAwsJson(response, status, { __type: type, message });
}

function sendAwsJson(response: ServerResponse, status: number, body: object): void {
  sendJson(response, status, body, {
    'Content-Type': 'application/x-amz-json-1.0',
    'x-amzn-RequestId': randomUUID(),
  });
}
