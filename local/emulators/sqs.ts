import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { createFaultSwitch, type LimitedFault } from '../fault-switch.ts';
import {
  answerJson,
  type ListenOptions,
  type RunningServer,
  readBody,
  splitTarget,
  startHttpServer,
} from '../http-server.ts';
import { parseJson } from '../json-text.ts';
import { createMessageQueue, type MessageQueue, type QueuedMessage } from './message-queue.ts';
import { SQS_OPERATIONS } from './sqs-operations.ts';
import {
  accessDenied,
  internalFailure,
  missingSignature,
  SqsRefusal,
  throttled,
  unknownOperation,
  unknownQueue,
} from './sqs-refusals.ts';

/**
 * What goes wrong with SQS: `error` fails inside, `access-denied` and `throttled` refuse, `malformed` answers `200` with
 * HTML, `hang` never answers, `reset` cuts the connection before the request is carried out, `lost-answer` after.
 */
export interface SqsFault extends LimitedFault {
  readonly kind: 'error' | 'access-denied' | 'throttled' | 'malformed' | 'hang' | 'reset' | 'lost-answer';
  /** Such as `SendMessage`: hits no other operation; absent: hits every one. */
  readonly operation?: string | undefined;
}

/** A request that was received. */
export interface ReceivedSqsRequest {
  /** Such as `SendMessage`. */
  readonly operation: string;
  /** As the client gave it. */
  readonly queueUrl: string | undefined;
}

/** How a stand-in for SQS starts. */
export interface SqsOptions extends ListenOptions {
  /** How long a received message stays hidden unless told otherwise, in seconds (30). */
  readonly visibilityTimeoutSeconds?: number;
  /** How often a message is received before it goes to the dead letters (1000, the most that SQS takes). */
  readonly maximumReceives?: number;
  /** Is given the body of every message that is put into the outbox. */
  readonly onSent?: (messageBody: string) => void;
}

/** A stand-in for Amazon SQS that the unmodified SDK and CLI talk to: the outbox and its dead-letter queue. */
export interface Sqs extends RunningServer {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** What the outbox holds, hidden messages included. */
  readonly messages: readonly QueuedMessage[];
  readonly deadLetters: readonly QueuedMessage[];
  /** The requests that it received, in their order, the ones that a fault hit included. */
  readonly requests: readonly ReceivedSqsRequest[];
  /** How many requests wait for a message in the outbox. */
  readonly waiting: number;
  /** Lets the next `times` messages that are received be delivered once more, whatever becomes of them (1). */
  deliverTwice(times?: number): void;
  /** Lets the queues be so many seconds older: delays, visibility timeouts, time stamps. */
  elapse(seconds: number): void;
  /** Switches a fault on, in place of the one before. */
  fault(fault: SqsFault): void;
  heal(): void;
}

const ACCOUNT_ID = '123456789012';
const QUEUE_NAME = 'outbox';
const DEAD_LETTER_QUEUE_NAME = 'outbox-dead-letters';
const ARN_PREFIX = `arn:aws:sqs:us-east-1:${ACCOUNT_ID}:`;

/** Where a person sees how much is in the queues: the path below the server's URL. */
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
    if (splitTarget(request).path === OUTBOX_DEPTH_PATH) return answerDepth(request, response);
    const body = (await readBody(request, MAXIMUM_BODY_BYTES)) ?? '';
    const operation = String(request.headers['x-amz-target']).replace(TARGET_PREFIX, '');
    const addressed = parseJson(addressedQueue, body);
    const queueUrl = 'value' in addressed ? addressed.value.QueueUrl : undefined;
    requests.push({ operation, queueUrl });

    const fault = nextFault(operation);
    if (hitByFault(fault, operation, request, response)) return;
    const answer = await carryOut(operation, queueUrl, body, request, response);
    if (fault?.kind === 'lost-answer') request.socket.resetAndDestroy();
    else answer();
  }, options);

  function nextFault(operation: string): SqsFault | undefined {
    const wanted = faults.current?.operation ?? operation;
    return wanted === operation ? faults.next() : undefined;
  }

  /** Does what is asked for, or does not, and returns how to answer. */
  async function carryOut(
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
      return () => answerAws(response, 200, result);
    } catch (error) {
      if (!(error instanceof SqsRefusal)) throw error;
      return () => refuse(response, error);
    }
  }

  function answerDepth({ method }: IncomingMessage, response: ServerResponse): void {
    if (method !== 'GET') {
      answerJson(response, 405, { message: 'Use GET' }, { Allow: 'GET' });
      return;
    }
    const { visible, inFlight, delayed } = outbox.depth();
    const depth = { waiting: visible, hidden: inFlight + delayed, deadLetters: deadLetters.messages.length };
    answerJson(response, 200, depth, { 'Cache-Control': 'no-store' });
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

/** Aborts when the client closes the connection before it has an answer. */
function departureOf(response: ServerResponse): AbortSignal {
  const departure = new AbortController();
  response.once('close', () => departure.abort());
  return departure.signal;
}

/** A queue is known by its path alone: a container reaches this machine under another name. */
function nameOf(queueUrl: string | undefined): string {
  const prefix = `/${ACCOUNT_ID}/`;
  const path = URL.canParse(queueUrl ?? '') ? new URL(queueUrl ?? '').pathname : '';
  return path.startsWith(prefix) ? path.slice(prefix.length) : '';
}

/** Whether a fault answered, or left unanswered, the request. */
function hitByFault(
  fault: SqsFault | undefined,
  operation: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  switch (fault?.kind) {
    case undefined:
    case 'lost-answer':
      return false;
    case 'error':
      refuse(response, internalFailure());
      break;
    case 'access-denied':
      refuse(response, accessDenied(operation));
      break;
    case 'throttled':
      refuse(response, throttled());
      break;
    case 'malformed':
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<html><body>Proxy</body></html>');
      break;
    case 'reset':
      request.socket.resetAndDestroy();
      break;
    case 'hang':
      break;
  }
  return true;
}

function refuse(response: ServerResponse, { type, queryCode, status, message }: SqsRefusal): void {
  response.setHeader('x-amzn-query-error', `${queryCode};${status >= 500 ? 'Receiver' : 'Sender'}`);
  answerAws(response, status, { __type: type, message });
}

function answerAws(response: ServerResponse, status: number, body: object): void {
  answerJson(response, status, body, {
    'Content-Type': 'application/x-amz-json-1.0',
    'x-amzn-RequestId': randomUUID(),
  });
}
