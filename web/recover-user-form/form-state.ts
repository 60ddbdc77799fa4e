import { type Pause, pauseFor } from '../element/countdown.ts';
import type { RecoveryResult } from './request-recovery.ts';

/** The state of the form. CSS selects its `kind` with `:state(...)`. */
export type FormState =
  | { readonly kind: 'idle' | 'invalid-address' | 'captcha' | 'sending' | 'offline' }
  | { readonly kind: 'captcha-failed' | 'captcha-unavailable' }
  | ({ readonly kind: 'sent' | 'sent-recently' | 'too-many-requests' | 'unavailable' } & Pause)
  | { readonly kind: 'failed'; readonly requestId: string | undefined };

/** A result other than success. */
export type FailedResult = Exclude<RecoveryResult, { readonly kind: 'accepted' }>;

/** The `detail` of the event `recovery-failed`. It never holds the address. */
export interface RecoveryFailure {
  readonly reason: FailedResult['kind'] | 'captcha-unavailable';
  /** The ID under which the service logged the request, if it did. */
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** Returns the state that shows a failed request. */
export function stateAfter(failure: FailedResult): FormState {
  return failure.kind === 'too-many-requests' || failure.kind === 'unavailable'
    ? { kind: failure.kind, ...pauseFor(failure.retryAfterSeconds) }
    : failure;
}
