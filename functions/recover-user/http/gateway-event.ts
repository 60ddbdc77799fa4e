import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import * as z from 'zod/mini';

/** What the function reads of an API Gateway REST proxy event (Lambda proxy integration, payload 1.0). */
export const gatewayEvent = z.object({
  httpMethod: z.string(),
  // not header by header: there are many, and only two are read; textHeaders has left out what is no text
  headers: z.optional(z.nullable(z.custom<Record<string, string>>((value) => typeof value === 'object'))),
  body: z.nullable(z.string()),
  isBase64Encoded: z._default(z.boolean(), false),
  requestContext: z.object({
    requestId: z.string(),
    identity: z.optional(z.object({ sourceIp: z.optional(z.string()) })),
  }),
});

/** Leaves out headers whose value is not text: no HTTP request has them, and other middleware takes them for text. */
export const textHeaders: MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> = {
  before: ({ event }) => {
    const { headers } = event;
    if (typeof headers !== 'object' || headers === null) return;
    event.headers = Object.fromEntries(
      Object.entries(headers).filter(([, value]) => typeof value === 'string'),
    );
  },
};

/** An id as API Gateway makes it, and a client IP. */
const REQUEST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SOURCE_IP = /^[0-9a-f.:]{2,45}$/i;

/**
 * Names the request in its response and in every log: the gateway's id, or that of the invocation. A caller can override the
 * former, and whoever may invoke the function sends anything in its place: then the latter, so that it is never echoed.
 */
export function requestIdOf(event: APIGatewayProxyEvent, context: Context): string {
  return textLike(REQUEST_ID, event.requestContext?.requestId) ?? context.awsRequestId;
}

/** The client IP, as the gateway saw it; `undefined` where it is none. */
export function sourceIpOf(event: APIGatewayProxyEvent): string | undefined {
  return textLike(SOURCE_IP, event.requestContext?.identity?.sourceIp);
}

function textLike(pattern: RegExp, value: unknown): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}
