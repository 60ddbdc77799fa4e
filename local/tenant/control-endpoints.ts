import type { ServerResponse } from 'node:http';
import type * as z from 'zod/mini';
import type { FaultSwitch, LimitedFault } from '../fault-switch.ts';
import { sendJson } from '../http-server.ts';
import { parseJson } from '../json-text.ts';

/** A request to a control endpoint. */
export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Handles the control endpoint of a fault: GET shows it, PUT or POST sets it, DELETE heals it. */
export function handleFaultControl<Fault extends LimitedFault>(
  { method, body }: ControlRequest,
  faults: FaultSwitch<Fault>,
  schema: z.ZodMiniType<Fault>,
  response: ServerResponse,
): void {
  if (!allowsMethod(['GET', 'PUT', 'POST', 'DELETE'], method, response)) return;
  if (method === 'DELETE') faults.heal();
  if (method === 'PUT' || method === 'POST') {
    const parsed = parseJson(schema, body);
    if ('problem' in parsed) {
      sendJson(response, 400, { message: parsed.problem });
      return;
    }
    faults.set(parsed.value);
  }
  sendJson(response, 200, { fault: faults.current ?? null });
}

/** Handles the control endpoint of a credential: PUT or POST rotates it. */
export function handleRotation<Rotation>(
  { method, body }: ControlRequest,
  schema: z.ZodMiniType<Rotation>,
  rotate: (rotation: Rotation) => void,
  response: ServerResponse,
): void {
  if (!allowsMethod(['PUT', 'POST'], method, response)) return;
  const parsed = parseJson(schema, body);
  if ('problem' in parsed) {
    sendJson(response, 400, { message: parsed.problem });
    return;
  }
  rotate(parsed.value);
  sendJson(response, 200, { rotated: true });
}

/** Whether a control endpoint has this method; rejects the request if not. */
export function allowsMethod(methods: readonly string[], method: string, response: ServerResponse): boolean {
  if (methods.includes(method)) return true;
  const allowed = methods.join(', ');
  sendJson(response, 405, { message: `Use ${allowed}` }, { Allow: allowed });
  return false;
}
