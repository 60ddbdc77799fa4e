import { randomBytes } from 'node:crypto';

/** Why a token is not taken: its time is over, it was taken before, or it was never issued. */
export type TokenRefusal = 'expired' | 'used' | 'malformed';

/** What a token was issued for, or why it is not taken. */
export type TokenVerdict<Subject> = { readonly subject: Subject } | { readonly reason: TokenRefusal };

/** A token on its way to somebody. */
export interface IssuedToken {
  /** 256 random bits in Base64url. */
  readonly token: string;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Tokens that work once, and for a while only. */
export interface SingleUseTokens<Subject> {
  issue(subject: Subject): IssuedToken;
  /** Says what a token is worth, and leaves it as it is. */
  consult(token: string): TokenVerdict<Subject>;
  /** Takes a token: of all who try, one succeeds. */
  consume(token: string): TokenVerdict<Subject>;
  /** Lets the time of all tokens be over that were issued so far; says whether one of them would still have been taken. */
  expireAll(): boolean;
}

/** How tokens are kept. */
export interface SingleUseTokensOptions {
  readonly lifetimeMs: number;
  /**
   * Whether a token whose time is over is dropped when another one is issued, and taken for one that never was from then on;
   * otherwise all are kept.
   */
  readonly forgetsExpired?: boolean;
  /** The time in milliseconds since the epoch; the machine's clock unless told otherwise. */
  readonly now?: (() => number) | undefined;
}

const TOKEN_BYTES = 32;

/** Starts without tokens; those that it issues are kept in memory. */
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
