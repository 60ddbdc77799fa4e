import { createHmac } from 'node:crypto';
import type { Deadline } from '../../core/deadline.ts';
import type { Pseudonyms } from '../../core/recover-user.ts';

/**
 * A user as limits, logs and audit events name them: an HMAC-SHA-256 under a secret key, because addresses are few enough
 * to invert a bare hash by trying.
 */
export function pseudonymOf(user: string, key: string): string {
  return createHmac('sha256', key).update(user).digest('base64url');
}

/** Pseudonyms under a key that is kept somewhere; `undefined` where it cannot be had within the deadline. */
export function pseudonymsUnder(key: (deadline: Deadline) => Promise<string | undefined>): Pseudonyms {
  return {
    async of(user, deadline) {
      const current = await key(deadline);
      return current === undefined ? undefined : pseudonymOf(user, current);
    },
  };
}
