import { createHmac } from 'node:crypto';
import { canonicalAddress } from '../../recover-user/http/email-address.ts';

/**
 * The user whom a (normalized) address can reach, as limits, logs and audit events name them: an HMAC-SHA-256 under a
 * secret key, because addresses are few enough to invert a bare hash by trying.
 */
export function pseudonymOf(address: string, key: string): string {
  return createHmac('sha256', key).update(canonicalAddress(address)).digest('base64url');
}
