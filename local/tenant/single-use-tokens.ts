import { randomBytes } from 'node:crypto';

/** Why a token is invalid: it has expired, has been used, or was never issued. */
export type TokenProblem = 'expired' | 'used' | 'malformed';

/** The subject of a token, or the reason why it is invalid. */
export type TokenVerdict<Subject> = { readonly subject: Subject } | { readonly reason: TokenProblem };

/** A new token. */
export interface IssuedToken {
  /** 256 random bits in Base64url. */
  readonly token: string;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Tokens that work once, for a limited time. */
export interface SingleUseTokens<Subject> {
  issue(subject: Subject): IssuedToken;
  /** Checks a token without using it up. */
  consult(token: string): TokenVerdict<Subject>;
  /** Uses up a token: of concurrent attempts, one succeeds. */
  consume(token: string): TokenVerdict<Subject>;
  /** Expires all tokens issued so far; returns whether any was still valid. */
  expireAll(): boolean;
}

/** Options of the tokens. */
export interface SingleUseTokensOptions {
  readonly lifetimeMs: number;
  /** Whether issuing a token drops the expired ones, which are `malformed` from then on (otherwise all are kept). */
  readonly forgetsExpired?: boolean;
  /** The clock, in milliseconds since the epoch (`Date.now`). */
  readonly now?: (() => number) | undefined;
}

const TOKEN_BYTES = 32;

/** Creates an empty store of tokens, in memory. */
export function createSingleUseTokens<Subject>({
  lifetimeMs,
  forgetsExpired = false,
  now = Date.now,
}: SingleUseTokensOptions): SingleUseTokens<Subject> {
  const kept = new Map<string, { readonly subject: Subject; expiresAt: number; isUsed: boolean }>();

  function consult(token: string): TokenVerdict<Subject> {
    const found = kept.get(token);
    if (found === undefined) return { reason: 'malformed' };
    if (found.isUsed) return { reason: 'used' };
    return found.expiresAt > now() ? { subject: found.subject } : { reason: 'expired' };
  }

  function forgetExpired(): void {
    for (const [token, { expiresAt }] of kept) if (expiresAt <= now()) kept.delete(token);
  }

  return {
    issue(subject) {
      if (forgetsExpired) forgetExpired();
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const expiresAt = now() + lifetimeMs;
      kept.set(token, { subject, expiresAt, isUsed: false });
      return { token, expiresAt };
    },
    consult,
    consume(token) {
      const verdict = consult(token);
      const found = kept.get(token);
      if ('subject' in verdict && found !== undefined) found.isUsed = true;
      return verdict;
    },
    expireAll() {
      const valid = [...kept.values()].filter(({ isUsed, expiresAt }) => !isUsed && expiresAt > now());
      for (const token of valid) token.expiresAt = now();
      return valid.length > 0;
    },
  };
}
