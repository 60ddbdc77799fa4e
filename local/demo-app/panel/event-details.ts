import type { TenantFault } from '../../tenant/tenant-controls.ts';
import type { V1TenantFault } from '../../tenant/v1/fault.ts';
import { FAULT_NAMES } from '../fault-names.ts';
import type { FlowSteps } from './flow-steps.ts';

/** The name of a fault, as on the panel's buttons. */
export function describeFault(kind: TenantFault['kind'] | V1TenantFault['kind']): string {
  return FAULT_NAMES[kind];
}

/** Records an email of the latest request; `count` is how many it has now. More than one is a double email. */
export function recordMail(steps: FlowSteps, count: number): void {
  const detail = count > 1 ? `Email ${count} of the same request` : 'Sent to the registered address';
  steps.record('mailed', 'done', detail);
}

/** Records why the latest request gets no email, unless an email was sent. This is an end, not a problem. */
export function recordNoMail(steps: FlowSteps, reason: string): void {
  if (steps.stateOf('mailed') === 'waiting') steps.record('mailed', 'ended', `No email: ${reason}`);
}

/** Records that links have expired, if any was sent for the latest request. */
export function recordExpiredLinks(steps: FlowSteps): void {
  if (steps.stateOf('mailed') === 'done') {
    steps.record('mailed', 'problem', 'The links sent so far have expired');
  }
}
