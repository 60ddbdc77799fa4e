import { SIMULATED_IDENTITIES, type SimulatedIdentity } from '../../../../../local/tenant/v1/identities.ts';
import type { V1Tenant } from '../../../../../local/tenant/v1/options.ts';
import {
  SIMULATED_ADMIN_REALM_ID,
  SIMULATED_APPLICATION_ID,
  SIMULATED_AUTHENTICATOR_CONFIG_ID,
  SIMULATED_CLIENT_ID,
  SIMULATED_CLIENT_SECRET,
  SIMULATED_REALM_ID,
  SIMULATED_TENANT_ID,
} from '../../../../../local/tenant/v1/simulated-ids.ts';

export const TOKEN_PATH = `/v1/tenants/${SIMULATED_TENANT_ID}/realms/${SIMULATED_ADMIN_REALM_ID}/applications/${SIMULATED_APPLICATION_ID}/token`;
export const IDENTITIES_PATH = `/v1/tenants/${SIMULATED_TENANT_ID}/realms/${SIMULATED_REALM_ID}/identities`;

export const SCOPES = 'identities:read credential-binding-jobs:create credential-binding-jobs:read';

/** A job's body that the contract allows, without the optional redirect. */
export const EMAIL_JOB = {
  job: { delivery_method: 'EMAIL', authenticator_config_id: SIMULATED_AUTHENTICATOR_CONFIG_ID },
};

/** The simulated identity with this user name. */
export function identityOf(username: string): SimulatedIdentity {
  const identity = SIMULATED_IDENTITIES.find((candidate) => candidate.username === username);
  if (identity === undefined) throw new Error(`There is no identity ${username}.`);
  return identity;
}

export function jobsPath(identityId: string): string {
  return `${IDENTITIES_PATH}/${identityId}/credential-binding-jobs`;
}

export function basic(id = SIMULATED_CLIENT_ID, secret = SIMULATED_CLIENT_SECRET): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

/** Sends a request to the token endpoint, with valid parts where none are given. */
export function requestToken(
  tenant: V1Tenant,
  {
    path = TOKEN_PATH,
    method = 'POST',
    headers = {},
    body = { grant_type: 'client_credentials', scope: SCOPES },
  }: {
    path?: string;
    method?: string;
    headers?: Record<string, string>;
    body?: Record<string, string> | string;
  } = {},
): Promise<Response> {
  return fetch(tenant.url + path, {
    method,
    headers: {
      authorization: basic(),
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    ...(method !== 'GET' && {
      body: typeof body === 'string' ? body : new URLSearchParams(body).toString(),
    }),
  });
}

/** Calls the API with the console token, or another one; `null` sends none. */
export function callApi(
  tenant: V1Tenant,
  path: string,
  {
    token = tenant.consoleToken,
    body,
    ...init
  }: { token?: string | null; method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(tenant.url + path, {
    ...init,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...init.headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** Finds identities by a filter that is percent-encoded here. */
export function findByFilter(tenant: V1Tenant, filter: string, more = ''): Promise<Response> {
  return callApi(tenant, `${IDENTITIES_PATH}?filter=${encodeURIComponent(filter)}${more}`);
}

/** Creates a job for a user, with the valid body unless another one is given. */
export function createJob(
  tenant: V1Tenant,
  username: string,
  body: unknown = EMAIL_JOB,
  token: string | null = tenant.consoleToken,
): Promise<Response> {
  return callApi(tenant, jobsPath(identityOf(username).id), { method: 'POST', body, token });
}

/** The vendor's document about invalid fields. */
export function violation(field: string, description: unknown): object {
  return {
    code: 'bad_request',
    message: 'invalid parameters',
    details: [{ type: 'FieldViolations', field_violations: [{ field, description }] }],
  };
}

/** The vendor's document about a resource. */
export function aboutResource(code: string, resourceType: string, id: string, message: string): object {
  return {
    code,
    message,
    details: [{ type: 'ResourceInfo', resource_type: resourceType, id, description: message }],
  };
}
