import * as z from 'zod/mini';
import { parsedJson } from './api-call.ts';

const claims = z.object({
  /** The application that the token was issued for, as a URL of the authorization server. */
  iss: z.optional(z.string()),
  /** The tenant: only tokens of the v1 platform have it. */
  bi_t: z.optional(z.string()),
  /** When it expires, in seconds since 1970. */
  exp: z.optional(z.number()),
  scope: z.optional(z.string()),
});

/** What a token that is a JWT says of itself. Nothing of it is verified: it is good for hints, never for a decision. */
export type TokenClaims = z.infer<typeof claims>;

/** The claims of a token; `undefined` where it is no JWT. */
export function claimsOf(token: string): TokenClaims | undefined {
  const [, payload] = token.split('.');
  return claims.safeParse(parsedJson(Buffer.from(payload ?? '', 'base64url').toString())?.value).data;
}

/** The scopes in a space-separated list (RFC 6749 section 3.3). */
export function scopesIn(list: string | undefined): ReadonlySet<string> {
  return new Set(list?.split(' ').filter((scope) => scope !== ''));
}
