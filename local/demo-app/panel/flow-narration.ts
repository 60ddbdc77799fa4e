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
 * Tells, step by step, what the parts of the simulation do for the latest request. What they do for an earlier one is told apart
 * by the address and left out; two requests for one address are about the same person.
 */
export interface FlowNarration {
  /** The same handler; with each request, the steps start over. */
  overRequests(handler: ProxyHandler): ProxyHandler;
  /** The same handler, for what waited in the outbox. */
  overDeliveries(handler: QueueHandler): QueueHandler;
  /** The same page, opened by the link in a mail. */
  overLandingPage(page: Page): Page;
  /** The same page, to which a person is sent in the end. */
  overSignInPage(page: Page): Page;
  onTenantEvent(event: TenantEvent): void;
  /** A request was put into the outbox, as this message. */
  onSent(messageBody: string): void;
}

/** The request that the steps are about. */
interface ToldRequest {
  /** Absent: the request names nobody, and comes to nothing. */
  readonly address: string | undefined;
  /** Whether it got as far as Beyond Identity or the outbox. */
  isHandedOver: boolean;
}

interface Telling {
  readonly step: StepName;
  readonly state: StepState;
  readonly detail: string;
}

/** By the path of a browser's call: the step that it belongs to, and what it means that it was carried out. */
const WEBAUTHN_STEPS: ReadonlyMap<string, Telling> = new Map([
  [
    REGISTRATION_OPTIONS_PATH,
    { step: 'validated', state: 'done', detail: 'The link is good; it is not used up yet' },
  ],
  [
    REGISTRATION_VERIFY_PATH,
    { step: 'registered', state: 'done', detail: 'The tenant keeps the public key; the link is used up' },
  ],
  [
    AUTHENTICATION_OPTIONS_PATH,
    { step: 'signed-in', state: 'under-way', detail: 'The device is asked to sign' },
  ],
  [AUTHENTICATION_VERIFY_PATH, { step: 'signed-in', state: 'done', detail: 'Signed in with the credential' }],
]);

const DISTURBANCES: Readonly<Record<TenantFault['kind'], string>> = {
  '500': 'The tenant answered 500',
  '429': 'The tenant answered 429',
  'not-json': 'The tenant answered with a web page',
  slow: 'The tenant takes its time',
  hang: 'The tenant does not answer',
  reset: 'The tenant cut the connection',
  'lost-answer': "The tenant's answer was lost",
};

/** What the flow is like. */
export interface FlowNarrationOptions {
  /** Every request goes to the outbox first, which is then no problem. */
  readonly isQueued?: boolean;
}

/** Narrates into the steps. */
export function createFlowNarration(
  steps: FlowSteps,
  { isQueued = false }: FlowNarrationOptions = {},
): FlowNarration {
  let latest: ToldRequest | undefined;
  /** By address, the batches that are on their way from the outbox. */
  const deliveries = new Set<readonly (string | undefined)[]>();

  function latestAbout(address: string | undefined): ToldRequest | undefined {
    return address !== undefined && address === latest?.address ? latest : undefined;
  }

  function isDelivered(address: string | undefined): boolean {
    return [...deliveries].some((addresses) => addresses.includes(address));
  }

  function tellWebAuthn(event: Extract<TenantEvent, { readonly path: string }>): void {
    const telling = WEBAUTHN_STEPS.get(event.path);
    if (telling === undefined) return;
    const { step, state, detail } = telling;
    if (event.kind === 'disturbed') {
      // who is slow only has the person wait
      steps.record(step, event.fault === 'slow' ? 'under-way' : 'problem', DISTURBANCES[event.fault]);
    } else if (event.answer.status === 200) steps.record(step, state, detail);
    else steps.record(step, 'problem', event.answer.body.message);
  }

  function tellCall(event: Extract<TenantEvent, { readonly externalId: string | undefined }>): void {
    // an address goes to the tenant as typed, and then in lower case
    const request = latestAbout(event.externalId && canonicalAddress(event.externalId));
    if (request === undefined) return;
    switch (event.kind) {
      case 'called':
        // what comes from the outbox may be an earlier request for the same address
        request.isHandedOver ||= !isDelivered(request.address);
        steps.record('called', 'under-way', 'Called, and waiting for the answer');
        break;
      case 'answered':
        steps.record('called', event.status === 200 ? 'done' : 'problem', describeAnswer(event.status));
        break;
      case 'mailed':
        steps.record('mailed', 'done', 'Mailed to the registered address');
        break;
    }
  }

  return {
    overRequests: (handler) => async (event, context) => {
      if (event.httpMethod !== 'POST') return handler(event, context);
      const request: ToldRequest = { address: addressAskedFor(event.body), isHandedOver: false };
      latest = request;
      const startedAt = performance.now();
      steps.startOver();
      steps.record('typed', 'done', 'An address was sent');
      steps.record('asked', 'under-way', 'The request arrived');
      const result = await handler(event, context);
      if (request !== latest) return result;
      const isAccepted = result.statusCode === 202;
      const milliseconds = Math.round(performance.now() - startedAt);
      steps.record(
        'asked',
        isAccepted ? 'done' : 'problem',
        `${isAccepted ? 'Accepted' : 'Refused'}: ${result.statusCode} after ${milliseconds} ms`,
      );
      if (isAccepted && !request.isHandedOver) {
        steps.record('called', 'problem', 'Not called: this mailbox has had its attempts for now');
      }
      return result;
    },
    overDeliveries: (handler) => async (event, context) => {
      const addresses = event.Records.map(({ body }) => addressIn(body));
      if (addresses.some(latestAbout)) {
        const isFirst =
          isQueued && event.Records.every(({ attributes }) => attributes.ApproximateReceiveCount === '1');
        if (isFirst) steps.record('called', 'under-way', 'The outbox hands the request over');
        else steps.record('called', 'problem', 'The outbox hands the request over again');
      }
      deliveries.add(addresses);
      const response = await handler(event, context).finally(() => deliveries.delete(addresses));
      const failures = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const failed = event.Records.filter(({ messageId }) => failures.has(messageId));
      if (failed.some(({ body }) => latestAbout(addressIn(body)))) {
        steps.record('called', 'problem', 'The request stays in the outbox for the next try');
      }
      return response;
    },
    overLandingPage: (page) => (request, response, body) => {
      const { query } = splitTarget(request);
      if (new URLSearchParams(query).has(LINK_PARAMETER))
        steps.record('opened', 'done', 'The link was opened');
      return page(request, response, body);
    },
    overSignInPage: (page) => (request, response, body) => {
      // the route has other visitors than those whom a recovery sends there
      if (steps.stateOf('registered') === 'done') {
        steps.record('signed-in', 'under-way', 'The sign-in route was opened');
      }
      return page(request, response, body);
    },
    onTenantEvent(event) {
      switch (event.kind) {
        case 'called':
        case 'answered':
        case 'mailed':
          tellCall(event);
          break;
        case 'links-expired':
          if (steps.stateOf('mailed') !== 'waiting') {
            steps.record('mailed', 'problem', 'The links mailed so far have expired');
          }
          break;
        case 'carried-out':
        case 'disturbed':
          tellWebAuthn(event);
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

/** The address in the one form by which requests, calls and messages are told apart. */
function addressAskedFor(body: string | null): string | undefined {
  const parsed = parseJson(recoverUserRequest, body ?? '');
  return 'value' in parsed ? canonicalAddress(parsed.value.email) : undefined;
}

function addressIn(messageBody: string): string | undefined {
  const parsed = parseJson(outboxMessage, messageBody);
  return 'value' in parsed ? canonicalAddress(parsed.value.address) : undefined;
}

function describeAnswer(status: number | undefined): string {
  switch (status) {
    case undefined:
      return 'Got no answer: the connection ended';
    case 404:
      return 'Answered 404: nobody there has this address, and nobody is mailed';
    case 409:
      return 'Answered 409: the user is suspended, and nobody is mailed';
    default:
      return `Answered ${status}`;
  }
}
