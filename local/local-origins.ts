import { OWN_HOSTS } from './cross-site.ts';
import type { ProxyHandler } from './emulators/lambda-invocation.ts';

/** The origin of a page that this machine serves over HTTP, as browsers write it: without port 80. */
export function localOrigin(host: string, port: number): string {
  return new URL(`http://${host}:${port}`).origin;
}

/** Whether this is the origin of a page that this machine serves over HTTP, at any port, such as a development server's. */
export function isLocalOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, origin: canonical } = new URL(origin);
  return protocol === 'http:' && OWN_HOSTS.includes(hostname) && canonical === origin;
}

/**
 * Wraps a handler so that it treats every page of this machine as one of `allowedOrigin`. The handler's own allow-list decides
 * about all other origins.
 */
export function allowLocalOrigins(handler: ProxyHandler, allowedOrigin: string): ProxyHandler {
  return async (event, context) => {
    const origin = Object.entries(event.headers).find(([name]) => name.toLowerCase() === 'origin')?.[1];
    if (origin === undefined || !isLocalOrigin(origin)) return handler(event, context);
    const headers = replaceValues(event.headers, 'origin', () => allowedOrigin);
    const multiValueHeaders = replaceValues(event.multiValueHeaders, 'origin', () => [allowedOrigin]);
    const result = await handler({ ...event, headers, multiValueHeaders }, context);
    return {
      ...result,
      headers: replaceValues(result.headers ?? {}, 'access-control-allow-origin', (value) =>
        value === allowedOrigin ? origin : value,
      ),
    };
  };
}

/** Replaces the value of one header, if present; `lowerCaseName` matches any spelling. */
function replaceValues<Value>(
  headers: Readonly<Record<string, Value>>,
  lowerCaseName: string,
  replace: (value: Value) => Value,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      name.toLowerCase() === lowerCaseName ? replace(value) : value,
    ]),
  );
}
