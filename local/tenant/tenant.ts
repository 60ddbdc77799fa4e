import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusedAsCrossSite } from '../cross-site.ts';
import { createFaultSwitch, type FaultSwitch } from '../fault-switch.ts';
import {
  answerJson,
  type ListenOptions,
  type RunningServer,
  readBody,
  splitTarget,
  startHttpServer,
} from '../http-server.ts';
import { CONTROL_PATH_PREFIX, LINK_PARAMETER, WEBAUTHN_PATH_PREFIX } from '../paths.ts';
import { createMailbox, type Mail } from './mailbox.ts';
import { externalIdIn, recoverUser, type TenantRequest } from './recover-user-operation.ts';
import { SIMULATED_USERS, type SimulatedUser } from './simulated-users.ts';
import { createSingleUseTokens } from './single-use-tokens.ts';
import { answerControl, type TenantFault } from './tenant-controls.ts';
import { survives } from './tenant-faults.ts';
import { createWebAuthnOperations, type WebAuthnAnswer } from './webauthn.ts';
import { answerWebAuthn, type WebAuthnEndpoint } from './webauthn-endpoint.ts';

/** The API token that the simulated tenant accepts until it is rotated. Opens nothing real. */
export const SIMULATED_API_TOKEN = 'simulated-api-token';

const REGISTRATION_REDIRECT_URI = 'https://app.example.com/register';
const LINK_LIFETIME_MS = 15 * 60_000;
const MAXIMUM_BODY_BYTES = 64 * 1024;

/** A request for recovery that the tenant received, and the status of the answer: `undefined` as long as there is none. */
export interface ReceivedTenantRequest extends TenantRequest {
  readonly answeredStatus: number | undefined;
  /** Whether a mail was sent for it. */
  readonly isMailed: boolean;
  /** Whether the connection ended before the whole answer was sent, whichever side ended it. */
  readonly isAnswerLost: boolean;
}

/** What a call of recover-user is told apart by: the user's identifier as the caller gave it, if it gave one. Not to be shown. */
interface Call {
  readonly externalId: string | undefined;
}

/** Something that happened at the tenant. */
export type TenantEvent =
  | (Call & { readonly kind: 'called' })
  /** The call is over; without a status, it got no whole answer. */
  | (Call & { readonly kind: 'answered'; readonly status: number | undefined })
  | (Call & { readonly kind: 'mailed' })
  /** Links that would still have worked do no more. */
  | { readonly kind: 'links-expired' }
  /** A browser's WebAuthn call. */
  | { readonly kind: 'carried-out'; readonly path: string; readonly answer: WebAuthnAnswer }
  /** A browser's WebAuthn call that a fault hit. */
  | { readonly kind: 'disturbed'; readonly path: string; readonly fault: TenantFault['kind'] };

/** How a simulated tenant starts. */
export interface TenantOptions extends ListenOptions {
  readonly apiToken?: string;
  readonly users?: readonly SimulatedUser[];
  /** Answers users as `{"user": {...}}` instead of flat. */
  readonly nestedUser?: boolean;
  /** What goes wrong with its requests; a switch that is off unless told otherwise. */
  readonly faults?: FaultSwitch<TenantFault>;
  /** Where recovery links point to: a page of the app, the only one whose origin may register and use credentials. */
  readonly registrationRedirectUri?: string;
  /** How long a recovery link works, in milliseconds (15 minutes). */
  readonly linkLifetimeMs?: number | undefined;
  /** The time that links and challenges go by, in milliseconds since the epoch; the machine's unless told otherwise. */
  readonly now?: () => number;
  readonly onEvent?: (event: TenantEvent) => void;
}

/** A simulated Beyond Identity tenant over HTTP, controlled in code or by its `/simulation/...` endpoints. */
export interface Tenant extends RunningServer {
  /** The mails that it sent, in their order. */
  readonly mails: readonly Mail[];
  /** The requests for recovery that it received, in their order. */
  readonly requests: readonly ReceivedTenantRequest[];
  /** Switches a fault on, in place of the one before. */
  fault(fault: TenantFault): void;
  /** Switches the fault off. */
  heal(): void;
  /** From now on, only this API token is valid. */
  rotateToken(apiToken: string): void;
  /** The recovery links that were sent so far work no more. */
  expireLinks(): void;
}

/** Starts a simulated tenant. */
export async function startTenant(options: TenantOptions = {}): Promise<Tenant> {
  const { users = SIMULATED_USERS, nestedUser = false, faults = createFaultSwitch(), now } = options;
  const { linkLifetimeMs = LINK_LIFETIME_MS, onEvent = () => {} } = options;
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
    onCarriedOut: (path, answer) => onEvent({ kind: 'carried-out', path, answer }),
    onDisturbed: (path, fault) => onEvent({ kind: 'disturbed', path, fault }),
  };

  function rotateToken(newApiToken: string): void {
    apiToken = newApiToken;
  }

  function expireLinks(): void {
    if (links.expireAll()) onEvent({ kind: 'links-expired' });
  }

  const server = await startHttpServer(async (request, response) => {
    const { path } = splitTarget(request);
    const body = await readBody(request, MAXIMUM_BODY_BYTES);
    if (body === undefined) answerJson(response, 413, { message: 'The body is too large' });
    else if (path.startsWith(CONTROL_PATH_PREFIX)) control(request, body, response);
    else if (path.startsWith(WEBAUTHN_PATH_PREFIX)) {
      await answerWebAuthn(request, body, response, webAuthn);
    } else await recover(request, body, response);
  }, options);

  function control(request: IncomingMessage, body: string, response: ServerResponse): void {
    if (refusedAsCrossSite(request, response)) return;
    const { path } = splitTarget(request);
    answerControl(
      { method: request.method ?? '', path, body },
      { faults, rotateToken, expireLinks },
      response,
    );
  }

  async function recover(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const { path } = splitTarget(request);
    const received = { method: request.method ?? '', path, headers: request.headers, body };
    const externalId = externalIdIn(body);
    const note = record(received, externalId, response);
    const fault = faults.next();
    if (!(await survives(fault, response))) return;
    const answer = recoverUser(received, { apiToken, users, nestedUser });
    if (answer.recovered !== undefined) {
      mailRecoveryLink(answer.recovered);
      note.isMailed = true;
      onEvent({ kind: 'mailed', externalId });
    }
    if (fault?.kind === 'lost-answer') response.socket?.resetAndDestroy();
    else answerJson(response, answer.status, answer.body, answer.status === 405 ? { Allow: 'POST' } : {});
  }

  function record(
    received: TenantRequest,
    externalId: string | undefined,
    response: ServerResponse,
  ): { isMailed: boolean } {
    const note = {
      ...received,
      get answeredStatus() {
        return response.headersSent ? response.statusCode : undefined;
      },
      isMailed: false,
      get isAnswerLost() {
        return response.closed && !response.writableFinished;
      },
    };
    requests.push(note);
    onEvent({ kind: 'called', externalId });
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : undefined;
      onEvent({ kind: 'answered', externalId, status });
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
