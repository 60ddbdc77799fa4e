import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import * as z from 'zod/mini';
import { parseJson } from '../../json-text.ts';

const BASE64URL = /^[A-Za-z0-9_-]+$/;
const coordinate = z.string().check(z.regex(BASE64URL));

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
  const parts = 'value' in outer ? outer.value.raw.split('.') : [];
  const [encodedHeader = '', encodedPayload = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => BASE64URL.test(part))) return undefined;
  const head = parseJson(header, decode(encodedHeader));
  const content = parseJson(payload, decode(encodedPayload));
  if ('problem' in head || 'problem' in content) return undefined;
  const { kty, crv, x, y } = head.value.jwk;
  const publicKey = { kty, crv, x, y };
  if (!isSigned(`${encodedHeader}.${encodedPayload}`, signature, publicKey)) return undefined;
  return { publicKey, subject: content.value.sub, token: content.value.token };
}

function isSigned(text: string, signature: string, publicKey: JsonWebKey): boolean {
  try {
    const key = createPublicKey({ key: publicKey, format: 'jwk' });
    const bytes = Buffer.from(signature, 'base64url');
    return verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, bytes);
  } catch {
    // the coordinates are no point of the curve
    return false;
  }
}

function decode(part: string): string {
  return Buffer.from(part, 'base64url').toString('utf8');
}
