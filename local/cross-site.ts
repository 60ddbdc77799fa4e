import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson } from './http-server.ts';

/** The names that a browser has for its own machine, as they stand in a URL; one that leads here by DNS is somebody else's. */
export const OWN_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses a request that does not name this machine as its host, and says whether it did: a page whose own name has come to
 * lead here (DNS rebinding) is of the same origin for its browser, which then sends nothing that tells it from one of ours.
 */
export function refusedAsForeignHost(request: IncomingMessage, response: ServerResponse): boolean {
  const { host = '' } = request.headers;
  if (OWN_HOSTS.includes(host.replace(/:\d+$/, '').toLowerCase())) return false;
  answerJson(response, 403, { message: `Only as ${OWN_HOSTS.join(', ')}` });
  return true;
}

/**
 * Refuses a request that says, by its `Origin` or `Sec-Fetch-Site`, that a page of another origin has a browser send it, or
 * that names a foreign host, and says whether it did. Who sends neither header is let through: curl, but also a browser's
 * plain GET that has no `Origin` and, to an origin that the browser does not trust, no `Sec-Fetch-Site`. No page of another
 * origin can read what that one is answered, and it must change nothing.
 */
export function refusedAsCrossSite(
  request: IncomingMessage,
  response: ServerResponse,
  ownOrigins: readonly string[] = [],
): boolean {
  if (refusedAsForeignHost(request, response)) return true;
  const { origin, 'sec-fetch-site': site = 'none' } = request.headers;
  const isOwn = origin === undefined || ownOrigins.includes(origin);
  if (isOwn && (site === 'same-origin' || site === 'none')) return false;
  answerJson(response, 403, { message: 'Not from another site' });
  return true;
}
