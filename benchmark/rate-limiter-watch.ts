import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What Node tells of the HTTP servers of a process. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response?: ServerResponse;
}

/**
 * How long the rate limiter's stand-in at this URL, in this process, takes for each decision: from having the headers
 * to having handed the answer over, in milliseconds. Grows with every decision.
 */
export function watchRateLimiter(url: string): readonly number[] {
  const port = Number(new URL(url).port);
  const startedAt = new WeakMap<IncomingMessage, number>();
  const durationsMs: number[] = [];
  subscribe('http.server.request.start', (message) => {
    if (isExchange(message) && isUpdate(message.request, port))
      startedAt.set(message.request, performance.now());
  });
  subscribe('http.server.response.finish', (message) => {
    const start = isExchange(message) ? startedAt.get(message.request) : undefined;
    if (start !== undefined) durationsMs.push(performance.now() - start);
  });
  return durationsMs;
}

function isExchange(message: unknown): message is Exchange {
  return typeof message === 'object' && message !== null && 'request' in message;
}

function isUpdate({ headers, socket }: IncomingMessage, port: number): boolean {
  return socket.localPort === port && headers['x-amz-target'] === 'DynamoDB_20120810.UpdateItem';
}
