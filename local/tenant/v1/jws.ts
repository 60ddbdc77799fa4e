import { createHash, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';
import type * as z from 'zod/mini';
import { parseJson } from '../../json-text.ts';

const PART = /^[A-Za-z0-9_-]+$/;

/** A JWS in compact form (RFC 7515), read but not verified. */
export interface Jws<Header, Payload> {
  readonly header: Header;
  readonly payload: Payload;
  /** Whether this key, on the curve P-256, signed it with ES256 (RFC 7518, section 3.4). */
  isSignedBy(publicKey: JsonWebKey): boolean;
}

/** Reads a JWS; `undefined` unless its parts have these shapes. */
export function readJws<Header extends z.ZodMiniType, Payload extends z.ZodMiniType>(
  text: string,
  shapes: { readonly header: Header; readonly payload: Payload },
): Jws<z.output<Header>, z.output<Payload>> | undefined {
  const parts = text.split('.');
  const [encodedHeader = '', encodedPayload = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => PART.test(part))) return undefined;
  const header = parseJson(shapes.header, decode(encodedHeader));
  const payload = parseJson(shapes.payload, decode(encodedPayload));
  if ('problem' in header || 'problem' in payload) return undefined;
  return {
    header: header.value,
    payload: payload.value,
    isSignedBy: (publicKey) => isSigned(`${encodedHeader}.${encodedPayload}`, signature, publicKey),
  };
}

/** Signs with ES256. The key is on the curve P-256. */
export function signJws(header: object, payload: object, privateKey: KeyObject): string {
  const text = `${encode({ alg: 'ES256', ...header })}.${encode(payload)}`;
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

/** The thumbprint of a key on an elliptic curve (RFC 7638). */
export function thumbprintOf({ crv, kty, x, y }: JsonWebKey): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
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

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): string {
  return Buffer.from(part, 'base64url').toString('utf8');
}
