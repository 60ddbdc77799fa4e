import type { JsonWebKey } from 'node:crypto';
import * as z from 'zod/mini';
import { parseJson } from '../../json-text.ts';
import { readJws } from './jws.ts';

const coordinate = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/));

const bindBody = z.object({ type: z.literal('JWT'), raw: z.string() });

const header = z.object({
  alg: z.literal('ES256'),
  // a private key (`d`) must never leave the device
  jwk: z.looseObject({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: coordinate,
    y: coordinate,
    d: z.optional(z.undefined()),
  }),
});

const payload = z.object({ sub: z.string(), token: z.string() });

/** What an authenticator signed with the new credential's private key. */
export interface BindingRequest {
  readonly publicKey: JsonWebKey;
  /** `CN={identity}, OU={realm}, O={tenant}`. */
  readonly subject: string;
  /** The token of the link. */
  readonly token: string;
}

/**
 * Reads the body of `:bind`: a JWS in compact form (RFC 7515) with the new public key in its header. Returns `undefined` unless
 * the signature belongs to that key.
 */
export function readBindingRequest(body: string): BindingRequest | undefined {
  const outer = parseJson(bindBody, body);
  const jws = 'value' in outer ? readJws(outer.value.raw, { header, payload }) : undefined;
  if (jws === undefined) return undefined;
  const { kty, crv, x, y } = jws.header.jwk;
  const publicKey = { kty, crv, x, y };
  if (!jws.isSignedBy(publicKey)) return undefined;
  return { publicKey, subject: jws.payload.sub, token: jws.payload.token };
}
