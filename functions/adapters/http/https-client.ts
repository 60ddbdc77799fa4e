import http from 'node:http';
import https from 'node:https';
import { connectionOptions, createEarlyAgent } from './early-connection.ts';

/** The largest part of a response's body that is read, in bytes. */
export const MAXIMUM_RESPONSE_BYTES = 64 * 1024;

/** A request to the client's host. */
export interface HttpsRequest {
  method: 'GET' | 'POST';
  /** Path and query, below the path of the client's base URL. */
  path: string;
  headers: Record<string, string>;
  /** Absent: the request has no body. */
  body?: string;
}

/** A response; `body` is `undefined` where it was cut off or exceeded {@link MAXIMUM_RESPONSE_BYTES}. */
export interface HttpsResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string | undefined;
}

/** No response came: the connection failed, or the signal aborted. Its message holds nothing of the request. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  /** Whether a kept connection turned out to be closed by the other side, so that nobody read the request. */
  readonly staleConnection: boolean;

  constructor(cause: NodeJS.ErrnoException, staleConnection: boolean) {
    super(`no response (${cause.code ?? cause.name})`);
    this.staleConnection = staleConnection;
  }
}

/**
 * Sends a request and resolves with the response once its status is known and its body has ended, was cut off or is too
 * large. A redirect is a response like any other, never followed (ASVS 15.3.2). Settles when the signal aborts, whatever
 * the other side does. Throws {@link RequestFailed}.
 */
export type HttpsClient = (request: HttpsRequest, signal: AbortSignal) => Promise<HttpsResponse>;

/** What the system says when the other side has closed a connection that was kept. */
const CLOSED_BY_THE_OTHER_SIDE: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE']);

/**
 * A client of one host over kept connections; the first is opened at once, so that the first request finds it open.
 * `node:https` and not `fetch`, which costs 30 ms on its first call and 30 MiB; the SDK already loads `node:https`.
 */
export function createHttpsClient(baseUrl: URL): HttpsClient {
  const { request } = baseUrl.protocol === 'https:' ? https : http;
  const agent = createEarlyAgent(baseUrl);
  const host = connectionOptions(baseUrl);
  const basePath = baseUrl.pathname.replace(/\/$/, '');

  return ({ method, path, headers, body }, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new RequestFailed(new Aborted(), false));
      const call = request({
        ...host,
        agent,
        method,
        path: basePath + path,
        headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
      });
      let head: Omit<HttpsResponse, 'body'> | undefined;
      // whichever comes first; a promise settles once
      const settle = (error: NodeJS.ErrnoException, text?: string) => {
        if (head !== undefined) return resolve({ ...head, body: text });
        const isStale = call.reusedSocket && CLOSED_BY_THE_OTHER_SIDE.has(error.code);
        reject(new RequestFailed(error, isStale));
      };
      const abort = () => {
        call.destroy();
        settle(new Aborted());
      };
      signal.addEventListener('abort', abort, { once: true });
      call.once('response', (response) => {
        // from here on the status is known: a fault costs no more than the body
        head = headOf(response);
        readCapped(response, (text) => settle(new Closed(), text));
      });
      // nobody asked for another protocol (101): without a listener the connection would end with neither response nor error
      call.once('upgrade', (response, socket) => {
        head = headOf(response);
        socket.destroy();
        settle(new Closed());
      });
      call.on('error', settle);
      call.once('close', () => {
        signal.removeEventListener('abort', abort);
        if (head === undefined) settle(new Closed());
      });
      call.end(body);
    });
}

class Aborted extends Error {
  override readonly name = 'Aborted';
}

class Closed extends Error {
  override readonly name = 'Closed';
}

function headOf({ statusCode, headers }: http.IncomingMessage): Omit<HttpsResponse, 'body'> {
  return { status: Number(statusCode), headers };
}

/** Hands the whole body on once it has ended; gives it up, and the connection, where it breaks off or is too large. */
function readCapped(response: http.IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAXIMUM_RESPONSE_BYTES) response.destroy();
  });
  response.once('error', () => undefined);
  response.once('close', () => {
    const isWhole = response.complete && bytes <= MAXIMUM_RESPONSE_BYTES;
    done(isWhole ? Buffer.concat(chunks).toString() : undefined);
  });
}
