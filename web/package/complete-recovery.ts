import '../complete-recovery/index.ts';

export type { CompleteRecovery } from '../complete-recovery/complete-recovery.ts';
export type { RecoveryProblem, RegisterCredential } from '../complete-recovery/recovery-link.ts';
export type { StateChange } from '../element/stateful-element.ts';
export type { CompletionAttributes } from './types/attributes.ts';
export type { RecoveryEventMap } from './types/events.ts';
