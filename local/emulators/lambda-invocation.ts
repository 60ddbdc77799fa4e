import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { splitTarget } from '../http-server.ts';

/** A Lambda function behind a proxy integration of API Gateway REST. */
export type ProxyHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

const headerValue = z.union([z.string(), z.number(), z.boolean()]);

/** The result that API Gateway accepts; it rejects unknown keys. */
const proxyResult = z.strictObject({
  statusCode: z.int().check(z.minimum(200), z.maximum(599)),
  headers: z.nullish(z.record(z.string(), headerValue)),
  multiValueHeaders: z.nullish(z.record(z.string(), z.array(headerValue))),
  body: z.nullish(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
});

/** The result of a function behind a proxy integration. */
export type ProxyResult = z.infer<typeof proxyResult>;

const STAGE = 'local';
const ACCOUNT_ID = '123456789012';
const FUNCTION_NAME = 'RecoverUserFunction';
const MEMORY_MIB = 256;

/** Headers of one connection, and those that API Gateway sets itself: it never forwards the client's to a function. */
const NOT_PASSED_ON = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

/** The event (payload version 1) that API Gateway REST creates for a request. */
export function proxyEvent(request: IncomingMessage, body: string, requestId: string): APIGatewayProxyEvent {
  const { path, query } = splitTarget(request);
  const now = new Date();
  const httpMethod = request.method ?? '';
  const sourceIp = request.socket.remoteAddress ?? '';
  const headers = groupPairs(passedOnHeaders(request, sourceIp));
  const parameters = groupPairs([...new URLSearchParams(query)]);
  return {
    resource: path,
    path,
    httpMethod,
    headers: lastValues(headers),
    multiValueHeaders: headers,
    queryStringParameters: query === '' ? null : lastValues(parameters),
    multiValueQueryStringParameters: query === '' ? null : parameters,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: 'local',
      authorizer: undefined,
      httpMethod,
      path: `/${STAGE}${path}`,
      stage: STAGE,
      resourceId: 'local',
      resourcePath: path,
      requestId,
      requestTime: commonLogTime(now),
      requestTimeEpoch: now.getTime(),
      protocol: `HTTP/${request.httpVersion}`,
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp,
        user: null,
        userAgent: request.headers['user-agent'] ?? null,
        userArn: null,
      },
    },
    body: body === '' ? null : body,
    isBase64Encoded: false,
  };
}

/** Invokes the function; rejects when it throws, times out, or returns a result that API Gateway rejects. */
export async function invoke(
  handler: ProxyHandler,
  event: APIGatewayProxyEvent,
  timeoutMs: number,
): Promise<ProxyResult> {
  const context = lambdaContext(FUNCTION_NAME, timeoutMs);
  return proxyResult.parse(await withinTime(handler(event, context), timeoutMs));
}

/** The result of an invocation; rejects when it throws or times out. */
export async function withinTime<Result>(invocation: Promise<Result>, timeoutMs: number): Promise<Result> {
  const finished = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: finished.signal, ref: false }).then(() => {
    throw new Error(`The function timed out after ${timeoutMs} ms.`);
  });
  try {
    return await Promise.race([invocation, timeout]);
  } finally {
    timeout.catch(() => {});
    finished.abort();
  }
}

/** The context of an invocation with `timeoutMs` milliseconds remaining. */
export function lambdaContext(functionName: string, timeoutMs: number): Context {
  const deadlineMs = performance.now() + timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:${ACCOUNT_ID}:function:${functionName}`,
    memoryLimitInMB: String(MEMORY_MIB),
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadlineMs - performance.now())),
    done() {},
    fail() {},
    succeed() {},
  };
}

type Pair = readonly [name: string, value: string];

function passedOnHeaders(request: IncomingMessage, sourceIp: string): Pair[] {
  const pairs: Pair[] = [];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    if (!NOT_PASSED_ON.has(name.toLowerCase())) pairs.push([name, request.rawHeaders[index + 1] ?? '']);
  }
  const forwardedFor = [request.headers['x-forwarded-for'] ?? [], sourceIp].flat().join(', ');
  return [
    ...pairs,
    ['X-Forwarded-For', forwardedFor],
    ['X-Forwarded-Port', String(request.socket.localPort)],
    ['X-Forwarded-Proto', 'http'],
  ];
}

function groupPairs(pairs: readonly Pair[]): Record<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) groups.set(name, [...(groups.get(name) ?? []), value]);
  return Object.fromEntries(groups);
}

function lastValues(groups: Record<string, string[]>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values.at(-1)]));
}

/** For example `22/Nov/2026:13:32:00 +0000`. */
function commonLogTime(date: Date): string {
  const [, day, month, year, time] = date.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
