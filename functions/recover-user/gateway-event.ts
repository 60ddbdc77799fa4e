import * as z from 'zod/mini';

/** What the function reads of an API Gateway REST proxy event (Lambda proxy integration, payload 1.0). */
export const gatewayEvent = z.object({
  httpMethod: z.string(),
  // not header by header: there are many, and only two are read, by libraries that take them for anything
  headers: z.optional(z.nullable(z.custom<Record<string, string>>((value) => typeof value === 'object'))),
  body: z.nullable(z.string()),
  isBase64Encoded: z._default(z.boolean(), false),
  requestContext: z.object({
    requestId: z.string(),
    identity: z.optional(z.object({ sourceIp: z.optional(z.string()) })),
  }),
});
