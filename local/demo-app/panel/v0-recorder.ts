import {
  AUTHENTICATION_OPTIONS_PATH,
  AUTHENTICATION_VERIFY_PATH,
  REGISTRATION_OPTIONS_PATH,
  REGISTRATION_VERIFY_PATH,
} from '../../paths.ts';
import type { TenantEvent } from '../../tenant/tenant.ts';
import { describeFault, MAIL_SENT, recordExpiredLinks } from './event-details.ts';
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

/** Records the events of a v0 tenant into the steps. */
export function createV0Recorder(
  steps: FlowSteps,
  narration: Pick<FlowNarration, 'isLatest' | 'onCalled'>,
): (event: TenantEvent) => void {
  function recordWebAuthnEvent(event: Extract<TenantEvent, { readonly path: string }>): void {
    const update = WEBAUTHN_STEPS.get(event.path);
    if (update === undefined) return;
    const { step, state, detail } = update;
    if (event.kind === 'fault') {
      // a slow tenant only delays the user
      steps.record(step, event.fault === 'slow' ? 'under-way' : 'problem', describeFault(event.fault));
    } else if (event.result.status === 200) steps.record(step, state, detail);
    else steps.record(step, 'problem', event.result.body.message);
  }

  function recordCall(event: Extract<TenantEvent, { readonly externalId: string | undefined }>): void {
    if (!narration.isLatest(event.externalId)) return;
    switch (event.kind) {
      case 'called':
        narration.onCalled(event.externalId);
        steps.record('called', 'under-way', 'Called, waiting for the response');
        break;
      case 'responded':
        steps.record('called', event.status === 200 ? 'done' : 'problem', describeStatus(event.status));
        break;
      case 'mailed':
        steps.record('mailed', 'done', MAIL_SENT);
        break;
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
