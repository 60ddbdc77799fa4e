import type { TenantFault } from '../../tenant/tenant-controls.ts';
import type { V1TenantFault } from '../../tenant/v1/fault.ts';
import type { FlowSteps } from './flow-steps.ts';

/** The detail of an email. */
export const MAIL_SENT = 'Sent to the registered address';

const FAULTS: Readonly<Record<TenantFault['kind'] | V1TenantFault['kind'], string>> = {
  '401': 'The tenant returned 401',
  '403': 'The tenant returned 403',
  '500': 'The tenant returned 500',
  '429': 'The tenant returned 429',
  'not-json': 'The tenant returned an HTML page',
  slow: 'The tenant is slow',
  'late-response': 'The tenant responds late',
  hang: 'The tenant does not respond',
  reset: 'The tenant reset the connection',
  'lost-response': "The tenant's response was lost",
};

/** Describes a fault that hits a browser's call. */
export function describeFault(kind: keyof typeof FAULTS): string {
  return FAULTS[kind];
}

/** Records that links have expired, if any was sent for the latest request. */
export function recordExpiredLinks(steps: FlowSteps): void {
  if (steps.stateOf('mailed') !== 'waiting') {
    steps.record('mailed', 'problem', 'The links sent so far have expired');
  }
}
