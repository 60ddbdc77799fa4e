import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
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
