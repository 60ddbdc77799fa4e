import * as z from 'zod/mini';

/** What the function reads of an API Gateway REST proxy event (Lambda proxy integration, payload 1.0). */
export const gatewayEvent = z.object({
  httpMethod: z.string(),
  headers: z._default(z.nullable(z.record(z.string(), z.string())), {}),
  body: z.nullable(z.string()),
  isBase64Encoded: z._default(z.boolean(), false),
  requestContext: z.object({
    requestId: z.string(),
    identity: z.optional(z.object({ sourceIp: z.optional(z.string()) })),
  }),
});
export type GatewayEvent = z.infer<typeof gatewayEvent>;
