import middy, { type MiddlewareObj } from '@middy/core';
import httpCors from '@middy/http-cors';
import httpErrorHandler from '@middy/http-error-handler';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { AuditEvent } from '../adapters/aws/cloudwatch-audit-log.ts';
import { createRecoverUser, type RecoverUser } from '../core/recover-user.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { startDeadline } from '../runtime/deadline.ts';
import { createTelemetry, type Telemetry } from '../runtime/telemetry.ts';
import { TIMING, type Timing } from '../runtime/timeouts.ts';
import { createAdapters } from './composition.ts';
import { readSettings, type Settings } from './config.ts';
import {
  ACCEPTED_BODY,
  ANSWER_HEADERS,
  CORS,
  JSON_CONTENT_TYPE,
  MAXIMUM_BODY_BYTES,
  MAXIMUM_BODY_BYTES_WITH_CAPTCHA,
  PROBLEM_CONTENT_TYPE,
  recoverUserRequest,
} from './http/contract.ts';
import { gatewayEvent, textHeaders } from './http/gateway-event.ts';
import { Problem, problemDocumentOf } from './http/problem.ts';
import { invalidRequest, notAcceptableNow, refusalBehind, refusalFor } from './http/problem-responses.ts';

/** Answers one event of API Gateway; never throws. */
export type GatewayHandler = (
  event: APIGatewayProxyEvent,
  context: Context,
) => Promise<APIGatewayProxyResult>;

/** An event, and what becomes of it. */
type RecordedEvent = APIGatewayProxyEvent & { record: AuditEvent };

/** The part of the response time after which work is cut off; the rest is for writing down what became of it. */
const WORK_SHARE = 0.9;

/** After how many seconds a caller who got a `503` is asked to try again. */
const RETRY_AFTER_SECONDS = 30;

/** Wires the function up and makes its connections ready. Throws `SettingsError`, and for nothing else. */
export async function createHandler(
  environment: Readonly<Record<string, string | undefined>>,
  timing: Timing = TIMING,
  clock: Clock = systemClock,
): Promise<GatewayHandler> {
  const settings = readSettings(environment);
  const telemetry = createTelemetry();
  const { ports, auditLog } = await createAdapters(settings, telemetry, timing);
  const recovery = createRecovery(settings, createRecoverUser(ports), telemetry, timing);
  const preflight = createPreflight(settings);
  const { responseTimeMs } = settings;

  async function recover(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> {
    const answerAt = clock.now() + responseTimeMs;
    const record: AuditEvent = {
      requestId: requestIdOf(event, context),
      source: event.requestContext?.identity?.sourceIp,
      outcome: 'failed',
      mailbox: undefined,
    };
    const answer = await recovery({ ...event, record }, context);

    telemetry.request(record.requestId, record.outcome, record.cause);
    await auditLog.write(record, responseTimeMs === 0 ? timing.auditMs : answerAt - clock.now());
    // from here on all that was worked on is alike: nobody can tell by the time what became of it
    if (answer.statusCode === 202 || answer.statusCode >= 500) await clock.until(answerAt);
    return answer;
  }

  return async (received, context) => {
    // whatever Lambda was invoked with
    const event: APIGatewayProxyEvent = Object(received);
    const isPreflight = event.httpMethod === 'OPTIONS' && settings.allowedOrigins.length > 0;
    const answer = await (isPreflight ? preflight(event, context) : recover(event, context));
    const headers = { ...answer.headers, ...ANSWER_HEADERS, 'X-Request-Id': requestIdOf(event, context) };
    return { ...answer, headers };
  };
}

/** The middy stack of a recovery request; every error becomes a problem document. */
function createRecovery(settings: Settings, recoverUser: RecoverUser, telemetry: Telemetry, timing: Timing) {
  const workMs = settings.responseTimeMs === 0 ? timing.workMs : settings.responseTimeMs * WORK_SHARE;

  async function recover(
    { body, record }: RecordedEvent,
    _context: Context,
    { signal }: { signal: AbortSignal },
  ): Promise<APIGatewayProxyResult> {
    const { data, error } = recoverUserRequest.safeParse(body);
    if (error) throw invalidRequest(error.issues);

    const deadline = startDeadline(workMs, signal);
    const result = await recoverUser(
      { address: data.email, captchaToken: data.captchaToken, source: record.source },
      deadline,
    ).finally(deadline.clear);
    Object.assign(record, result);
    const refusal = refusalFor(result.outcome, RETRY_AFTER_SECONDS);
    if (refusal) throw refusal;
    return { statusCode: 202, headers: { 'Content-Type': JSON_CONTENT_TYPE }, body: ACCEPTED_BODY };
  }

  return (
    middy<RecordedEvent, APIGatewayProxyResult>(recover, {
      timeoutEarlyInMillis: timing.lastResortMs,
      timeoutEarlyResponse: () => {
        throw notAcceptableNow(RETRY_AFTER_SECONDS);
      },
    })
      .use(textHeaders)
      .use(corsFor(settings))
      .use(requestGuard(settings))
      .use(httpHeaderNormalizer())
      .use(httpJsonBodyParser())
      // problemDocuments tells the log what may stand in it; the default logger prints the request's body
      .use(httpErrorHandler({ logger: false }))
      .use(problemDocuments(telemetry))
  );
}

/** The middy stack of a browser's question whether it may call. */
function createPreflight(settings: Settings) {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>(async () => ({ statusCode: 204, body: '' }))
    .use(textHeaders)
    .use(corsFor(settings));
}

function requestIdOf(event: APIGatewayProxyEvent, context: Context): string {
  return event.requestContext?.requestId ?? context.awsRequestId;
}

function corsFor({ allowedOrigins }: Settings): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>[] {
  if (allowedOrigins.length === 0) return [];
  return [
    httpCors({
      origins: allowedOrigins,
      methods: CORS.methods,
      headers: CORS.headers,
      exposeHeaders: CORS.exposeHeaders,
      maxAge: CORS.maximumAgeSeconds,
    }),
  ];
}

/** Stops what is no request of ours, or too large to be one, before its body is parsed. */
function requestGuard({
  allowedOrigins,
  captcha,
}: Settings): MiddlewareObj<RecordedEvent, APIGatewayProxyResult> {
  const methods = allowedOrigins.length === 0 ? 'POST' : CORS.methods;
  const maximumBytes = captcha ? MAXIMUM_BODY_BYTES_WITH_CAPTCHA : MAXIMUM_BODY_BYTES;
  return {
    before: ({ event }) => {
      if (!gatewayEvent.safeParse(event).success) throw new Problem(400, 'Not an API Gateway proxy event.');
      if (event.httpMethod !== 'POST') {
        throw new Problem(405, `Use ${methods.replace(', ', ' or ')}.`, { headers: { Allow: methods } });
      }
      event.body ??= '';
      if (Buffer.byteLength(event.body, event.isBase64Encoded ? 'base64' : 'utf8') > maximumBytes) {
        throw new Problem(413, `The body must not exceed ${maximumBytes} bytes.`);
      }
    },
  };
}

/** Words every error as a problem document, which http-error-handler then answers with. */
function problemDocuments(telemetry: Telemetry): MiddlewareObj<RecordedEvent, APIGatewayProxyResult> {
  return {
    onError: (request) => {
      const { record } = request.event;
      const refusal = refusalBehind(request.error);
      if (refusal === undefined) telemetry.unexpected(request.error);
      else if (record.outcome === 'failed' && refusal.status < 500) record.outcome = 'refused';
      const problem = refusal ?? new Problem(500, 'Internal server error. Please try again later.');
      request.error = Object.assign(new Error(JSON.stringify(problemDocumentOf(problem, record.requestId))), {
        statusCode: problem.status,
        expose: true,
        headers: { 'Content-Type': PROBLEM_CONTENT_TYPE, ...problem.headers },
      });
    },
  };
}
