import type { ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { applyFault } from '../../apply-fault.ts';
import type { FaultSwitch } from '../../fault-switch.ts';
import { sendJson } from '../../http-server.ts';
import { errorDocument, forbidden, oauthError, unauthorized, type V1Response } from './messages.ts';
import { OPERATIONS, type OperationName } from './operation-names.ts';

const LONGEST_DELAY_MS = 600_000;
const RATE_LIMIT = 100;

const limits = {
  times: z.optional(z.int().check(z.minimum(1))),
  operation: z.optional(z.enum(OPERATIONS)),
};

/** The schema of a fault, as the control endpoint takes it. */
export const v1TenantFault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['slow', 'late-response']),
    delayMs: z.int().check(z.minimum(0), z.maximum(LONGEST_DELAY_MS)),
    ...limits,
  }),
  z.strictObject({
    kind: z.literal('429'),
    rateLimitResetSeconds: z.optional(z.int().check(z.minimum(0))),
    ...limits,
  }),
  z.strictObject({
    kind: z.enum(['401', '403', '500', 'reset', 'hang', 'not-json', 'lost-response']),
    ...limits,
  }),
]);

/**
 * A fault of the tenant: an error response (`401`, `403`, `429`, `500`), or one of the connection. It hits every operation, or
 * only the one that it names. A `429` has the vendor's `RateLimit-...` headers if `rateLimitResetSeconds` is set.
 */
export type V1TenantFault = z.infer<typeof v1TenantFault>;

/** The fault that hits this operation, if any: only such a call counts. */
export function nextFault(
  faults: FaultSwitch<V1TenantFault>,
  operation: OperationName | undefined,
): V1TenantFault | undefined {
  const only = faults.current?.operation;
  return only === undefined || only === operation ? faults.next() : undefined;
}

/** Applies a fault of the tenant; resolves with whether the tenant is still to handle the request. */
export function applyV1TenantFault(
  fault: V1TenantFault | undefined,
  operation: OperationName | undefined,
  response: ServerResponse,
): Promise<boolean> {
  const isToken = operation === 'token';
  const send =
    ({ status, body }: V1Response, headers = {}) =>
    () =>
      sendJson(response, status, body, headers);
  return applyFault(fault, response, {
    '401': send(isToken ? oauthError(401, 'invalid_client') : unauthorized()),
    '403': send(isToken ? oauthError(403, 'access_denied') : forbidden()),
    '429': send(errorDocument(429, 'too_many_requests', 'too many requests'), rateLimitHeaders(fault)),
    '500': send(errorDocument(500, 'internal_server_error', 'internal server error')),
  });
}

function rateLimitHeaders(fault: V1TenantFault | undefined): Record<string, number> {
  if (fault?.kind !== '429' || fault.rateLimitResetSeconds === undefined) return {};
  return {
    'RateLimit-Limit': RATE_LIMIT,
    'RateLimit-Remaining': 0,
    'RateLimit-Reset': fault.rateLimitResetSeconds,
  };
}
