import '../recover-user-form/index.ts';

export type { StateChange } from '../element/stateful-element.ts';
export type { RecoveryFailure } from '../recover-user-form/form-state.ts';
export type { RecoverUserForm } from '../recover-user-form/recover-user-form.ts';
export type { FormAttributes } from './types/attributes.ts';
export type { RecoveryEventMap } from './types/events.ts';
