import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson } from './http-server.ts';

/**
 * Refuses a request that a page of another origin has a browser send, and says whether it did. Who sends no such headers, such
 * as curl, is let through: nobody can have another person's browser leave them out.
 */
export function refusedAsCrossSite(
  request: IncomingMessage,
  response: ServerResponse,
  ownOrigins: readonly string[] = [],
): boolean {
  const { origin, 'sec-fetch-site': site = 'none' } = request.headers;
  const isOwn = origin === undefined || ownOrigins.includes(origin);
  if (isOwn && (site === 'same-origin' || site === 'none')) return false;
  answerJson(response, 403, { message: 'Not from another site' });
  return true;
}
