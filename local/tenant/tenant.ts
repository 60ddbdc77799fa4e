import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendUnlessLost } from '../apply-fault.ts';
import { rejectCrossSite } from '../cross-site.ts';
import { createFaultSwitch, type FaultSwitch } from '../fault-switch.ts';
import {
  type ListenOptions,
  type RunningServer,
  readBody,
  sendJson,
  splitTarget,
  startHttpServer,
} from '../http-server.ts';
import { CONTROL_PATH_PREFIX, LINK_PARAMETER, WEBAUTHN_PATH_PREFIX } from '../paths.ts';
import { createMailbox, type Mail } from './mailbox.ts';
import { externalIdIn, recoverUser, type TenantRequest } from './recover-user-operation.ts';
import { SIMULATED_USERS, type SimulatedUser } from './simulated-users.ts';
import { createSingleUseTokens } from './single-use-tokens.ts';
import { handleControl, type TenantFault } from './tenant-controls.ts';
import { applyTenantFault } from './tenant-faults.ts';
import { createWebAuthnOperations, type WebAuthnResponse } from './webauthn.ts';
import { handleWebAuthn, type WebAuthnEndpoint } from './webauthn-endpoint.ts';

/** The API token that the simulated tenant accepts until it is rotated. It is not a real token. */
export const SIMULATED_API_TOKEN = 'simulated-api-token';

const REGISTRATION_REDIRECT_URI = 'https://app.example.com/register';
const LINK_LIFETIME_MS = 15 * 60_000;
const MAXIMUM_BODY_BYTES = 64 * 1024;

/** A recovery request that the tenant received. */
export interface ReceivedTenantRequest extends TenantRequest {
  /** Status of the response; `undefined` while there is none. */
  readonly responseStatus: number | undefined;
  /** Whether an email was sent for it. */
  readonly isMailed: boolean;
  /** Whether either side closed the connection before the complete response was sent. */
  readonly isResponseLost: boolean;
}

/** Identifies a call of recover-user by the external id in its body, if any. It must not be displayed. */
interface Call {
  readonly externalId: string | undefined;
}

/** An event at the tenant. */
export type TenantEvent =
  /** With the fault that hits the call, if any. */
  | (Call & { readonly kind: 'called'; readonly fault: TenantFault['kind'] | undefined })
  /** The call has ended; without a status, it got no complete response. */
  | (Call & {
      readonly kind: 'responded';
      readonly status: number | undefined;
      readonly fault: TenantFault['kind'] | undefined;
    })
  | (Call & { readonly kind: 'mailed' })
  /** Links that were still valid have expired. */
  | { readonly kind: 'links-expired' }
  /** A browser's WebAuthn call was handled. */
  | { readonly kind: 'completed'; readonly path: string; readonly result: WebAuthnResponse }
  /** A fault hit a browser's WebAuthn call. */
  | { readonly kind: 'fault'; readonly path: string; readonly fault: TenantFault['kind'] };

/** Options of a simulated tenant. */
export interface TenantOptions extends ListenOptions {
  readonly apiToken?: string;
  readonly users?: readonly SimulatedUser[];
  /** Returns users as `{"user": {...}}` instead of flat. */
  readonly nestedUser?: boolean;
  /** Its fault switch (default: a new one that is off). */
  readonly faults?: FaultSwitch<TenantFault>;
  /** Target of recovery links: a page of the app, whose origin alone may register and use credentials. */
  readonly registrationRedirectUri?: string;
  /** Lifetime of a recovery link, in milliseconds (15 minutes). */
  readonly linkLifetimeMs?: number | undefined;
  /** The clock for links and challenges, in milliseconds since the epoch (`Date.now`). */
  readonly now?: () => number;
  readonly onEvent?: (event: TenantEvent) => void;
  /** Called with the API token that a rotation made the only valid one. */
  readonly onRotated?: (apiToken: string) => void;
}

/** A simulated Beyond Identity tenant over HTTP, controlled in code or through its `/simulation/...` endpoints. */
export interface Tenant extends RunningServer {
  /** The emails that it sent, in order. */
  readonly mails: readonly Mail[];
  /** The recovery requests that it received, in order. */
  readonly requests: readonly ReceivedTenantRequest[];
  /** Switches a fault on; it replaces the previous one. */
  fault(fault: TenantFault): void;
  /** Switches the fault off. */
  heal(): void;
  /** Makes this the only valid API token. */
  rotateToken(apiToken: string): void;
  /** Expires the recovery links that were sent so far. */
  expireLinks(): void;
}

/** Starts a simulated tenant. */
export async function startTenant(options: TenantOptions = {}): Promise<Tenant> {
  const { users = SIMULATED_USERS, nestedUser = false, faults = createFaultSwitch(), now } = options;
  const { linkLifetimeMs = LINK_LIFETIME_MS, onEvent = () => {}, onRotated = () => {} } = options;
  const redirectUri = new URL(options.registrationRedirectUri ?? REGISTRATION_REDIRECT_URI);
  const appOrigin = redirectUri.origin;
  let apiToken = options.apiToken ?? SIMULATED_API_TOKEN;
  const mailbox = createMailbox();
  const requests: ReceivedTenantRequest[] = [];
  const links = createSingleUseTokens<SimulatedUser>({ lifetimeMs: linkLifetimeMs, now });
  const webAuthn: WebAuthnEndpoint = {
    operations: createWebAuthnOperations({ appOrigin, links, now }),
    appOrigin,
    faults,
    onCompleted: (path, result) => onEvent({ kind: 'completed', path, result }),
    onFault: (path, fault) => onEvent({ kind: 'fault', path, fault }),
  };

  function rotateToken(newApiToken: string): void {
    apiToken = newApiToken;
    onRotated(newApiToken);
  }

  function expireLinks(): void {
    if (links.expireAll()) onEvent({ kind: 'links-expired' });
  }

  const server = await startHttpServer(async (request, response) => {
    const { path } = splitTarget(request);
    const body = await readBody(request, MAXIMUM_BODY_BYTES);
    if (body === undefined) sendJson(response, 413, { message: 'The body is too large' });
    else if (path.startsWith(CONTROL_PATH_PREFIX)) control(request, body, response);
    else if (path.startsWith(WEBAUTHN_PATH_PREFIX)) {
      await handleWebAuthn(request, body, response, webAuthn);
    } else await recover(request, body, response);
  }, options);

  function control(request: IncomingMessage, body: string, response: ServerResponse): void {
    if (rejectCrossSite(request, response)) return;
    const { path } = splitTarget(request);
    handleControl(
      { method: request.method ?? '', path, body },
      { faults, rotateToken, expireLinks },
      response,
    );
  }

  async function recover(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const { path } = splitTarget(request);
    const received = { method: request.method ?? '', path, headers: request.headers, body };
    const externalId = externalIdIn(body);
    const fault = faults.next();
    const note = record(received, { externalId, fault: fault?.kind }, response);
    if (!(await applyTenantFault(fault, response))) return;
    const { status, body: result, recovered } = recoverUser(received, { apiToken, users, nestedUser });
    if (recovered !== undefined) {
      mailRecoveryLink(recovered);
      note.isMailed = true;
      onEvent({ kind: 'mailed', externalId });
    }
    sendUnlessLost(fault, response, () =>
      sendJson(response, status, result, status === 405 ? { Allow: 'POST' } : {}),
    );
  }

  function record(
    received: TenantRequest,
    call: Omit<Extract<TenantEvent, { readonly kind: 'called' }>, 'kind'>,
    response: ServerResponse,
  ): { isMailed: boolean } {
    const note = {
      ...received,
      get responseStatus() {
        return response.headersSent ? response.statusCode : undefined;
      },
      isMailed: false,
      get isResponseLost() {
        return response.closed && !response.writableFinished;
      },
    };
    requests.push(note);
    onEvent({ ...call, kind: 'called' });
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : undefined;
      onEvent({ ...call, kind: 'responded', status });
    });
    return note;
  }

  function mailRecoveryLink(user: SimulatedUser): void {
    const { token, expiresAt } = links.issue(user);
    const link = new URL(redirectUri);
    link.searchParams.set(LINK_PARAMETER, token);
    mailbox.deliver({
      from: 'Beyond Identity (simulated) <no-reply@tenant.example>',
      to: user.email,
      name: user.displayName,
      subject: 'Recover your account',
      recoveryLink: link.href,
      linkExpiresAt: new Date(expiresAt).toISOString(),
    });
  }

  return {
    ...server,
    mails: mailbox.mails,
    requests,
    fault: faults.set,
    heal: faults.heal,
    rotateToken,
    expireLinks,
  };
}
