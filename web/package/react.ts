'use client';

export type { CompleteRecoveryJsx, RecoverUserFormJsx } from './jsx.ts';
// biome-ignore lint/performance/noBarrelFile: a bundler drops the module, and the element, that an app does not import
export { CompleteRecovery, type CompleteRecoveryProps } from './react/complete-recovery.ts';
export { RecoverUserForm, type RecoverUserFormProps } from './react/recover-user-form.ts';
