import { randomUUID } from 'node:crypto';
import middy, { type MiddlewareObj } from '@middy/core';
import httpCors from '@middy/http-cors';
import httpErrorHandler from '@middy/http-error-handler';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { RecoverUser } from '../core/recover-user.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { startDeadline } from '../runtime/deadline.ts';
import type { Environment } from '../runtime/environment.ts';
import { createTelemetry } from '../runtime/telemetry.ts';
import { TIMEOUTS, type Timeouts } from '../runtime/timeouts.ts';
import { compose } from './composition.ts';
import { readConfig } from './config.ts';
import {
  ACCEPTED_BODY,
  CORS,
  JSON_CONTENT_TYPE,
  RESPONSE_HEADERS,
  recoverUserRequest,
} from './http/contract.ts';
import { requestIdOf, sourceIpOf, textHeaders } from './http/gateway-event.ts';
import { invalidRequest, problemFor, serviceUnavailable } from './http/problem-responses.ts';
import {
  type InvocationContext,
  problemDocuments,
  RecoveryProblem,
  type RecoveryResponse,
  requestGuard,
  requestRecord,
} from './middleware.ts';
import { createInvocationTimes } from './response-time.ts';

/** Responds to one event of API Gateway; never throws. */
export type GatewayHandler = (
  event: APIGatewayProxyEvent,
  context: Context,
) => Promise<APIGatewayProxyResult>;

/** After how many seconds a caller who got a `503` is asked to try again. */
const RETRY_AFTER_SECONDS = 30;

/** Wires the function up and opens its connections. Throws `ConfigError`, and for nothing else. */
export async function createHandler(
  environment: Environment,
  timeouts: Timeouts = TIMEOUTS,
  clock: Clock = systemClock,
): Promise<GatewayHandler> {
  const config = readConfig(environment);
  const { responseTimeMs, allowedOrigins } = config;
  const telemetry = createTelemetry(config.stage, environment['AWS_LAMBDA_FUNCTION_VERSION']);
  const { recoverUser, events } = await compose(config, { telemetry, timeouts });
  const cors = corsFor(allowedOrigins);
  const hasOrigins = allowedOrigins.length > 0;

  // the first one runs last on the way out
  const recovery = middy<APIGatewayProxyEvent, RecoveryResponse, Error, InvocationContext>(
    recoveryOf(recoverUser),
    {
      timeoutEarlyInMillis: timeouts.lambdaTimeoutMarginMs,
      timeoutEarlyResponse: () => {
        throw serviceUnavailable(RETRY_AFTER_SECONDS);
      },
    },
  )
    .use(requestRecord({ telemetry, events, clock, responseTimeMs, eventMs: timeouts.eventMs }))
    .use(textHeaders)
    .use(cors)
    .use(requestGuard({ hasOrigins, hasCaptcha: config.captcha !== undefined }))
    .use(httpHeaderNormalizer())
    .use(httpJsonBodyParser())
    // problemDocuments decides what the log may hold; the default logger prints the request's body
    .use(httpErrorHandler({ logger: false }))
    .use(problemDocuments(telemetry));
  const preflight = middy<APIGatewayProxyEvent, APIGatewayProxyResult>(async () => ({
    statusCode: 204,
    body: '',
  }))
    .use(textHeaders)
    .use(cors);

  const timesOfInvocation = createInvocationTimes({
    responseTimeMs,
    clock,
    timeouts,
    initializationType: environment['AWS_LAMBDA_INITIALIZATION_TYPE'],
  });
  return async (received, lambdaContext) => {
    const context = { ...lambdaContext, times: timesOfInvocation() };
    // whatever Lambda was invoked with
    const event: APIGatewayProxyEvent = Object(received);
    const isPreflight = event.httpMethod === 'OPTIONS' && hasOrigins;
    const response = await (isPreflight ? preflight : recovery)(event, context);
    const requestId = requestIdOf(event, context);
    return { ...response, headers: { ...response.headers, ...RESPONSE_HEADERS, 'X-Request-Id': requestId } };
  };
}

/** The use case behind the HTTP contract. */
function recoveryOf(recoverUser: RecoverUser) {
  return async (
    event: APIGatewayProxyEvent,
    { times }: InvocationContext,
    { signal }: { signal: AbortSignal },
  ): Promise<RecoveryResponse> => {
    const { data, error } = recoverUserRequest.safeParse(event.body);
    if (error) throw invalidRequest(error.issues);

    const deadline = startDeadline(times.workMs, signal);
    const recovery = await recoverUser(
      {
        attemptId: randomUUID(),
        address: data.email,
        captchaToken: data.captchaToken,
        sourceIp: sourceIpOf(event),
      },
      deadline,
    ).finally(deadline.clear);
    const problem = problemFor(recovery.outcome, RETRY_AFTER_SECONDS);
    if (problem) throw new RecoveryProblem(problem, recovery);
    return {
      statusCode: 202,
      headers: { 'Content-Type': JSON_CONTENT_TYPE },
      body: ACCEPTED_BODY,
      recovery,
    };
  };
}

function corsFor(origins: string[]): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>[] {
  if (origins.length === 0) return [];
  const { methods, headers, exposeHeaders, maximumAgeSeconds: maxAge } = CORS;
  return [httpCors({ origins, methods, headers, exposeHeaders, maxAge })];
}
