import type { ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import type { FaultSwitch } from '../../fault-switch.ts';
import { sendJson } from '../../http-server.ts';
import { CLIENT_SECRET_PATH, FAULT_PATH, JOBS_PATH, LINKS_PATH, TOKENS_PATH } from '../../paths.ts';
import {
  allowsMethod,
  type ControlRequest,
  handleFaultControl,
  handleRotation,
} from '../control-endpoints.ts';
import { type V1TenantFault, v1TenantFault } from './fault.ts';
import type { JobDocument } from './job-documents.ts';

const PATHS = [FAULT_PATH, LINKS_PATH, CLIENT_SECRET_PATH, TOKENS_PATH, JOBS_PATH];

const rotation = z.strictObject({ clientSecret: z.string().check(z.minLength(1)) });

/** What the control endpoints control. */
export interface V1TenantControls {
  readonly faults: FaultSwitch<V1TenantFault>;
  /** Makes this the only valid client secret. */
  rotateClientSecret(clientSecret: string): void;
  /** Revokes all access tokens and the console token. */
  revokeTokens(): void;
  /** Expires the links that were sent so far. */
  expireLinks(): void;
  /** The jobs, newest first. */
  readonly bindingJobs: readonly JobDocument[];
}

/**
 * Handles the control endpoints: `/simulation/fault` (GET shows it, PUT or POST sets it, DELETE heals it), `/simulation/links`
 * (DELETE expires them), `/simulation/client-secret` (PUT or POST rotates it), `/simulation/tokens` (DELETE revokes them) and
 * `/simulation/jobs` (GET shows them). Any content type is accepted, to keep curl commands short.
 */
export function handleV1Control(
  request: ControlRequest,
  controls: V1TenantControls,
  response: ServerResponse,
): void {
  const { method, path } = request;
  if (path === FAULT_PATH) handleFaultControl(request, controls.faults, v1TenantFault, response);
  else if (path === CLIENT_SECRET_PATH)
    handleRotation(
      request,
      rotation,
      ({ clientSecret }) => controls.rotateClientSecret(clientSecret),
      response,
    );
  else if (path === LINKS_PATH) {
    if (!allowsMethod(['DELETE'], method, response)) return;
    controls.expireLinks();
    sendJson(response, 200, { expired: true });
  } else if (path === TOKENS_PATH) {
    if (!allowsMethod(['DELETE'], method, response)) return;
    controls.revokeTokens();
    sendJson(response, 200, { revoked: true });
  } else if (path === JOBS_PATH) {
    if (allowsMethod(['GET'], method, response)) sendJson(response, 200, { jobs: controls.bindingJobs });
  } else sendJson(response, 404, { message: `Not found. Use ${PATHS.join(', ')}` });
}
