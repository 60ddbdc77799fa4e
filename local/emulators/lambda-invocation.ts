import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { splitTarget } from '../http-server.ts';

/** A Lambda function behind a proxy integration of API Gateway REST. */
export type ProxyHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

const headerValue = z.union([z.string(), z.number(), z.boolean()]);

/** API Gateway refuses what does not look like this, further keys included. */
const proxyResult = z.strictObject({
  statusCode: z.int().check(z.minimum(200), z.maximum(599)),
  headers: z.nullish(z.record(z.string(), headerValue)),
  multiValueHeaders: z.nullish(z.record(z.string(), z.array(headerValue))),
  body: z.nullish(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
});

/** What a function may answer a proxy integration with. */
export type ProxyResult = z.infer<typeof proxyResult>;

const STAGE = 'local';
const ACCOUNT_ID = '123456789012';
const FUNCTION_NAME = 'RecoverUserFunction';
const MEMORY_MIB = 256;

/** Headers that concern one connection, or that API Gateway makes itself; it never hands a client's own to a function. */
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

/** The event (payload version 1) that API Gateway REST makes of a request. */
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

/** Runs the function as Lambda would; rejects when it throws, runs out of time, or returns what API Gateway refuses. */
export async function invoke(
  handler: ProxyHandler,
  event: APIGatewayProxyEvent,
  timeoutMs: number,
): Promise<ProxyResult> {
  const context = lambdaContext(FUNCTION_NAME, timeoutMs);
  return proxyResult.parse(await withinTime(handler(event, context), timeoutMs));
}

/** What the function made of an event; rejects when it throws, or takes longer than so many milliseconds. */
export async function withinTime<Result>(invocation: Promise<Result>, timeoutMs: number): Promise<Result> {
  const answered = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: answered.signal, ref: false }).then(() => {
    throw new Error(`The function did not answer within ${timeoutMs} ms.`);
  });
  try {
    return await Promise.race([invocation, timeout]);
  } finally {
    timeout.catch(() => {});
    answered.abort();
  }
}

/** What Lambda tells a function about itself and its invocation, of which `timeoutMs` milliseconds are left. */
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

/** Such as `22/Nov/2026:13:32:00 +0000`. */
function commonLogTime(date: Date): string {
  const [, day, month, year, time] = date.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
