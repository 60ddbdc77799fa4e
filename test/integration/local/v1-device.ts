import type { KeyObject } from 'node:crypto';
import * as z from 'zod/mini';
import { parseJson } from '../../../local/json-text.ts';
import { SIGN_IN_PATH } from '../../../local/paths.ts';
import { readJws, signJws, thumbprintOf } from '../../../local/tenant/v1/jws.ts';
import type { V1Tenant } from '../../../local/tenant/v1/options.ts';
import {
  SIMULATED_REALM_ID,
  SIMULATED_SIGN_IN_APPLICATION_ID,
  SIMULATED_SIGN_IN_CLIENT_ID,
  SIMULATED_TENANT_ID,
} from '../../../local/tenant/v1/simulated-ids.ts';
import { createBinding, type TestLink } from './tenant/v1/software-passkey.ts';

/** A passkey that a tenant has bound. */
export interface BoundTestPasskey {
  readonly credentialId: string;
  readonly subject: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** The application that users sign in to. */
export const SIGN_IN_APPLICATION_PATH = `/v1/tenants/${SIMULATED_TENANT_ID}/realms/${SIMULATED_REALM_ID}/applications/${SIMULATED_SIGN_IN_APPLICATION_ID}`;

const bound = z.object({ id: z.string() });
const authorized = z.object({ authenticate_url: z.string() });
const allowed = z.object({ type: z.literal('allow'), code: z.string() });
const requestHeader = z.object({ alg: z.literal('ES256'), kid: z.string(), jku: z.string() });
const requestClaims = z.object({
  exp: z.number(),
  authn: z.object({
    base_url: z.string(),
    redirect_uri: z.string(),
    state: z.string(),
    action: z.object({
      prove: z.object({ transaction_id: z.string(), nonce: z.string(), bi_pol_ver: z.string() }),
    }),
  }),
});

/** Calls an operation of a link, as the vendor's SDK does. */
export function callLink(
  tenant: V1Tenant,
  link: TestLink,
  operation: 'getInfo' | 'bind',
  body?: object,
): Promise<Response> {
  return fetch(`${tenant.url}${link.path}:${operation}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${link.token}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** Binds a new passkey with the link. */
export async function bindPasskey(tenant: V1Tenant, link: TestLink): Promise<BoundTestPasskey> {
  const { body, publicKey, privateKey } = createBinding(link);
  const response = await callLink(tenant, link, 'bind', body);
  return {
    credentialId: readJson(bound, await response.text()).id,
    subject: `CN=${link.identityId}, OU=${link.realmId}, O=${link.tenantId}`,
    kid: thumbprintOf(publicKey),
    privateKey,
  };
}

/** Calls `authorize` with valid parameters; those given replace them, and `undefined` removes one. */
export function authorize(
  { url }: V1Tenant,
  changed: Readonly<Record<string, string | undefined>> = {},
  path = SIGN_IN_APPLICATION_PATH,
): Promise<Response> {
  const valid = {
    response_type: 'code',
    client_id: SIMULATED_SIGN_IN_CLIENT_ID,
    redirect_uri: 'http://localhost:3000/sign-in',
    scope: 'openid',
    state: 'xyz',
  };
  const parameters = Object.entries({ ...valid, ...changed }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return fetch(`${url}${path}/authorize?${parameters.join('&')}`);
}

/** Begins a sign-in, and reads its request as the vendor's SDK does. */
export async function beginSignIn(tenant: V1Tenant, redirectUri?: string) {
  const response = await authorize(tenant, redirectUri === undefined ? {} : { redirect_uri: redirectUri });
  const url = new URL(readJson(authorized, await response.text()).authenticate_url);
  const shapes = { header: requestHeader, payload: requestClaims };
  const request = readJws(url.searchParams.get('request') ?? '', shapes);
  if (request === undefined) throw new Error('The URL has no request for a sign-in.');
  return { url, request };
}

/** Proves that the passkey is there, as the vendor's SDK does. `claims` replaces parts of the signed ones. */
export async function authenticateWith(
  tenant: V1Tenant,
  passkey: BoundTestPasskey,
  { request: { payload } }: Awaited<ReturnType<typeof beginSignIn>>,
  claims: object = {},
): Promise<Response> {
  const { transaction_id: transactionId, nonce, bi_pol_ver: policyVersion } = payload.authn.action.prove;
  const seconds = Math.floor(Date.now() / 1000);
  const url = `${payload.authn.base_url}${SIGN_IN_APPLICATION_PATH}/bi-authenticate`;
  const proof = {
    sub: passkey.subject,
    aud: [url],
    ...{ exp: seconds + 4200, nbf: seconds - 4200 },
    ...{ bi_tid: transactionId, bi_non: nonce, bi_pol_ver: policyVersion },
    ...claims,
  };
  const jwt = signJws({ kid: passkey.kid }, proof, passkey.privateKey);
  return fetch(`${tenant.url}${SIGN_IN_APPLICATION_PATH}/bi-authenticate`, {
    method: 'POST',
    body: new URLSearchParams({ claims: JSON.stringify({ Jwt: jwt }) }),
  });
}

/** Redeems an authorization code, in place of the app's server. */
export function redeem(tenant: V1Tenant, code: string): Promise<Response> {
  return fetch(tenant.url + SIGN_IN_PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
}

/** The code of a successful authentication. */
export async function codeIn(response: Response): Promise<string> {
  return readJson(allowed, await response.text()).code;
}

/** Signs in, from the beginning to the end. The redirect URI is one of the app. */
export async function signInWith(
  tenant: V1Tenant,
  passkey: BoundTestPasskey,
  redirectUri?: string,
): Promise<Response> {
  const begun = await beginSignIn(tenant, redirectUri);
  return redeem(tenant, await codeIn(await authenticateWith(tenant, passkey, begun)));
}

function readJson<Schema extends z.ZodMiniType>(schema: Schema, text: string): z.output<Schema> {
  const parsed = parseJson(schema, text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.value;
}
