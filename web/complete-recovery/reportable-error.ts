import { property } from '../property.ts';

/** Shorter values, such as `true`, stand in many texts. */
const MIN_SECRET_LENGTH = 8;

/**
 * Returns the error for the page's error reporting, or one with a fixed text if its own can contain a part of the link: the errors
 * of the vendor's SDK contain the whole link with its token.
 */
export function reportableError(error: unknown, link: URL): unknown {
  const text = [error, property(error, 'stack'), property(error, 'cause')].map(String).join('\n');
  const secrets = [link.href, link.hash, ...link.searchParams.values()];
  const hasSecret = secrets.some(
    (secret) =>
      secret.length >= MIN_SECRET_LENGTH &&
      (text.includes(secret) || text.includes(encodeURIComponent(secret))),
  );
  return hasSecret
    ? new Error('<complete-recovery>: registerCredential rejected with an error that contains the link.')
    : error;
}
