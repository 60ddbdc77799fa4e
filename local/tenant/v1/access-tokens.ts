import { randomUUID } from 'node:crypto';
import { claimsOf, createSimulatedJwt } from './simulated-jwt.ts';

/** What a new token is to contain. */
export interface NewToken {
  readonly issuer: string;
  readonly tenantId: string;
  readonly scopes: readonly string[];
  readonly lifetimeSeconds: number;
}

/** The tenant's record of the tokens that it accepts: it does not trust a token's own text. */
export interface AccessTokens {
  /** Creates a token and accepts it from now on. */
  issue(token: NewToken): string;
  /** Accepts a token that was made elsewhere, until its `exp`. Throws an `Error` unless it has the shape of a v1 token. */
  accept(token: string): void;
  /** The scopes of a token, or `undefined` when it is unknown, revoked or expired. */
  scopesOf(token: string): ReadonlySet<string> | undefined;
  /** Revokes every token. */
  revokeAll(): void;
}

/** An empty record. `now` is the clock, in milliseconds since the epoch. */
export function createAccessTokens(now: () => number): AccessTokens {
  const accepted = new Map<string, { readonly scopes: ReadonlySet<string>; readonly expiresAt: number }>();

  function accept(token: string): void {
    const claims = claimsOf(token);
    if (claims === undefined) throw new Error('consoleToken must be a JWT with bi_t, exp and scope.');
    accepted.set(token, { scopes: new Set(claims.scope.split(' ')), expiresAt: claims.exp * 1000 });
  }

  return {
    accept,
    issue({ issuer, tenantId, scopes, lifetimeSeconds }) {
      const iat = Math.floor(now() / 1000);
      const token = createSimulatedJwt({
        iss: issuer,
        bi_t: tenantId,
        iat,
        exp: iat + lifetimeSeconds,
        scope: scopes.join(' '),
        jti: randomUUID(),
      });
      accept(token);
      return token;
    },
    scopesOf(token) {
      const found = accepted.get(token);
      return found !== undefined && found.expiresAt > now() ? found.scopes : undefined;
    },
    revokeAll: () => accepted.clear(),
  };
}
