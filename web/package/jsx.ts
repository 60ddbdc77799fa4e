import type { ClassAttributes, HTMLAttributes } from 'react';
import type { CompleteRecovery } from '../complete-recovery/complete-recovery.ts';
import type { RegisterCredential } from '../complete-recovery/recovery-link.ts';
import type { RecoverUserForm } from '../recover-user-form/recover-user-form.ts';
import type { CompletionAttributes, FormAttributes } from './types/attributes.ts';
import type { RecoveryEventMap } from './types/events.ts';

/** React calls the prop `on` plus the name of the event, with the event. */
type Handlers<Type extends keyof RecoveryEventMap> = {
  readonly [Name in Type as `on${Name}`]?: ((event: RecoveryEventMap[Name]) => void) | undefined;
};

/** The props of `<recover-user-form>` in JSX: its attributes, its events and what every element has. */
export type RecoverUserFormJsx = FormAttributes &
  Handlers<'recovery-requested' | 'recovery-failed' | 'recovery-state-changed'> &
  HTMLAttributes<RecoverUserForm> &
  ClassAttributes<RecoverUserForm>;

/**
 * The props of `<complete-recovery>` in JSX: its attributes, its events, `registerCredential` and what every element has. React
 * sets `registerCredential` only if the element is defined before the first render, and not while it hydrates: the component
 * `CompleteRecovery` does so always.
 */
export type CompleteRecoveryJsx = CompletionAttributes &
  Handlers<'recovery-completed' | 'recovery-state-changed'> & {
    readonly registerCredential?: RegisterCredential | undefined;
  } & HTMLAttributes<CompleteRecovery> &
  ClassAttributes<CompleteRecovery>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'recover-user-form': RecoverUserFormJsx;
      'complete-recovery': CompleteRecoveryJsx;
    }
  }
}
