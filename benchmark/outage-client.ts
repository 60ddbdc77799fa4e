import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ROUTE } from '../functions/recover-user/http/contract.ts';

/** A request, and how it was answered. */
export interface Answered {
  readonly address: string;
  /** `undefined`: the connection failed. */
  readonly status: number | undefined;
  /** From sending the request to the end of the answer, in milliseconds. */
  readonly responseMs: number;
}

/** The address of the user with this number. */
export function addressOf(number: number): string {
  return `user-${number}@example.com`;
}

/**
 * Asks for recovery, once for each of `count` users, evenly over so many milliseconds, however long the answers take;
 * resolves when all have ended. Rejects when the signal aborts.
 */
export async function askForRecoveries(
  url: string,
  { count, overMs }: { count: number; overMs: number },
  signal: AbortSignal,
): Promise<Answered[]> {
  const agent = new Agent({ keepAlive: true });
  const startedAt = performance.now();
  const asked: Promise<Answered>[] = [];
  try {
    while (asked.length < count) {
      const dueAt = startedAt + (asked.length * overMs) / count;
      const leftMs = dueAt - performance.now();
      if (leftMs > 0) await delay(leftMs, undefined, { signal });
      asked.push(ask(url + ROUTE, addressOf(asked.length), agent, signal));
    }
    const answered = await Promise.all(asked);
    signal.throwIfAborted();
    return answered;
  } finally {
    agent.destroy();
  }
}

function ask(url: string, address: string, agent: Agent, signal: AbortSignal): Promise<Answered> {
  const body = JSON.stringify({ email: address });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const sentAt = performance.now();
  return new Promise((resolve) => {
    const end = (status: number | undefined) =>
      resolve({ address, status, responseMs: performance.now() - sentAt });
    const call = request(url, { method: 'POST', agent, headers, signal }, (response) => {
      response.resume();
      response.once('close', () => end(response.complete ? response.statusCode : undefined));
    });
    call.once('error', () => end(undefined));
    call.end(body);
  });
}
