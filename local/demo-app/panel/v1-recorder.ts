import { NO_IDENTITY, type V1TenantEvent } from '../../tenant/v1/events.ts';
import type { OperationName } from '../../tenant/v1/operation-names.ts';
import { describeFault, MAIL_SENT, recordExpiredLinks } from './event-details.ts';
import type { FlowNarration } from './flow-narration.ts';
import type { FlowSteps, StepName, StepState } from './flow-steps.ts';

type CallEvent = Extract<V1TenantEvent, { readonly operation: OperationName | undefined }>;
type Responded = Extract<V1TenantEvent, { readonly kind: 'responded' }>;

/** The calls of the functions, with what they do. */
const OF_FUNCTIONS: Readonly<Partial<Record<OperationName, string>>> = {
  identities: 'identities: looks the user up',
  'list-jobs': 'list-jobs: looks for a job of an earlier try',
  jobs: 'jobs: creates a credential binding job',
};

/** The calls of the browser, with the step that a success finishes. */
const OF_BROWSERS: Readonly<Partial<Record<OperationName, readonly [StepName, StepState, string]>>> = {
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

const NO_RESPONSE = 'no response, the connection was closed';

/** Records the events of a v1 tenant into the steps, each with its operation. */
export function createV1Recorder(
  steps: FlowSteps,
  narration: Pick<FlowNarration, 'isLatest' | 'onCalled'>,
): (event: V1TenantEvent) => void {
  function recordCallOfFunction(event: CallEvent, doing: string): void {
    if (!narration.isLatest(event.username)) return;
    if (event.kind === 'called') {
      narration.onCalled(event.username);
      steps.record('called', 'under-way', doing);
    } else if (event.kind === 'mailed') steps.record('mailed', 'done', MAIL_SENT);
    else if (event.kind === 'responded') recordResponse(event);
  }

  function recordResponse(event: Responded): void {
    const { operation, status, detail } = event;
    if (status !== 200) steps.record('called', 'problem', describeResponse(event));
    else if (operation === 'jobs') steps.record('called', 'done', 'jobs: created the credential binding job');
    else if (operation === 'identities' && detail !== ACTIVE_IDENTITY) {
      const reason = detail === NO_IDENTITY ? 'no identity has this user name' : detail;
      steps.record('called', 'problem', `identities: ${reason}, no email sent`);
    }
  }

  function recordTokenCall(event: CallEvent): void {
    const isOpen = steps.stateOf('asked') !== 'waiting' && steps.stateOf('mailed') === 'waiting';
    if (event.kind === 'responded' && event.status !== 200 && isOpen) {
      steps.record('called', 'problem', describeResponse(event));
    }
  }

  function recordCallOfBrowser(
    event: CallEvent,
    [step, state, detail]: readonly [StepName, StepState, string],
  ): void {
    if (event.kind === 'fault') {
      const onlyDelays = event.fault === 'slow' || event.fault === 'late-response';
      steps.record(step, onlyDelays ? 'under-way' : 'problem', describeFault(event.fault));
    } else if (event.kind === 'responded') {
      if (event.status === 200) steps.record(step, state, detail);
      // without a detail, a fault has been recorded
      else if (event.detail !== undefined) steps.record(step, 'problem', describeResponse(event));
    }
  }

  return (event) => {
    if (event.kind === 'links-expired') return recordExpiredLinks(steps);
    const { operation } = event;
    if (operation === undefined) return;
    if (operation === 'token') return recordTokenCall(event);
    const ofBrowser = OF_BROWSERS[operation];
    if (ofBrowser !== undefined) return recordCallOfBrowser(event, ofBrowser);
    const doing = OF_FUNCTIONS[operation];
    if (doing !== undefined) recordCallOfFunction(event, doing);
  };
}

const ACTIVE_IDENTITY = 'active identity';

function describeResponse({ operation, status, detail }: Responded): string {
  if (status === undefined) return `${operation}: ${NO_RESPONSE}`;
  return `${operation}: returned ${status}${detail === undefined ? '' : `, ${detail}`}`;
}
