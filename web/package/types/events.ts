import type { StateChange } from '../../element/stateful-element.ts';
import type { RecoveryFailure } from '../../recover-user-form/form-state.ts';

/** The events of both elements. They bubble and cross shadow boundaries. */
export interface RecoveryEventMap {
  /** `<recover-user-form>`: the endpoint has accepted a request. */
  'recovery-requested': CustomEvent<null>;
  /** `<recover-user-form>`: a request has failed. */
  'recovery-failed': CustomEvent<RecoveryFailure>;
  /** `<complete-recovery>`: the credential is registered; the element redirects next. */
  'recovery-completed': CustomEvent<null>;
  /** Both elements: the first view, and any change of the state or of the heading. */
  'recovery-state-changed': CustomEvent<StateChange>;
}

declare global {
  interface HTMLElementEventMap extends RecoveryEventMap {}
}
