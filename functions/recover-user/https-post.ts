import http from 'node:http';
import https from 'node:https';
import { connectionOptions, createEarlyAgent } from './early-connection.ts';

/** The largest part of an answer's body that is read, in bytes. */
export const MAXIMUM_ANSWER_BYTES = 64 * 1024;

/** An answer; `body` is `undefined` where it was cut off or exceeded {@link MAXIMUM_ANSWER_BYTES}. */
export interface PostAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string | undefined;
}

/** No answer came: the connection failed, or the signal aborted. Its message holds nothing of the request. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** Whether a kept connection turned out to be closed by the other side, so that nobody read the request. */
  readonly connectionWasStale: boolean;

  constructor(cause: NodeJS.ErrnoException, connectionWasStale: boolean) {
    super(`no answer (${cause.code ?? cause.name})`);
    this.connectionWasStale = connectionWasStale;
  }
}

/**
 * Sends `body` and resolves with the answer once its status is known and its body has ended, was cut off or is too
 * large. A redirect is an answer like any other, never followed (ASVS 15.3.2). Throws {@link NoAnswer}.
 */
export type HttpsPost = (
  path: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
) => Promise<PostAnswer>;

/**
 * Posts to one host over kept connections; the first is opened at once, so that the first request finds it open.
 * `node:https` and not `fetch`, which costs 30 ms on its first call and 30 MiB, while the SDK loads this one anyway.
 */
export function createHttpsPost(baseUrl: URL): HttpsPost {
  const { request } = baseUrl.protocol === 'https:' ? https : http;
  const agent = createEarlyAgent(baseUrl);
  const host = connectionOptions(baseUrl);
  const basePath = baseUrl.pathname.replace(/\/$/, '');

  return (path, headers, body, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new NoAnswer(new Aborted(), false));
      const call = request({
        ...host,
        agent,
        method: 'POST',
        path: basePath + path,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      });
      const abort = () => call.destroy(new Aborted());
      signal.addEventListener('abort', abort, { once: true });
      call.once('close', () => signal.removeEventListener('abort', abort));
      call.once('response', (response) => {
        // from here on the status is known: a fault takes no more than the body
        call.off('error', fail).on('error', () => undefined);
        readCapped(response, (text) =>
          resolve({ status: Number(response.statusCode), headers: response.headers, body: text }),
        );
      });
      const fail = (error: NodeJS.ErrnoException) =>
        reject(new NoAnswer(error, call.reusedSocket && error.code === 'ECONNRESET'));
      call.once('error', fail);
      call.end(body);
    });
}

class Aborted extends Error {
  override readonly name = 'Aborted';
}

/** Hands the whole body on once it has ended; gives it up, and the connection, where it breaks off or is too large. */
function readCapped(response: http.IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAXIMUM_ANSWER_BYTES) response.destroy();
  });
  response.once('error', () => undefined);
  response.once('close', () => {
    const isWhole = response.complete && bytes <= MAXIMUM_ANSWER_BYTES;
    done(isWhole ? Buffer.concat(chunks).toString() : undefined);
  });
}
