import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { LimitedFault } from './fault-switch.ts';

/**
 * Faults that mean the same at every server: `reset` resets the connection, `hang` never responds, `not-json` responds with
 * `200` and HTML, `lost-response` handles the request and resets the connection in place of the response, `slow` handles it
 * after `delayMs`.
 */
export type ConnectionFault = LimitedFault &
  (
    | { readonly kind: 'reset' | 'hang' | 'not-json' | 'lost-response' }
    | { readonly kind: 'slow'; readonly delayMs: number }
  );

/** A fault of some servers: the request is handled at once, and the response sent after `delayMs`. */
export interface LateResponse extends LimitedFault {
  readonly kind: 'late-response';
  readonly delayMs: number;
}

/** Sends the error response for each kind of fault that is neither a {@link ConnectionFault} nor {@link LateResponse}. */
export type ErrorSenders<Fault extends { readonly kind: string }> = Readonly<
  Record<Exclude<Fault['kind'], (ConnectionFault | LateResponse)['kind']>, () => void>
>;

/** Applies a fault before the request is handled; resolves with whether the server is still to handle it. */
export async function applyFault<Fault extends { readonly kind: string; readonly delayMs?: number }>(
  fault: Fault | undefined,
  response: ServerResponse,
  errors: ErrorSenders<Fault>,
): Promise<boolean> {
  const senders: Readonly<Record<string, () => void>> = errors;
  switch (fault?.kind) {
    case undefined:
    case 'lost-response':
    case 'late-response':
      return true;
    case 'slow':
      // unreferenced: a response that nobody waits for any more must not keep the process alive
      await delay(fault?.delayMs, undefined, { ref: false });
      return true;
    case 'not-json':
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<html><body>Down for maintenance</body></html>');
      return false;
    case 'reset':
      response.socket?.resetAndDestroy();
      return false;
    case 'hang':
      return false;
    default:
      senders[fault?.kind ?? '']?.();
      return false;
  }
}

/** Sends the response to a handled request: late for `late-response`; `lost-response` resets the connection instead. */
export function sendUnlessLost(
  fault: { readonly kind: string; readonly delayMs?: number } | undefined,
  response: ServerResponse,
  send: () => void,
): void {
  if (fault?.kind === 'lost-response') response.socket?.resetAndDestroy();
  else if (fault?.kind === 'late-response') setTimeout(send, fault.delayMs).unref();
  else send();
}
