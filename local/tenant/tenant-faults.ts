import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { answerJson } from '../http-server.ts';
import type { TenantFault } from './tenant-controls.ts';

/** Lets the fault have its way with the request; whether it is still to be answered. */
export async function survives(fault: TenantFault | undefined, response: ServerResponse): Promise<boolean> {
  switch (fault?.kind) {
    case undefined:
    case 'lost-answer':
      return true;
    case 'slow':
      // Unreferenced, so that a slow answer nobody waits for any more keeps no process alive.
      await delay(fault.delayMs, undefined, { ref: false });
      return true;
    case '429':
      if (fault.retryAfterSeconds !== undefined) response.setHeader('Retry-After', fault.retryAfterSeconds);
      answerJson(response, 429, { message: 'Too many requests' });
      return false;
    case '500':
      answerJson(response, 500, { message: 'Internal error' });
      return false;
    case 'not-json':
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<html><body>Down for maintenance</body></html>');
      return false;
    case 'reset':
      response.socket?.resetAndDestroy();
      return false;
    case 'hang':
      return false;
  }
}
