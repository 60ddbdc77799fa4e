import { outboxMessage } from '../../../functions/adapters/aws/outbox-message.ts';
import { canonicalAddress } from '../../../functions/core/address.ts';
import { recoverUserRequest } from '../../../functions/recover-user/http/contract.ts';
import type { Page } from '../../emulators/gateway.ts';
import type { ProxyHandler } from '../../emulators/lambda-invocation.ts';
import type { QueueHandler } from '../../emulators/outbox-poller.ts';
import { splitTarget } from '../../http-server.ts';
import { parseJson } from '../../json-text.ts';
import { LINK_PARAMETER } from '../../paths.ts';
import { recordNoMail } from './event-details.ts';
import type { FlowSteps } from './flow-steps.ts';

/**
 * Records what the parts of the simulation do for the latest request. Events of earlier requests, which have another address,
 * are left out. The run of a request is over once the user has signed in: the next visit of the recovery page or of the sign-in
 * page starts over.
 */
export interface FlowNarration {
  /** Wraps the endpoint's handler; each request resets the steps. */
  wrapRequestHandler(handler: ProxyHandler): ProxyHandler;
  /** Wraps the handler of the outbox's messages. */
  wrapQueueHandler(handler: QueueHandler): QueueHandler;
  /** Wraps the completion page, which a recovery link opens. */
  wrapCompletionPage(page: Page): Page;
  /** Wraps the page where a recovery begins. */
  wrapRecoveryPage(page: Page): Page;
  /** Wraps the page where a recovery ends. */
  wrapSignInPage(page: Page): Page;
  /** Whether this is the address of the latest request. */
  isLatest(address: string | undefined): boolean;
  /** Called when the tenant is called about this address, which hands the latest request over if it has the address. */
  onCalled(address: string | undefined): void;
  /** Called when the tenant has sent an email for this address; returns how many the latest request has, if it has the address. */
  onMailed(address: string | undefined): number;
  /** When the latest request for this address before a time arrived; both in milliseconds since the epoch. */
  requestedAt(address: string, before: number): number | undefined;
  /** Called with the body of a message sent to the outbox. */
  onSent(messageBody: string): void;
}

/** The request that the steps show. */
interface TrackedRequest {
  /** Absent: the request has no valid address. */
  readonly address: string | undefined;
  /** Whether it reached Beyond Identity or the outbox. */
  isHandedOver: boolean;
  /** Number of emails. */
  mails: number;
}

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
  /** When requests arrived, by address, in order. */
  const arrivals = new Map<string, number[]>();
  /** The addresses of each batch that is being delivered. */
  const deliveries = new Set<readonly (string | undefined)[]>();

  function latestAbout(address: string | undefined): TrackedRequest | undefined {
    return address !== undefined && address === latest?.address ? latest : undefined;
  }

  function isDelivered(address: string | undefined): boolean {
    return [...deliveries].some((addresses) => addresses.includes(address));
  }

  function noteArrival(address: string | undefined): void {
    if (address !== undefined) arrivals.set(address, [...(arrivals.get(address) ?? []), Date.now()]);
  }

  function startOverWhenOver(): void {
    if (steps.stateOf('signed-in') === 'done') steps.startOver();
  }

  return {
    wrapRequestHandler: (handler) => async (event, context) => {
      if (event.httpMethod !== 'POST') return handler(event, context);
      const request = { address: addressAskedFor(event.body), isHandedOver: false, mails: 0 };
      latest = request;
      noteArrival(request.address);
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
        steps.record('called', 'ended', 'Not called: this mailbox is rate limited');
        recordNoMail(steps, 'this mailbox is rate limited');
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
    wrapCompletionPage: (page) => (request, response, body) => {
      const { query } = splitTarget(request);
      if (new URLSearchParams(query).has(LINK_PARAMETER))
        steps.record('opened', 'done', 'The user opened the link');
      return page(request, response, body);
    },
    wrapRecoveryPage: (page) => (request, response, body) => {
      if (request.method === 'GET') startOverWhenOver();
      return page(request, response, body);
    },
    wrapSignInPage: (page) => (request, response, body) => {
      if (request.method === 'GET') startOverWhenOver();
      // users also reach the sign-in route without a recovery
      if (steps.stateOf('registered') === 'done') {
        steps.record('signed-in', 'under-way', 'The user opened the sign-in route');
      }
      return page(request, response, body);
    },
    isLatest: (address) => latestAbout(address && canonicalAddress(address)) !== undefined,
    onCalled(address) {
      const request = latestAbout(address && canonicalAddress(address));
      // a delivery from the outbox may belong to an earlier request for the same address
      if (request !== undefined) request.isHandedOver ||= !isDelivered(request.address);
    },
    onMailed(address) {
      const request = latestAbout(address && canonicalAddress(address));
      if (request === undefined) return 0;
      request.mails += 1;
      return request.mails;
    },
    requestedAt: (address, before) =>
      arrivals.get(canonicalAddress(address))?.findLast((arrivedAt) => arrivedAt <= before),
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
