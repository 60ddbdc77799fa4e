import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Events, RequestFacts } from '../core/events.ts';
import type { RequestOutcome } from '../core/outcomes.ts';
import type { RecoveryResult } from '../core/recover-user.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Telemetry } from '../runtime/telemetry.ts';
import {
  CORS,
  MAXIMUM_BODY_BYTES,
  MAXIMUM_BODY_BYTES_WITH_CAPTCHA,
  PROBLEM_CONTENT_TYPE,
  problemDocumentOf,
} from './http/contract.ts';
import { gatewayEvent, requestIdOf, sourceIpOf } from './http/gateway-event.ts';
import { Problem } from './http/problem.ts';
import { toProblem } from './http/problem-responses.ts';
import type { InvocationTimes } from './response-time.ts';

/** A response, and what the use case came to: for the event, never for the caller. */
export interface RecoveryResponse extends APIGatewayProxyResult {
  recovery?: RecoveryResult;
}

/** What an invocation comes with: from Lambda, and when it is over. */
export interface InvocationContext extends Context {
  times: InvocationTimes;
}

/** What travels with a request through the middy stack, in its own slot `request.internal`. */
interface Internal extends Record<string, unknown> {
  facts: RequestFacts;
}

type Middleware = MiddlewareObj<APIGatewayProxyEvent, RecoveryResponse, Error, InvocationContext, Internal>;
type MiddyRequest = Request<APIGatewayProxyEvent, RecoveryResponse, Error, InvocationContext, Internal>;

/** An error response that the use case came to. */
export class RecoveryProblem extends Problem {
  readonly recovery: RecoveryResult;

  constructor({ status, message, errors, headers }: Problem, recovery: RecoveryResult) {
    super(status, message, { ...(errors && { errors }), headers });
    this.recovery = recovery;
  }
}

/** What the caller brought about, and learns at once. */
const REJECTED_AT_ONCE: ReadonlySet<RequestOutcome> = new Set<RequestOutcome>(['refused', 'captcha-failed']);

export interface RequestRecordOptions {
  telemetry: Telemetry;
  events: Events;
  clock: Clock;
  /** When every well-formed request gets its response, in milliseconds from its start; 0: as soon as possible. */
  responseTimeMs: number;
  /** How long publishing the event may take without a response time, in milliseconds. */
  eventMs: number;
}

/** Records and publishes what became of each request, and holds its response back until the constant response time. */
export function requestRecord({
  telemetry,
  events,
  clock,
  responseTimeMs,
  eventMs,
}: RequestRecordOptions): Middleware {
  async function record({ internal: { facts }, context: { times } }: MiddyRequest): Promise<void> {
    telemetry.request(facts.requestId, facts.outcome, facts.cause);
    await events.requested(facts, responseTimeMs === 0 ? eventMs : times.respondAt - clock.now());
    // from here on all requests that were worked on are alike: no time reveals what became of one
    if (!REJECTED_AT_ONCE.has(facts.outcome)) await clock.until(times.respondAt);
  }
  return {
    before: ({ event, context, internal }) => {
      internal.facts = {
        requestId: requestIdOf(event, context),
        sourceIp: sourceIpOf(event),
        outcome: 'failed',
        mailbox: undefined,
      };
    },
    after: async (request) => {
      const { response, internal } = request;
      Object.assign(internal.facts, response?.recovery);
      delete response?.recovery;
      await record(request);
    },
    onError: record,
  };
}

/** Rejects what is not a recovery request, or too large to be one, before its body is parsed. */
export function requestGuard({
  hasOrigins,
  hasCaptcha,
}: {
  hasOrigins: boolean;
  hasCaptcha: boolean;
}): Middleware {
  const methods = hasOrigins ? CORS.methods : 'POST';
  const maximumBytes = hasCaptcha ? MAXIMUM_BODY_BYTES_WITH_CAPTCHA : MAXIMUM_BODY_BYTES;
  return {
    before: ({ event }) => {
      const { data } = gatewayEvent.safeParse(event);
      if (data === undefined) throw new Problem(400, 'Not an API Gateway proxy event.');
      if (data.httpMethod !== 'POST') {
        throw new Problem(405, `Use ${methods.replace(', ', ' or ')}.`, { headers: { Allow: methods } });
      }
      event.body = data.body ?? '';
      if (Buffer.byteLength(event.body, data.isBase64Encoded ? 'base64' : 'utf8') > maximumBytes) {
        throw new Problem(413, `The body must not exceed ${maximumBytes} bytes.`);
      }
    },
  };
}

/** Makes a problem document of every error, with which http-error-handler then responds. */
export function problemDocuments(telemetry: Telemetry): Middleware {
  return {
    onError: (request) => {
      const { facts } = request.internal;
      const known = toProblem(request.error);
      if (known === undefined) telemetry.unexpected(request.error);
      else if (known instanceof RecoveryProblem) Object.assign(facts, known.recovery);
      else if (known.status < 500) facts.outcome = 'refused';
      const problem = known ?? new Problem(500, 'Internal server error. Please try again later.');
      const { status, message, errors } = problem;
      const document = problemDocumentOf(status, message, `urn:uuid:${facts.requestId}`, errors);
      request.error = Object.assign(new Error(JSON.stringify(document)), {
        statusCode: problem.status,
        expose: true,
        headers: { 'Content-Type': PROBLEM_CONTENT_TYPE, ...problem.headers },
      });
    },
  };
}
