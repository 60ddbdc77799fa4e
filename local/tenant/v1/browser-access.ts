import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OperationName } from './operation-names.ts';
import type { Route } from './routes.ts';

/** What pages call, most of it by the vendor's web SDK. */
const OPERATIONS_OF_BROWSERS: ReadonlySet<OperationName> = new Set([
  'get-info',
  'bind',
  'authorize',
  'keys',
  'authenticate',
  'sign-in',
]);

const PREFLIGHT_SECONDS = 7200;

/**
 * Lets pages of the app read the responses of the operations that browsers call, as the authenticator config's trusted origins
 * do (https://fetch.spec.whatwg.org/#http-cors-protocol). Responds to a preflight; returns whether it did.
 */
export function allowBrowsers(
  request: IncomingMessage,
  response: ServerResponse,
  { operations }: Route,
  appOrigin: string,
): boolean {
  const methods = Object.entries(operations).filter(([, name]) => OPERATIONS_OF_BROWSERS.has(name));
  if (methods.length === 0) return false;
  response.setHeader('Vary', 'Origin');
  if (request.headers.origin !== appOrigin) return false;
  response.setHeader('Access-Control-Allow-Origin', appOrigin);
  response.setHeader(
    'Access-Control-Expose-Headers',
    'RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset',
  );
  if (request.method !== 'OPTIONS') return false;
  response.writeHead(204, {
    'Access-Control-Allow-Methods': methods.map(([method]) => method).join(', '),
    'Access-Control-Allow-Headers': 'Authorization, Content-Type',
    'Access-Control-Max-Age': PREFLIGHT_SECONDS,
  });
  response.end();
  return true;
}
