import type { IncomingHttpHeaders } from 'node:http';

/** The one form of date that a server may send (RFC 9110 section 5.6.7); `Date.parse` alone takes nearly anything. */
const HTTP_DATE = /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long a response asks its client to wait, in milliseconds: the longer of `Retry-After` and, with a `429`, the
 * `RateLimit-Reset` that Beyond Identity's v1 API sends in its place (seconds).
 */
export function requestedPauseMs(status: number, headers: IncomingHttpHeaders): number | undefined {
  const retryAfter = retryAfterMs(headers['retry-after']);
  const reset = status === 429 ? secondsIn(headers['ratelimit-reset']) : undefined;
  return reset === undefined ? retryAfter : Math.max(reset, retryAfter ?? 0);
}

/** Milliseconds that a `Retry-After` asks for: seconds or a date (RFC 9110 section 10.2.3); anything else is ignored. */
function retryAfterMs(header: string | undefined): number | undefined {
  const seconds = secondsIn(header);
  if (seconds !== undefined || header === undefined) return seconds;
  const date = HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** Milliseconds in a header that is a whole number of seconds. */
function secondsIn(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) * 1000 : undefined;
}
