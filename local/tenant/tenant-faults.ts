import type { ServerResponse } from 'node:http';
import { applyFault } from '../apply-fault.ts';
import { sendJson } from '../http-server.ts';
import type { TenantFault } from './tenant-controls.ts';

/** Applies a fault of the tenant; resolves with whether the tenant is still to handle the request. */
export function applyTenantFault(fault: TenantFault | undefined, response: ServerResponse): Promise<boolean> {
  return applyFault(fault, response, {
    '429': () => {
      const retryAfterSeconds = fault?.kind === '429' ? fault.retryAfterSeconds : undefined;
      const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': retryAfterSeconds };
      sendJson(response, 429, { message: 'Too many requests' }, headers);
    },
    '500': () => sendJson(response, 500, { message: 'Internal error' }),
  });
}
