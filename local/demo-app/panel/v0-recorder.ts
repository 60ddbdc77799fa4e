import {
  AUTHENTICATION_OPTIONS_PATH,
  AUTHENTICATION_VERIFY_PATH,
  REGISTRATION_OPTIONS_PATH,
  REGISTRATION_VERIFY_PATH,
} from '../../paths.ts';
import type { TenantEvent } from '../../tenant/tenant.ts';
import type { TenantFault } from '../../tenant/tenant-controls.ts';
import { describeFault, recordExpiredLinks, recordMail, recordNoMail } from './event-details.ts';
import type { FlowNarration } from './flow-narration.ts';
import type { FlowSteps, StepName, StepState } from './flow-steps.ts';

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

/** Why a user gets no email, by the status of the response. */
const WITHOUT_MAIL: ReadonlyMap<number, string> = new Map([
  [404, 'unknown user'],
  [409, 'suspended user'],
]);

/** Records the events of a v0 tenant into the steps. */
export function createV0Recorder(
  steps: FlowSteps,
  narration: Pick<FlowNarration, 'isLatest' | 'onCalled' | 'onMailed'>,
): (event: TenantEvent) => void {
  function recordWebAuthnEvent(event: Extract<TenantEvent, { readonly path: string }>): void {
    const update = WEBAUTHN_STEPS.get(event.path);
    if (update === undefined) return;
    const { step, state, detail } = update;
    if (event.kind === 'fault') {
      steps.record(step, stateDuring(event.fault), describeFault(event.fault));
    } else if (event.result.status === 200) steps.record(step, state, detail);
    else steps.record(step, 'problem', event.result.body.message);
  }

  function recordCall(event: Extract<TenantEvent, { readonly externalId: string | undefined }>): void {
    if (!narration.isLatest(event.externalId)) return;
    switch (event.kind) {
      case 'called':
        narration.onCalled(event.externalId);
        if (event.fault === undefined)
          steps.record('called', 'under-way', 'Called, waiting for the response');
        else steps.record('called', stateDuring(event.fault), describeFault(event.fault));
        break;
      case 'responded':
        recordResponse(event);
        break;
      case 'mailed':
        recordMail(steps, narration.onMailed(event.externalId));
        break;
    }
  }

  function recordResponse({ status, fault }: Extract<TenantEvent, { readonly kind: 'responded' }>): void {
    const isOnlyLate = fault === 'slow' && status !== undefined;
    const without = status === undefined ? undefined : WITHOUT_MAIL.get(status);
    if (fault !== undefined && !isOnlyLate) steps.record('called', 'problem', describeFault(fault));
    else if (without === undefined) {
      steps.record('called', status === 200 ? 'done' : 'problem', describeStatus(status));
    } else {
      steps.record('called', 'done', `Returned ${status}: ${without}`);
      recordNoMail(steps, without);
    }
  }

  return (event) => {
    switch (event.kind) {
      case 'called':
      case 'responded':
      case 'mailed':
        recordCall(event);
        break;
      case 'links-expired':
        recordExpiredLinks(steps);
        break;
      case 'completed':
      case 'fault':
        recordWebAuthnEvent(event);
        break;
    }
  };
}

/** A slow tenant only delays the user. */
function stateDuring(fault: TenantFault['kind']): StepState {
  return fault === 'slow' ? 'under-way' : 'problem';
}

function describeStatus(status: number | undefined): string {
  return status === undefined ? 'The connection was closed early' : `Returned ${status}`;
}
