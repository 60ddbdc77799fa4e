import { NO_IDENTITY, type V1TenantEvent } from '../../tenant/v1/events.ts';
import type { OperationName } from '../../tenant/v1/operation-names.ts';
import { describeFault, recordExpiredLinks, recordMail, recordNoMail } from './event-details.ts';
import type { FlowNarration } from './flow-narration.ts';
import type { FlowSteps, StepName, StepState } from './flow-steps.ts';

type CallEvent = Extract<V1TenantEvent, { readonly operation: OperationName | undefined }>;
type Fault = Extract<V1TenantEvent, { readonly kind: 'fault' }>['fault'];
type Responded = Extract<V1TenantEvent, { readonly kind: 'responded' }>;

/** The calls of the functions, with what they do. */
const FUNCTION_OPERATIONS: Readonly<Partial<Record<OperationName, string>>> = {
  identities: 'identities: looks the user up',
  'list-jobs': 'list-jobs: looks for a job of an earlier try',
  jobs: 'jobs: creates a credential binding job',
};

/** The calls of the browser, with the step that a success finishes. */
const BROWSER_OPERATIONS: Readonly<Partial<Record<OperationName, readonly [StepName, StepState, string]>>> = {
  'get-info': ['validated', 'done', 'getInfo: the link is valid and not used up yet'],
  bind: ['registered', 'done', 'bind: the tenant stored the public key; the link is used up'],
  authorize: ['signed-in', 'under-way', 'authorize: the SDK is asked to sign'],
  authenticate: [
    'signed-in',
    'under-way',
    'bi-authenticate: the tenant verified the signature of the passkey',
  ],
  'sign-in': ['signed-in', 'done', 'Signed in with the passkey of the SDK'],
};

const NO_RESPONSE = 'the connection was closed early';

/** Records the events of a v1 tenant into the steps, each with its operation. */
export function createV1Recorder(
  steps: FlowSteps,
  narration: Pick<FlowNarration, 'isLatest' | 'onCalled' | 'onMailed'>,
): (event: V1TenantEvent) => void {
  /** The fault of the call that is under way, by operation. */
  const faults = new Map<OperationName, Fault>();

  /** The fault that has decided the response of a call, if any: a delay has not. */
  function takeFault(operation: OperationName): Fault | undefined {
    const fault = faults.get(operation);
    faults.delete(operation);
    return fault !== undefined && isDelay(fault) ? undefined : fault;
  }

  function recordCallOfFunction(event: CallEvent, doing: string): void {
    if (event.kind === 'called') {
      narration.onCalled(event.username);
      steps.record('called', 'under-way', doing);
    } else if (event.kind === 'mailed') recordMail(steps, narration.onMailed(event.username));
    else if (event.kind === 'fault') recordFault('called', event.fault, `${event.operation}: `);
    else recordResponse(event);
  }

  function recordFault(step: StepName, fault: Fault, prefix = ''): void {
    steps.record(step, isDelay(fault) ? 'under-way' : 'problem', prefix + describeFault(fault));
  }

  function recordResponse(event: Responded): void {
    const { operation, status, detail } = event;
    if (status === 422) recordEnd(describeResponse(event), `${detail}`);
    else if (status !== 200) steps.record('called', 'problem', describeResponse(event));
    else if (operation === 'jobs') steps.record('called', 'done', 'jobs: created the credential binding job');
    else if (operation === 'identities' && detail !== ACTIVE_IDENTITY) {
      const reason = detail === NO_IDENTITY ? 'no identity has this user name' : `${detail}`;
      recordEnd(`identities: ${reason}`, reason);
    }
  }

  /** The identity cannot be recovered: the call succeeds, and no email follows. */
  function recordEnd(response: string, reason: string): void {
    steps.record('called', 'done', response);
    recordNoMail(steps, reason);
  }

  function recordTokenCall(event: CallEvent): void {
    const isOpen = steps.stateOf('asked') !== 'waiting' && steps.stateOf('mailed') === 'waiting';
    if (!isOpen) return;
    if (event.kind === 'fault') recordFault('called', event.fault, 'token: ');
    else if (event.kind === 'responded' && event.status !== 200) {
      steps.record('called', 'problem', describeResponse(event));
    }
  }

  function recordCallOfBrowser(
    event: CallEvent,
    [step, state, detail]: readonly [StepName, StepState, string],
  ): void {
    if (event.kind === 'fault') recordFault(step, event.fault);
    else if (event.kind === 'responded') {
      if (event.status === 200) steps.record(step, state, detail);
      else steps.record(step, 'problem', describeResponse(event));
    }
  }

  return (event) => {
    if (event.kind === 'links-expired') return recordExpiredLinks(steps);
    const { operation } = event;
    if (operation === undefined) return;
    if (event.kind === 'fault') faults.set(operation, event.fault);
    // a fault that decides the response has been recorded when it hit
    else if (event.kind === 'responded' && takeFault(operation) !== undefined) return;
    if (operation === 'token') return recordTokenCall(event);
    const ofBrowser = BROWSER_OPERATIONS[operation];
    if (ofBrowser !== undefined) return recordCallOfBrowser(event, ofBrowser);
    const doing = FUNCTION_OPERATIONS[operation];
    if (doing !== undefined && narration.isLatest(event.username)) recordCallOfFunction(event, doing);
  };
}

const ACTIVE_IDENTITY = 'active identity';

/** These only delay the user. */
function isDelay(fault: Fault): boolean {
  return fault === 'slow' || fault === 'late-response';
}

function describeResponse({ operation, status, detail }: Responded): string {
  if (status === undefined) return `${operation}: ${NO_RESPONSE}`;
  return `${operation}: returned ${status}${detail === undefined ? '' : `, ${detail}`}`;
}
