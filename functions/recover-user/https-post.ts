import http from 'node:http';
import https from 'node:https';
import { openEarly } from './early-connection.ts';

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
  const { request, Agent } = baseUrl.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true });
  openEarly(agent, baseUrl);
  const basePath = baseUrl.pathname.replace(/\/$/, '');

  return (path, headers, body, signal) =>
    new Promise((resolve, reject) => {
      const call = request(baseUrl, {
        method: 'POST',
        path: basePath + path,
        agent,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        signal,
        // NODE_TLS_REJECT_UNAUTHORIZED would switch the check off: the API token goes to nobody else
        rejectUnauthorized: true,
      });
      call.once('response', (response) => {
        readCapped(response, (text) =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      });
      call.once('error', (error: NodeJS.ErrnoException) =>
        reject(new NoAnswer(error, call.reusedSocket && error.code === 'ECONNRESET')),
      );
      call.end(body);
    });
}

/** Hands the whole body on once it has ended; gives it up, and the connection, where it breaks off or is too large. */
function readCapped(response: http.IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAXIMUM_ANSWER_BYTES) response.destroy();
    else chunks.push(chunk);
  });
  response.once('end', () => done(Buffer.concat(chunks).toString()));
  response.once('error', () => undefined);
  response.once('close', () => done(undefined));
}
