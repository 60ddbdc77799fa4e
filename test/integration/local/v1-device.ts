import { sign } from 'node:crypto';
import * as z from 'zod/mini';
import { parseJson } from '../../../local/json-text.ts';
import { SIGN_IN_CHALLENGE_PATH, SIGN_IN_PATH } from '../../../local/paths.ts';
import type { V1Tenant } from '../../../local/tenant/v1/options.ts';
import { createBinding, type TestLink } from './tenant/v1/software-passkey.ts';

/** A passkey that a tenant has bound. */
export interface BoundTestPasskey {
  readonly credentialId: string;
  /** Signs a text as ES256, in Base64url. */
  readonly sign: (text: string) => string;
}

const challenged = z.object({ challenge: z.string() });
const bound = z.object({ id: z.string() });

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
  const { body, privateKey } = createBinding(link);
  const response = await callLink(tenant, link, 'bind', body);
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return {
    credentialId: readJson(bound, await response.text()).id,
    sign: (text) => sign('sha256', Buffer.from(text), key).toString('base64url'),
  };
}

/** A challenge of the tenant. */
export async function challengeOf(tenant: V1Tenant): Promise<string> {
  const response = await fetch(tenant.url + SIGN_IN_CHALLENGE_PATH, { method: 'POST' });
  return readJson(challenged, await response.text()).challenge;
}

/** Signs in; what `changed` holds replaces parts of the valid body. */
export async function signInWith(
  tenant: V1Tenant,
  passkey: BoundTestPasskey,
  changed: object = {},
): Promise<Response> {
  const challenge = await challengeOf(tenant);
  const valid = { credential_id: passkey.credentialId, challenge, signature: passkey.sign(challenge) };
  return fetch(tenant.url + SIGN_IN_PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...valid, ...changed }),
  });
}

function readJson<Schema extends z.ZodMiniType>(schema: Schema, text: string): z.output<Schema> {
  const parsed = parseJson(schema, text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.value;
}
