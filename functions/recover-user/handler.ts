import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy, { type MiddlewareObj } from '@middy/core';
import httpCors from '@middy/http-cors';
import httpErrorHandler from '@middy/http-error-handler';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { createApiToken } from './api-token.ts';
import { createBeyondIdentity } from './beyond-identity.ts';
import {
  ACCEPTED_BODY,
  ANSWER_HEADERS,
  CORS,
  JSON_CONTENT_TYPE,
  MAXIMUM_BODY_BYTES,
  PROBLEM_CONTENT_TYPE,
  recoverUserRequest,
} from './contract.ts';
import { startDeadline } from './deadline.ts';
import { addressIsExternalId } from './directory.ts';
import { gatewayEvent } from './gateway-event.ts';
import { createHttpsPost } from './https-post.ts';
import type { RequestOutcome } from './metric-names.ts';
import { Problem, problemDocumentOf } from './problem.ts';
import { createRecoverUser, type Outcome } from './recover-user.ts';
import { readSettings } from './settings.ts';
import { createTelemetry } from './telemetry.ts';

type Middleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>;

/** Answers one event of API Gateway; never throws. */
export type GatewayHandler = (
  event: APIGatewayProxyEvent,
  context: Context,
) => Promise<APIGatewayProxyResult>;

/** Durations in milliseconds; the Lambda's timeout leaves room for all of them. */
export const TIMING = {
  tokenTimeToLiveMs: 5 * 60_000,
  /** From a request's start to the end of the last call for it. */
  forwardDeadlineMs: 8_000,
  firstRetryPauseMs: 100,
  longestRetryPauseMs: 2_000,
  secretsManagerConnectMs: 1_000,
  secretsManagerAnswerMs: 2_000,
  /** What middy leaves itself to answer before Lambda would end the function. */
  lastResortMs: 500,
};

/** When a caller who got a `503` may try again, in seconds. */
const RETRY_AFTER_SECONDS = 30;

/** Outcomes that promise the mail, or must look as if they did. */
const ACCEPTED: ReadonlySet<Outcome> = new Set(['forwarded', 'not-recoverable']);

/** Wires the function up and reads the API token once. Throws `SettingsError`, and for nothing else. */
export async function createHandler(
  environment: Readonly<Record<string, string | undefined>>,
  timing = TIMING,
): Promise<GatewayHandler> {
  const settings = readSettings(environment);
  const telemetry = createTelemetry();
  const apiToken = createApiToken({
    client: new SecretsManagerClient({
      maxAttempts: 2,
      requestHandler: {
        connectionTimeout: timing.secretsManagerConnectMs,
        requestTimeout: timing.secretsManagerAnswerMs,
        throwOnRequestTimeout: true,
      },
    }),
    secretId: settings.apiTokenSecretId,
    timeToLiveMs: timing.tokenTimeToLiveMs,
    unreadable: telemetry.tokenUnreadable,
  });
  const recoverUser = createRecoverUser({
    apiToken,
    directory: addressIsExternalId,
    beyondIdentity: createBeyondIdentity(
      createHttpsPost(settings.beyondIdentityApiUrl),
      { firstMs: timing.firstRetryPauseMs, longestMs: timing.longestRetryPauseMs },
      telemetry,
    ),
  });

  async function recover(
    event: APIGatewayProxyEvent,
    context: Context,
    { signal }: { signal: AbortSignal },
  ): Promise<APIGatewayProxyResult> {
    const { data, error } = recoverUserRequest.safeParse(event.body);
    if (error) throw invalid(error.issues);

    const deadline = startDeadline(timing.forwardDeadlineMs, signal);
    const outcome = await recoverUser(data.email, deadline).finally(deadline.clear);
    if (!ACCEPTED.has(outcome)) throw cannotAcceptNow(outcome);
    telemetry.request(requestIdOf(event, context), outcome);
    return { statusCode: 202, headers: { 'Content-Type': JSON_CONTENT_TYPE }, body: ACCEPTED_BODY };
  }

  /** Words every error as a problem document, which http-error-handler then answers. */
  const problemDocuments: Middleware = {
    onError: (request) => {
      const problem = problemOf(request.error);
      if (problem === undefined) telemetry.unexpected(request.error);
      const answered = problem ?? new Problem(500, 'This is our fault. Please try again later.');
      const requestId = requestIdOf(request.event, request.context);
      telemetry.request(requestId, answered.outcome);
      const document = problemDocumentOf(answered, requestId);
      request.error = Object.assign(new Error(JSON.stringify(document)), {
        statusCode: answered.status,
        expose: true,
        headers: { 'Content-Type': PROBLEM_CONTENT_TYPE, ...answered.headers },
      });
    },
  };

  const isForBrowsers = settings.allowedOrigins.length > 0;
  const cors = isForBrowsers ? [allowOrigins(settings.allowedOrigins)] : [];
  const methods = isForBrowsers ? CORS.methods : 'POST';

  const preflight = middy<APIGatewayProxyEvent, APIGatewayProxyResult>(async () => ({
    statusCode: 204,
    body: '',
  })).use(cors);

  const recovery = middy<APIGatewayProxyEvent, APIGatewayProxyResult>(recover, {
    timeoutEarlyInMillis: timing.lastResortMs,
    timeoutEarlyResponse: () => {
      throw cannotAcceptNow('upstream-failed');
    },
  })
    .use(cors)
    .use(admitOnly(methods))
    .use(httpHeaderNormalizer())
    .use(httpJsonBodyParser())
    // problemDocuments tells the log what may stand in it; the default logger prints the request's body
    .use(httpErrorHandler({ logger: false }))
    .use(problemDocuments);

  await apiToken.firstRead;
  return async (event, context) => {
    const answering = isForBrowsers && event.httpMethod === 'OPTIONS' ? preflight : recovery;
    const answer = await answering(event, context);
    const headers = { ...answer.headers, ...ANSWER_HEADERS, 'X-Request-Id': requestIdOf(event, context) };
    return { ...answer, headers };
  };
}

function requestIdOf(event: APIGatewayProxyEvent, context: Context): string {
  return event.requestContext?.requestId ?? context.awsRequestId;
}

function allowOrigins(origins: string[]): Middleware {
  return httpCors({
    origins,
    methods: CORS.methods,
    headers: CORS.headers,
    exposeHeaders: CORS.exposeHeaders,
    maxAge: CORS.maximumAgeSeconds,
  });
}

/** Stops what is no request of ours, or too large to be one, before its body is parsed. */
function admitOnly(methods: string): Middleware {
  return {
    before: ({ event }) => {
      if (!gatewayEvent.safeParse(event).success) throw new Problem(400, 'This is no event of API Gateway.');
      if (event.httpMethod !== 'POST') {
        throw new Problem(405, `Use ${methods.replace(', ', ' or ')}.`, { headers: { Allow: methods } });
      }
      event.body ??= '';
      if (Buffer.byteLength(event.body, event.isBase64Encoded ? 'base64' : 'utf8') > MAXIMUM_BODY_BYTES) {
        throw new Problem(413, `The body must not exceed ${MAXIMUM_BODY_BYTES} bytes.`);
      }
    },
  };
}

function invalid(issues: readonly { path: readonly PropertyKey[]; message: string }[]): Problem {
  return new Problem(422, 'The request is not valid.', {
    errors: issues.map(({ path, message }) => ({
      pointer: ['#', ...path.map(String)].join('/'),
      detail: message,
    })),
  });
}

function cannotAcceptNow(outcome: RequestOutcome): Problem {
  return new Problem(503, 'Recovery is not available right now. Please try again later.', {
    outcome,
    headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
  });
}

/** The refusal behind an error; `undefined`: not the caller's doing. */
function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  if (error.statusCode === 415) return new Problem(415, 'Send the body as application/json.');
  // the parser's word for what RFC 9110 calls a bad request
  if (error.statusCode === 422) return new Problem(400, 'The body is not valid JSON.');
  return undefined;
}
