import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createFaultSwitch, type FaultSwitch } from './fault-switch.ts';
import {
  answerJson,
  type ListenOptions,
  type RunningServer,
  readBody,
  splitTarget,
  startHttpServer,
} from './http-server.ts';
import { createMailbox, type Mail } from './mailbox.ts';
import { recoverUser, type TenantRequest } from './recover-user-operation.ts';
import { SIMULATED_USERS, type SimulatedUser } from './simulated-users.ts';
import { answerControl, type TenantFault } from './tenant-controls.ts';

/** The API token that the simulated tenant accepts until it is rotated. Opens nothing real. */
export const SIMULATED_API_TOKEN = 'simulated-api-token';

/** Where the recovery links point to: the tenant's registration redirect URI. */
const REGISTRATION_REDIRECT_URI = 'https://app.example.com/register';

const MAXIMUM_BODY_BYTES = 64 * 1024;

/** A request that the tenant received, and the status of the answer: `undefined` as long as there is none. */
export interface ReceivedTenantRequest extends TenantRequest {
  readonly answeredStatus: number | undefined;
  /** Whether a mail was sent for it. */
  readonly isMailed: boolean;
  /** Whether the connection ended before the whole answer was sent, whichever side ended it. */
  readonly isAnswerLost: boolean;
}

/** How a simulated tenant starts. */
export interface TenantOptions extends ListenOptions {
  readonly apiToken?: string;
  readonly users?: readonly SimulatedUser[];
  /** Answers users as `{"user": {...}}` instead of flat. */
  readonly nestedUser?: boolean;
  /** What goes wrong with its requests; a switch that is off unless told otherwise. */
  readonly faults?: FaultSwitch<TenantFault>;
}

/** A simulated Beyond Identity tenant over HTTP, controlled in code or by its `/simulation/...` endpoints. */
export interface Tenant extends RunningServer {
  /** The mails that it sent, in their order. */
  readonly mails: readonly Mail[];
  /** The requests that it received, in their order, those to `/simulation/...` not included. */
  readonly requests: readonly ReceivedTenantRequest[];
  /** Switches a fault on, in place of the one before. */
  fault(fault: TenantFault): void;
  /** Switches the fault off. */
  heal(): void;
  /** From now on, only this API token is valid. */
  rotateToken(apiToken: string): void;
}

/** Starts a simulated tenant. */
export async function startTenant(options: TenantOptions = {}): Promise<Tenant> {
  const { users = SIMULATED_USERS, nestedUser = false, faults = createFaultSwitch() } = options;
  let apiToken = options.apiToken ?? SIMULATED_API_TOKEN;
  const mailbox = createMailbox();
  const requests: ReceivedTenantRequest[] = [];

  function rotateToken(newApiToken: string): void {
    apiToken = newApiToken;
  }

  const server = await startHttpServer(async (request, response) => {
    const method = request.method ?? '';
    const { path } = splitTarget(request);
    const body = await readBody(request, MAXIMUM_BODY_BYTES);
    if (body === undefined) {
      answerJson(response, 413, { message: 'The body is too large' });
    } else if (path.startsWith('/simulation/')) {
      answerControl({ method, path, body }, { faults, rotateToken }, response);
    } else {
      const received = { method, path, headers: request.headers, body };
      const note = record(received, response);
      const fault = faults.next();
      if (!(await survives(fault, response))) return;
      const answer = recoverUser(received, { apiToken, users, nestedUser });
      if (answer.recovered !== undefined) {
        mailRecoveryLink(answer.recovered);
        note.isMailed = true;
      }
      if (fault?.kind === 'lost-answer') response.socket?.resetAndDestroy();
      else answerJson(response, answer.status, answer.body, answer.status === 405 ? { Allow: 'POST' } : {});
    }
  }, options);

  function record(received: TenantRequest, response: ServerResponse): { isMailed: boolean } {
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
    return note;
  }

  function mailRecoveryLink(user: SimulatedUser): void {
    mailbox.deliver({
      to: user.email,
      subject: 'Recover your account',
      recoveryLink: `${REGISTRATION_REDIRECT_URI}?token=${randomBytes(32).toString('base64url')}`,
    });
  }

  return { ...server, mails: mailbox.mails, requests, fault: faults.set, heal: faults.heal, rotateToken };
}

/** Lets the fault have its way with the request; whether it is still to be answered. */
async function survives(fault: TenantFault | undefined, response: ServerResponse): Promise<boolean> {
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
