import type { ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import type { FaultSwitch } from '../fault-switch.ts';
import { answerJson } from '../http-server.ts';
import { parseJson } from '../json-text.ts';
import { API_TOKEN_PATH, FAULT_PATH, LINKS_PATH } from '../paths.ts';

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
  z.strictObject({ kind: z.enum(['500', 'reset', 'hang', 'not-json', 'lost-answer']), times }),
]);

const rotation = z.strictObject({ apiToken: z.string().check(z.minLength(1)) });

/**
 * What goes wrong with the tenant: `slow` answers after `delayMs`, `429` refuses, `500` fails, `reset` cuts the
 * connection, `hang` never answers, `not-json` answers `200` with HTML and mails nothing, `lost-answer` does what it is
 * asked for, mailing included, and cuts the connection instead of answering.
 */
export type TenantFault = z.infer<typeof tenantFault>;

/** What the control endpoints act on. */
export interface TenantControls {
  readonly faults: FaultSwitch<TenantFault>;
  /** From now on, only this API token is valid. */
  rotateToken(apiToken: string): void;
  /** The recovery links that were sent so far work no more. */
  expireLinks(): void;
}

/** A request to a control endpoint. */
export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/**
 * Lets a person switch what tests switch in code: `/simulation/fault` (GET shows it, PUT or POST sets it, DELETE heals it),
 * `/simulation/links` (DELETE lets them expire) and `/simulation/api-token` (PUT or POST rotates it). The request's content
 * type does not matter, for the sake of curl.
 */
export function answerControl(
  request: ControlRequest,
  controls: TenantControls,
  response: ServerResponse,
): void {
  if (request.path === FAULT_PATH) answerFault(request, controls.faults, response);
  else if (request.path === LINKS_PATH) answerLinks(request, controls, response);
  else if (request.path === API_TOKEN_PATH) answerApiToken(request, controls, response);
  else answerJson(response, 404, { message: `There are ${FAULT_PATH}, ${LINKS_PATH} and ${API_TOKEN_PATH}` });
}

function answerFault(
  { method, body }: ControlRequest,
  faults: FaultSwitch<TenantFault>,
  response: ServerResponse,
): void {
  if (!allows(['GET', 'PUT', 'POST', 'DELETE'], method, response)) return;
  if (method === 'DELETE') faults.heal();
  if (method === 'PUT' || method === 'POST') {
    const parsed = parseJson(tenantFault, body);
    if ('problem' in parsed) {
      answerJson(response, 400, { message: parsed.problem });
      return;
    }
    faults.set(parsed.value);
  }
  answerJson(response, 200, { fault: faults.current ?? null });
}

function answerLinks({ method }: ControlRequest, controls: TenantControls, response: ServerResponse): void {
  if (!allows(['DELETE'], method, response)) return;
  controls.expireLinks();
  answerJson(response, 200, { expired: true });
}

function answerApiToken(
  { method, body }: ControlRequest,
  controls: TenantControls,
  response: ServerResponse,
): void {
  if (!allows(['PUT', 'POST'], method, response)) return;
  const parsed = parseJson(rotation, body);
  if ('problem' in parsed) {
    answerJson(response, 400, { message: parsed.problem });
    return;
  }
  controls.rotateToken(parsed.value.apiToken);
  answerJson(response, 200, { rotated: true });
}

function allows(methods: readonly string[], method: string, response: ServerResponse): boolean {
  if (methods.includes(method)) return true;
  const allowed = methods.join(', ');
  answerJson(response, 405, { message: `Use ${allowed}` }, { Allow: allowed });
  return false;
}
