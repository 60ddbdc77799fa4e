import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultSwitch } from '../fault-switch.ts';
import { answerJson, splitTarget } from '../http-server.ts';
import { isJsonContentType } from '../json-text.ts';
import type { TenantFault } from './tenant-controls.ts';
import { survives } from './tenant-faults.ts';
import type { WebAuthnAnswer, WebAuthnOperations } from './webauthn.ts';

const PREFLIGHT_SECONDS = 7200;

/** What the endpoint depends on. */
export interface WebAuthnEndpoint {
  readonly operations: WebAuthnOperations;
  /** The only origin whose pages may call. */
  readonly appOrigin: string;
  readonly faults: FaultSwitch<TenantFault>;
  /** Is told what an operation came to, before the browser is, if it ever is. */
  readonly onCarriedOut: (path: string, answer: WebAuthnAnswer) => void;
  /** Is told of a fault that hits a call. */
  readonly onDisturbed: (path: string, fault: TenantFault['kind']) => void;
}

/**
 * Answers a browser's call of a WebAuthn operation, as a faulty tenant where a fault is switched on: a page can read a
 * simulated failure as it can any answer, and a preflight is never hit.
 */
export async function answerWebAuthn(
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
  { operations, appOrigin, faults, onCarriedOut, onDisturbed }: WebAuthnEndpoint,
): Promise<void> {
  const { path } = splitTarget(request);
  const { origin } = request.headers;
  response.setHeader('Vary', 'Origin');
  if (origin !== undefined && origin !== appOrigin) return refuse(response, 403, `Only for ${appOrigin}`);
  if (origin === appOrigin) {
    response.setHeader('Access-Control-Allow-Origin', appOrigin);
    response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
  }
  const carryOut = operations.get(path);
  if (carryOut === undefined) return refuse(response, 404, `There is no ${path}`);
  if (request.method === 'OPTIONS') return answerPreflight(response);
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST, OPTIONS');
    return refuse(response, 405, 'Use POST');
  }
  if (!isJsonContentType(request.headers['content-type'])) {
    return refuse(response, 415, 'Content-Type must be application/json');
  }

  const fault = faults.next();
  if (fault !== undefined && fault.kind !== 'lost-answer') onDisturbed(path, fault.kind);
  if (!(await survives(fault, response))) return;
  const answer = await carryOut(body);
  onCarriedOut(path, answer);
  if (fault?.kind === 'lost-answer') {
    onDisturbed(path, fault.kind);
    response.socket?.resetAndDestroy();
  } else answerJson(response, answer.status, answer.body, { 'Cache-Control': 'no-store' });
}

function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': 'Content-Type',
    'Access-Control-Max-Age': PREFLIGHT_SECONDS,
  });
  response.end();
}

function refuse(response: ServerResponse, status: number, message: string): void {
  answerJson(response, status, { reason: 'bad-request', message });
}
