import { property } from '../property.ts';
import type { RegistrationFailure } from './registration-error.ts';

/** The statuses that say nothing about the link: timeouts and rate limits. */
const PASSING_STATUSES = [408, 425, 429];

/**
 * Classifies an error of `@beyondidentity/bi-sdk-js`, which says what happened in its text only. Measured with 3.0.6.
 *
 * Any 4xx makes the link `invalid`: the SDK has found it to be complete, so the tenant knows no such link, or it is used, expired
 * or revoked, and the vendor does not tell these apart.
 */
export function failureOf(error: unknown): RegistrationFailure {
  const text = String(property(error, 'message') ?? error);
  const status = Number(/responded with a (\d{3}) error/.exec(text)?.[1] ?? Number.NaN);
  if (status >= 400 && status < 500 && !PASSING_STATUSES.includes(status)) return 'invalid';
  if (!Number.isNaN(status)) return 'failed';
  if (text.includes('Failed to send a request')) return 'offline';
  // the link's API is none of the allowed ones, or is not https; nothing was sent
  if (/\b(DisallowedDomain|InvalidUrl)\b/.test(text)) return 'malformed';
  // the SDK makes a software passkey in place of one that the device cannot make; only a user who cancels stops it
  const name = String(property(error, 'name') ?? '');
  return /\b(NotAllowedError|AbortError)\b/.test(`${name} ${text}`) ? 'cancelled' : 'failed';
}
