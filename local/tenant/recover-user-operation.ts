import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { isJsonContentType, parseJson } from '../json-text.ts';
import { findUser, type SimulatedUser } from './simulated-users.ts';

/** Path of the operation below the tenant's base URL. */
export const RECOVER_USER_PATH = '/v1/manage/recover-user';

/** A request as the tenant received it. */
export interface TenantRequest {
  readonly method: string;
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The state that the operation reads. */
export interface TenantState {
  readonly apiToken: string;
  readonly users: readonly SimulatedUser[];
  /** Whether a user is returned as `{"user": {...}}`, as in the vendor's SDK samples, or flat, as in its API definition. */
  readonly nestedUser: boolean;
}

/** The tenant's response; `recovered` is the user who receives the recovery email. */
export interface RecoverUserResponse {
  readonly status: number;
  readonly body: unknown;
  readonly recovered?: SimulatedUser;
}

const recoverUserBody = z.strictObject({
  external_id: z.string().check(z.minLength(1)),
  binding_token_delivery_method: z.literal('email'),
});

/** The external id in a request's body, if the body is valid. */
export function externalIdIn(body: string): string | undefined {
  const parsed = parseJson(recoverUserBody, body);
  return 'value' in parsed ? parsed.value.external_id : undefined;
}

/** Beyond Identity's recover-user operation. It rejects everything that deviates from the contract, with a reason. */
export function recoverUser(request: TenantRequest, tenant: TenantState): RecoverUserResponse {
  if (request.path !== RECOVER_USER_PATH) return errorResponse(404, `Not found: ${request.path}`);
  if (request.method !== 'POST') return errorResponse(405, `${request.method} is not allowed, only POST`);
  if (request.headers['authorization'] !== `Bearer ${tenant.apiToken}`) {
    return errorResponse(401, 'Authorization token is not active');
  }
  if (!isJsonContentType(request.headers['content-type'])) {
    return errorResponse(400, 'Content-Type must be application/json');
  }
  const body = parseJson(recoverUserBody, request.body);
  if ('problem' in body) return errorResponse(400, body.problem);

  const user = findUser(tenant.users, body.value.external_id);
  if (user === undefined) return errorResponse(404, 'User not found');
  // not 403: Beyond Identity uses that for a token that it rejects
  if (user.status === 'suspended') return errorResponse(409, 'User is suspended');
  return {
    status: 200,
    body: tenant.nestedUser ? { user: describeUser(user) } : describeUser(user),
    recovered: user,
  };
}

function errorResponse(status: number, message: string): RecoverUserResponse {
  return { status, body: { message } };
}

function describeUser(user: SimulatedUser) {
  return {
    internal_id: createHash('sha256').update(user.externalId).digest('hex').slice(0, 16),
    external_id: user.externalId,
    email: user.email,
    user_name: user.email,
    display_name: user.displayName,
    date_created: '2026-01-01T00:00:00Z',
    date_modified: '2026-01-01T00:00:00Z',
    status: 'USER_STATUS_ACTIVE',
  };
}
