import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendUnlessLost } from '../apply-fault.ts';
import type { FaultSwitch } from '../fault-switch.ts';
import { sendJson, splitTarget } from '../http-server.ts';
import { isJsonContentType } from '../json-text.ts';
import type { TenantFault } from './tenant-controls.ts';
import { applyTenantFault } from './tenant-faults.ts';
import type { WebAuthnOperations, WebAuthnResponse } from './webauthn.ts';

const PREFLIGHT_SECONDS = 7200;

/** Dependencies of the endpoint. */
export interface WebAuthnEndpoint {
  readonly operations: WebAuthnOperations;
  /** The only origin whose pages may call the endpoint. */
  readonly appOrigin: string;
  readonly faults: FaultSwitch<TenantFault>;
  /** Called with the result of an operation before the response is sent. */
  readonly onCompleted: (path: string, result: WebAuthnResponse) => void;
  /** Called when a fault hits a call. */
  readonly onFault: (path: string, fault: TenantFault['kind']) => void;
}

/**
 * Handles a browser's call of a WebAuthn operation, and applies the tenant's fault to it. A page can read a simulated error
 * response like any other; no fault hits a preflight.
 */
export async function handleWebAuthn(
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
  { operations, appOrigin, faults, onCompleted, onFault }: WebAuthnEndpoint,
): Promise<void> {
  const { path } = splitTarget(request);
  const { origin } = request.headers;
  response.setHeader('Vary', 'Origin');
  if (origin !== undefined && origin !== appOrigin) return sendError(response, 403, `Only for ${appOrigin}`);
  if (origin === appOrigin) {
    response.setHeader('Access-Control-Allow-Origin', appOrigin);
    response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
  }
  const execute = operations.get(path);
  if (execute === undefined) return sendError(response, 404, `Not found: ${path}`);
  if (request.method === 'OPTIONS') return sendPreflight(response);
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST, OPTIONS');
    return sendError(response, 405, 'Use POST');
  }
  if (!isJsonContentType(request.headers['content-type'])) {
    return sendError(response, 415, 'Content-Type must be application/json');
  }

  const fault = faults.next();
  if (fault !== undefined && fault.kind !== 'lost-response') onFault(path, fault.kind);
  if (!(await applyTenantFault(fault, response))) return;
  const result = await execute(body);
  onCompleted(path, result);
  if (fault?.kind === 'lost-response') onFault(path, fault.kind);
  sendUnlessLost(fault, response, () =>
    sendJson(response, result.status, result.body, { 'Cache-Control': 'no-store' }),
  );
}

function sendPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': 'Content-Type',
    'Access-Control-Max-Age': PREFLIGHT_SECONDS,
  });
  response.end();
}

function sendError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { reason: 'bad-request', message });
}
