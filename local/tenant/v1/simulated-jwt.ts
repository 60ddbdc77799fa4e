import * as z from 'zod/mini';
import { parseJson } from '../../json-text.ts';

/** The claims that a v1 token has. Times are in seconds since the epoch. */
export interface TokenClaims {
  /** `{authorization server}/v1/tenants/{tenant}/realms/{realm}/applications/{application}`. */
  readonly iss: string;
  /** The tenant: v0's tokens lack it. */
  readonly bi_t: string;
  readonly iat: number;
  readonly exp: number;
  /** Separated by spaces. */
  readonly scope: string;
  /** Makes every token unique. */
  readonly jti: string;
}

const HEADER = encode({ alg: 'RS256', typ: 'JWT', kid: 'simulated-not-a-real-key' });
const SIGNATURE = Buffer.from('simulated, not a real signature').toString('base64url');

const readClaims = z.object({ bi_t: z.string(), exp: z.number(), scope: z.string() });

/** A token in the shape of a JWT, with a signature that no key verifies. */
export function createSimulatedJwt(claims: TokenClaims): string {
  return `${HEADER}.${encode(claims)}.${SIGNATURE}`;
}

/** The claims that the tenant reads of a token, or `undefined` if it does not have the shape of a v1 token. */
export function claimsOf(token: string): z.infer<typeof readClaims> | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  const claims = parseJson(readClaims, Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
  return 'value' in claims ? claims.value : undefined;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
