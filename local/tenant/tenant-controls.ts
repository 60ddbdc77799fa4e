import type { ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import type { FaultSwitch } from '../fault-switch.ts';
import { sendJson } from '../http-server.ts';
import { API_TOKEN_PATH, FAULT_PATH, LINKS_PATH } from '../paths.ts';
import {
  allowsMethod,
  type ControlRequest,
  handleFaultControl,
  handleRotation,
} from './control-endpoints.ts';

const LONGEST_DELAY_MS = 600_000;

const times = z.optional(z.int().check(z.minimum(1)));

const tenantFault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('slow'),
    delayMs: z.int().check(z.minimum(0), z.maximum(LONGEST_DELAY_MS)),
    times,
  }),
  z.strictObject({
    kind: z.literal('429'),
    retryAfterSeconds: z.optional(z.int().check(z.minimum(0))),
    times,
  }),
  z.strictObject({ kind: z.enum(['500', 'reset', 'hang', 'not-json', 'lost-response']), times }),
]);

const rotation = z.strictObject({ apiToken: z.string().check(z.minLength(1)) });

/** A fault of the tenant: an error response (`429`, `500`), or one of the connection. */
export type TenantFault = z.infer<typeof tenantFault>;

/** What the control endpoints control. */
export interface TenantControls {
  readonly faults: FaultSwitch<TenantFault>;
  /** Makes this the only valid API token. */
  rotateToken(apiToken: string): void;
  /** Expires the recovery links that were sent so far. */
  expireLinks(): void;
}

/**
 * Handles the control endpoints: `/simulation/fault` (GET shows it, PUT or POST sets it, DELETE heals it), `/simulation/links`
 * (DELETE expires them) and `/simulation/api-token` (PUT or POST rotates it). Any content type is accepted, to keep curl
 * commands short.
 */
export function handleControl(
  request: ControlRequest,
  controls: TenantControls,
  response: ServerResponse,
): void {
  if (request.path === FAULT_PATH) handleFaultControl(request, controls.faults, tenantFault, response);
  else if (request.path === LINKS_PATH) handleLinks(request, controls, response);
  else if (request.path === API_TOKEN_PATH)
    handleRotation(request, rotation, ({ apiToken }) => controls.rotateToken(apiToken), response);
  else
    sendJson(response, 404, { message: `Not found. Use ${FAULT_PATH}, ${LINKS_PATH} or ${API_TOKEN_PATH}` });
}

function handleLinks({ method }: ControlRequest, controls: TenantControls, response: ServerResponse): void {
  if (!allowsMethod(['DELETE'], method, response)) return;
  controls.expireLinks();
  sendJson(response, 200, { expired: true });
}
