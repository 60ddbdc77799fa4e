import { outboxMessage } from '../../../functions/adapters/aws/outbox-message.ts';
import { canonicalAddress } from '../../../functions/core/address.ts';
import { recoverUserRequest } from '../../../functions/recover-user/http/contract.ts';
import type { Page } from '../../emulators/gateway.ts';
import type { ProxyHandler } from '../../emulators/lambda-invocation.ts';
import type { QueueHandler } from '../../emulators/outbox-poller.ts';
import { splitTarget } from '../../http-server.ts';
import { parseJson } from '../../json-text.ts';
import {
  AUTHENTICATION_OPTIONS_PATH,
  AUTHENTICATION_VERIFY_PATH,
  LINK_PARAMETER,
  REGISTRATION_OPTIONS_PATH,
  REGISTRATION_VERIFY_PATH,
} from '../../paths.ts';
import type { TenantEvent } from '../../tenant/tenant.ts';
import type { TenantFault } from '../../tenant/tenant-controls.ts';
import type { FlowSteps, StepName, StepState } from './flow-steps.ts';

/**
 * Records what the parts of the simulation do for the latest request. Events of earlier requests, which have another address,
 * are left out.
 */
export interface FlowNarration {
  /** Wraps the endpoint's handler; each request resets the steps. */
  wrapRequestHandler(handler: ProxyHandler): ProxyHandler;
  /** Wraps the handler of the outbox's messages. */
  wrapQueueHandler(handler: QueueHandler): QueueHandler;
  /** Wraps the page that a recovery link opens. */
  wrapLandingPage(page: Page): Page;
  /** Wraps the page where a recovery ends. */
  wrapSignInPage(page: Page): Page;
  onTenantEvent(event: TenantEvent): void;
  /** Called with the body of a message sent to the outbox. */
  onSent(messageBody: string): void;
}

/** The request that the steps show. */
interface TrackedRequest {
  /** Absent: the request has no valid address. */
  readonly address: string | undefined;
  /** Whether it reached Beyond Identity or the outbox. */
  isHandedOver: boolean;
}

interface StepUpdate {
  readonly step: StepName;
  readonly state: StepState;
  readonly detail: string;
}

/** The step update of each WebAuthn call that succeeds, by path. */
const WEBAUTHN_STEPS: ReadonlyMap<string, StepUpdate> = new Map([
  [
    REGISTRATION_OPTIONS_PATH,
    { step: 'validated', state: 'done', detail: 'The link is valid and not used up yet' },
  ],
  [
    REGISTRATION_VERIFY_PATH,
    { step: 'registered', state: 'done', detail: 'The tenant stored the public key; the link is used up' },
  ],
  [
    AUTHENTICATION_OPTIONS_PATH,
    { step: 'signed-in', state: 'under-way', detail: 'The device is asked to sign' },
  ],
  [AUTHENTICATION_VERIFY_PATH, { step: 'signed-in', state: 'done', detail: 'Signed in with the credential' }],
]);

const FAULT_DESCRIPTIONS: Readonly<Record<TenantFault['kind'], string>> = {
  '500': 'The tenant returned 500',
  '429': 'The tenant returned 429',
  'not-json': 'The tenant returned an HTML page',
  slow: 'The tenant is slow',
  hang: 'The tenant does not respond',
  reset: 'The tenant reset the connection',
  'lost-response': "The tenant's response was lost",
};

/** Options of the narration. */
export interface FlowNarrationOptions {
  /** Whether every request goes to the outbox first, which is then not shown as a problem. */
  readonly isQueued?: boolean;
}

/** Creates a narration that records into the steps. */
export function createFlowNarration(
  steps: FlowSteps,
  { isQueued = false }: FlowNarrationOptions = {},
): FlowNarration {
  let latest: TrackedRequest | undefined;
  /** The addresses of each batch that is being delivered. */
  const deliveries = new Set<readonly (string | undefined)[]>();

  function latestAbout(address: string | undefined): TrackedRequest | undefined {
    return address !== undefined && address === latest?.address ? latest : undefined;
  }

  function isDelivered(address: string | undefined): boolean {
    return [...deliveries].some((addresses) => addresses.includes(address));
  }

  function recordWebAuthnEvent(event: Extract<TenantEvent, { readonly path: string }>): void {
    const update = WEBAUTHN_STEPS.get(event.path);
    if (update === undefined) return;
    const { step, state, detail } = update;
    if (event.kind === 'fault') {
      // a slow tenant only delays the user
      steps.record(step, event.fault === 'slow' ? 'under-way' : 'problem', FAULT_DESCRIPTIONS[event.fault]);
    } else if (event.result.status === 200) steps.record(step, state, detail);
    else steps.record(step, 'problem', event.result.body.message);
  }

  function recordTenantCall(event: Extract<TenantEvent, { readonly externalId: string | undefined }>): void {
    // the tenant receives an address first as typed, then in lower case
    const request = latestAbout(event.externalId && canonicalAddress(event.externalId));
    if (request === undefined) return;
    switch (event.kind) {
      case 'called':
        // a delivery from the outbox may belong to an earlier request for the same address
        request.isHandedOver ||= !isDelivered(request.address);
        steps.record('called', 'under-way', 'Called, waiting for the response');
        break;
      case 'responded':
        steps.record('called', event.status === 200 ? 'done' : 'problem', describeStatus(event.status));
        break;
      case 'mailed':
        steps.record('mailed', 'done', 'Sent to the registered address');
        break;
    }
  }

  return {
    wrapRequestHandler: (handler) => async (event, context) => {
      if (event.httpMethod !== 'POST') return handler(event, context);
      const request: TrackedRequest = { address: addressAskedFor(event.body), isHandedOver: false };
      latest = request;
      const startedAt = performance.now();
      steps.startOver();
      steps.record('typed', 'done', 'The app sent an address');
      steps.record('asked', 'under-way', 'The request arrived');
      const result = await handler(event, context);
      if (request !== latest) return result;
      const isAccepted = result.statusCode === 202;
      const milliseconds = Math.round(performance.now() - startedAt);
      steps.record(
        'asked',
        isAccepted ? 'done' : 'problem',
        `${isAccepted ? 'Accepted' : 'Rejected'}: ${result.statusCode} after ${milliseconds} ms`,
      );
      if (isAccepted && !request.isHandedOver) {
        steps.record('called', 'problem', 'Not called: this mailbox is rate limited');
      }
      return result;
    },
    wrapQueueHandler: (handler) => async (event, context) => {
      const addresses = event.Records.map(({ body }) => addressIn(body));
      if (addresses.some(latestAbout)) {
        const isFirst =
          isQueued && event.Records.every(({ attributes }) => attributes.ApproximateReceiveCount === '1');
        if (isFirst) steps.record('called', 'under-way', 'The outbox delivers the request');
        else steps.record('called', 'problem', 'The outbox retries the request');
      }
      deliveries.add(addresses);
      const response = await handler(event, context).finally(() => deliveries.delete(addresses));
      const failures = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const failed = event.Records.filter(({ messageId }) => failures.has(messageId));
      if (failed.some(({ body }) => latestAbout(addressIn(body)))) {
        steps.record('called', 'problem', 'The request stays in the outbox for the next attempt');
      }
      return response;
    },
    wrapLandingPage: (page) => (request, response, body) => {
      const { query } = splitTarget(request);
      if (new URLSearchParams(query).has(LINK_PARAMETER))
        steps.record('opened', 'done', 'The user opened the link');
      return page(request, response, body);
    },
    wrapSignInPage: (page) => (request, response, body) => {
      // users also reach the sign-in route without a recovery
      if (steps.stateOf('registered') === 'done') {
        steps.record('signed-in', 'under-way', 'The user opened the sign-in route');
      }
      return page(request, response, body);
    },
    onTenantEvent(event) {
      switch (event.kind) {
        case 'called':
        case 'responded':
        case 'mailed':
          recordTenantCall(event);
          break;
        case 'links-expired':
          if (steps.stateOf('mailed') !== 'waiting') {
            steps.record('mailed', 'problem', 'The links sent so far have expired');
          }
          break;
        case 'completed':
        case 'fault':
          recordWebAuthnEvent(event);
          break;
      }
    },
    onSent(messageBody) {
      const request = latestAbout(addressIn(messageBody));
      if (request === undefined) return;
      request.isHandedOver = true;
      steps.record('called', isQueued ? 'under-way' : 'problem', 'The request waits in the outbox');
    },
  };
}

/** The canonical address, which identifies requests, calls and messages. */
function addressAskedFor(body: string | null): string | undefined {
  const parsed = parseJson(recoverUserRequest, body ?? '');
  return 'value' in parsed ? canonicalAddress(parsed.value.email) : undefined;
}

function addressIn(messageBody: string): string | undefined {
  const parsed = parseJson(outboxMessage, messageBody);
  return 'value' in parsed ? canonicalAddress(parsed.value.address) : undefined;
}

function describeStatus(status: number | undefined): string {
  switch (status) {
    case undefined:
      return 'No response: the connection was closed';
    case 404:
      return 'Returned 404: unknown user, no email sent';
    case 409:
      return 'Returned 409: suspended user, no email sent';
    default:
      return `Returned ${status}`;
  }
}
