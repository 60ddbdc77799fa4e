import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from './http-server.ts';

/** The hosts of a URL that always mean this machine; any other name that resolves to it belongs to someone else. */
export const OWN_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Rejects a request whose `Host` is not this machine; returns whether it did. This stops DNS rebinding: a page whose own name
 * resolves to this machine is same-origin for its browser, so its requests carry no other sign of their origin.
 */
export function rejectForeignHost(request: IncomingMessage, response: ServerResponse): boolean {
  const { host = '' } = request.headers;
  if (OWN_HOSTS.includes(host.replace(/:\d+$/, '').toLowerCase())) return false;
  sendJson(response, 403, { message: `Only as ${OWN_HOSTS.join(', ')}` });
  return true;
}

/**
 * Rejects a request from a page of another origin, by its `Origin` or `Sec-Fetch-Site`, or with a foreign host; returns
 * whether it did. A request without these headers passes: curl, but also a browser's plain GET to an origin that it does not
 * trust. No page of another origin can read the response to such a GET, so a GET must not change anything.
 */
export function rejectCrossSite(
  request: IncomingMessage,
  response: ServerResponse,
  ownOrigins: readonly string[] = [],
): boolean {
  if (rejectForeignHost(request, response)) return true;
  const { origin, 'sec-fetch-site': site = 'none' } = request.headers;
  const isOwn = origin === undefined || ownOrigins.includes(origin);
  if (isOwn && (site === 'same-origin' || site === 'none')) return false;
  sendJson(response, 403, { message: 'Not from another site' });
  return true;
}
