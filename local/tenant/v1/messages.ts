import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** A request as the tenant received it. */
export interface V1Request {
  readonly method: string;
  readonly path: string;
  /** Without the question mark, as it was sent. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The tenant's response. */
export interface V1Response {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: OutgoingHttpHeaders;
  /** Whether an email was sent for the request. */
  readonly isMailed?: boolean;
}

/** What is wrong with one field of a request, in the words of the vendor's error documents. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** A value, or the response that rejects the request. */
export type Checked<Value> = { readonly value: Value } | { readonly rejected: V1Response };

/** A success. */
export function success(body: unknown): V1Response {
  return { status: 200, body };
}

/** The request cannot be read at all. */
export function malformedRequest(): V1Response {
  return errorDocument(400, 'bad_request', 'invalid request');
}

/** Fields or parameters of the request are invalid. */
export function invalidParameters(violations: readonly FieldViolation[]): V1Response {
  return errorDocument(400, 'bad_request', 'invalid parameters', [
    { type: 'FieldViolations', field_violations: violations },
  ]);
}

/** The token is missing, unknown or expired. */
export function unauthorized(): V1Response {
  return errorDocument(401, 'unauthorized', 'unauthorized');
}

/** The token lacks the scope. */
export function forbidden(): V1Response {
  return errorDocument(403, 'forbidden', 'forbidden');
}

/** A resource that the path names does not exist. */
export function resourceNotFound(resourceType: string, id: string): V1Response {
  const message = `${RESOURCE_NAMES[resourceType] ?? resourceType.toLowerCase()} not found`;
  return errorDocument(404, 'not_found', message, [resourceInfo(resourceType, id, message)]);
}

/** The resource is in a state in which the operation is impossible. */
export function resourceConflict(
  status: 409 | 410 | 422,
  resourceType: string,
  id: string,
  message: string,
): V1Response {
  return errorDocument(status, CONFLICT_CODES[status], message, [resourceInfo(resourceType, id, message)]);
}

/** There is no such path. */
export function unknownPath(): V1Response {
  return errorDocument(404, 'not_found', 'not found');
}

/** The path exists, but not with this method. */
export function methodNotAllowed(allowed: readonly string[]): V1Response {
  return {
    ...errorDocument(405, 'method_not_allowed', 'method not allowed'),
    headers: { Allow: allowed.join(', ') },
  };
}

/** The vendor's error document. */
export function errorDocument(
  status: number,
  code: string,
  message: string,
  details?: readonly object[],
): V1Response {
  return { status, body: { code, message, ...(details && { details }) } };
}

/** The error document of the token endpoint (RFC 6749, section 5.2). */
export function oauthError(status: number, error: string, headers: OutgoingHttpHeaders = {}): V1Response {
  return { status, body: { error }, headers };
}

const RESOURCE_NAMES: Readonly<Record<string, string>> = {
  CredentialBindingJob: 'credential binding job',
};

const CONFLICT_CODES = { 409: 'conflict', 410: 'gone', 422: 'unprocessable_entity' } as const;

function resourceInfo(resourceType: string, id: string, description: string): object {
  return { type: 'ResourceInfo', resource_type: resourceType, id, description };
}
