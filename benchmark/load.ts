import { setTimeout as sleep } from 'node:timers/promises';
import { ROUTE } from '../functions/recover-user/http/contract.ts';

const REQUEST_TIMEOUT_MS = 20_000;

/** An HTTP response, as the client sees it. */
export interface TimedResponse {
  /** From sending the request to the end of the response, in milliseconds. */
  readonly durationMs: number;
  readonly status: number;
  /** The id of the request in the function's log. */
  readonly requestId: string;
}

/** Requests recovery for an email address. Rejects when there is no complete response, and when the signal aborts. */
export async function requestRecovery(
  url: string,
  email: string,
  signal: AbortSignal,
): Promise<TimedResponse> {
  const startedAt = performance.now();
  const response = await fetch(url + ROUTE, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
  });
  await response.arrayBuffer();
  const durationMs = performance.now() - startedAt;
  return { durationMs, status: response.status, requestId: String(response.headers.get('x-request-id')) };
}

/**
 * Sends items at a fixed average rate, each at a random time within its slice of time, and never waits for a response: the
 * service does not set the pace. Resolves with all results in the order of the items; rejects at the first failure.
 */
export function runOpenLoop<Item, Result>(
  items: readonly Item[],
  send: (item: Item) => Promise<Result>,
  { perSecond, signal }: { perSecond: number; signal: AbortSignal },
): Promise<Result[]> {
  const startedAt = performance.now();
  return Promise.all(
    items.map(async (item, index) => {
      const dueAt = startedAt + ((index + Math.random()) * 1000) / perSecond;
      // no reference: after a failure, the others must not keep the process alive
      await sleep(Math.max(0, dueAt - performance.now()), undefined, { signal, ref: false });
      return send(item);
    }),
  );
}
