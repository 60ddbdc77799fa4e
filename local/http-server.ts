import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a server listens; by default, at any free port of the loopback interface. */
export interface ListenOptions {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
}

/** A server that accepts connections. */
export interface RunningServer {
  /** Base URL without a trailing slash, as seen from this machine. */
  readonly url: string;
  /** Stops listening and closes every open connection, including those of pending requests. */
  close(): Promise<void>;
}

/** Handles one request. An error that it throws becomes a `500`. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

const DEFAULT_HOST = '127.0.0.1';
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/** Starts an HTTP server; rejects with the system's error (`EADDRINUSE`, ...) when it cannot listen. */
export async function startHttpServer(
  handler: RequestHandler,
  options: ListenOptions = {},
): Promise<RunningServer> {
  const { port = 0, host = DEFAULT_HOST } = options;
  const server = createServer((request, response) => {
    handleSafely(handler, request, response);
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: baseUrl(host, server.address()),
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The URL, without a trailing slash, under which this machine reaches a server that listens at the host and the address. */
export function baseUrl(host: string, address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('The server is not bound to a port.');
  const reachable = ANY_ADDRESS.has(host) ? DEFAULT_HOST : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${address.port}`;
}

/** The path of a request and its query, without the question mark. Never fails, however odd the target is. */
export function splitTarget(request: IncomingMessage): { path: string; query: string } {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/**
 * The body of a request as text, or `undefined` when it is larger than the cap. Bytes beyond the cap are read and dropped: a
 * client that is still sending when the connection closes never sees the response.
 */
export async function readBody(request: IncomingMessage, maximumBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maximumBytes) chunks.push(chunk);
  }
  return bytes <= maximumBytes ? Buffer.concat(chunks).toString('utf8') : undefined;
}

/** Sends a JSON response, as `application/json` unless the headers set another type. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

async function handleSafely(handler: RequestHandler, request: IncomingMessage, response: ServerResponse) {
  try {
    await handler(request, response);
  } catch (error) {
    if (response.headersSent || request.socket.destroyed) response.destroy();
    else sendJson(response, 500, { message: `The simulation failed: ${error}` });
  }
}
