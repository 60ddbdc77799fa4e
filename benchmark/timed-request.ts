import { Agent, request } from 'node:http';
import { ROUTE } from '../functions/recover-user/http/contract.ts';

const LONGEST_ANSWER_MS = 20_000;

/** One answer, as the client saw it. */
export interface TimedAnswer {
  /** From sending the request to the end of the answer, in milliseconds. */
  readonly durationMs: number;
  readonly status: number | undefined;
  /** Under which the function's log tells of it. */
  readonly requestId: string;
}

/** Asks for the recovery of an address. Rejects without an answer, and when the signal aborts. */
export type TimedRequest = (address: string, signal: AbortSignal) => Promise<TimedAnswer>;

/** A client of the service at this base URL that keeps its connections, as a patient attacker does. */
export function createTimedRequest(url: string): TimedRequest {
  // in turn, so that none is idle for so long that the other side closes it just when it is used again
  const agent = new Agent({ keepAlive: true, scheduling: 'fifo' });
  const target = new URL(ROUTE, url);

  return (address, signal) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ email: address });
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const startedAt = performance.now();
      const call = request(target, { agent, method: 'POST', headers, signal, timeout: LONGEST_ANSWER_MS });
      call.on('response', (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            durationMs: performance.now() - startedAt,
            status: response.statusCode,
            requestId: String(response.headers['x-request-id']),
          }),
        );
      });
      call.on('timeout', () => call.destroy(new Error(`No answer within ${LONGEST_ANSWER_MS} ms.`)));
      call.on('error', reject);
      call.end(body);
    });
}
