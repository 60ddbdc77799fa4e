import type { RecoveryProblem } from '../complete-recovery/recovery-link.ts';

/** What went wrong: a problem of the link or of the device, a user who canceled, or anything that may work the next time. */
export type RegistrationFailure = RecoveryProblem | 'cancelled' | 'failed';

const MESSAGES: Readonly<Record<RegistrationFailure, string>> = {
  expired: 'The recovery link has expired.',
  used: 'The recovery link was used before.',
  invalid: 'The recovery link is invalid, expired or already used.',
  malformed: 'This is not a complete recovery link of Beyond Identity.',
  'no-authenticator': 'This device has no suitable authenticator.',
  offline: 'Beyond Identity could not be reached.',
  cancelled: 'The user canceled.',
  failed: 'The registration did not succeed.',
};

/**
 * An error of the registration, which is safe to log and to report: it has a fixed text, and neither the error of the SDK, nor a
 * stack. Both can contain the link with its token; a stack does so where the page calls from an inline script.
 */
export class RegistrationError extends Error {
  /** `AbortError`, as browsers say it, if the user canceled. `NotAllowedError` could also mean that there is no authenticator. */
  override readonly name: string;
  /** Why the link or the device cannot be used; absent if the user may try again. */
  readonly reason: RecoveryProblem | undefined;

  constructor(failure: RegistrationFailure) {
    super(MESSAGES[failure]);
    this.name = failure === 'cancelled' ? 'AbortError' : 'RegistrationError';
    this.reason = failure === 'cancelled' || failure === 'failed' ? undefined : failure;
    Object.defineProperty(this, 'stack', { value: `${this.name}: ${this.message}` });
  }
}
