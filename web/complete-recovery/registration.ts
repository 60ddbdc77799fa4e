import { property } from '../property.ts';
import { outcomeOfFailure, type RecoveryProblem, type RegisterCredential } from './recovery-link.ts';
import { reportableError } from './reportable-error.ts';

/** How a registration ended. */
export type RegistrationOutcome =
  | { readonly kind: 'done'; readonly redirectUrl: string | undefined }
  | { readonly kind: RecoveryProblem | 'cancelled' | 'failed' };

/** How long to wait for the browser to say whether the device has an authenticator. */
const DETECTION_TIMEOUT_MS = 1_000;

/** Calls the host's callback, and never a second time before the first call has ended: a link works once. */
export class Registration {
  #call: Promise<RegistrationOutcome> | undefined;

  /** Whether a call has not ended yet. */
  get isPending(): boolean {
    return this.#call !== undefined;
  }

  /**
   * Calls the callback, unless the signal aborts before. A call that runs on after the user has cancelled it is awaited: its
   * outcome counts, unless it was cancelled. Never rejects.
   */
  async run(register: RegisterCredential, link: URL, signal: AbortSignal): Promise<RegistrationOutcome> {
    while (this.#call !== undefined) {
      const earlier = await this.#call;
      if (earlier.kind !== 'cancelled') return earlier;
    }
    if (signal.aborted) return { kind: 'cancelled' };
    this.#call = outcomeOf(register, link, signal).finally(() => {
      this.#call = undefined;
    });
    return this.#call;
  }
}

async function outcomeOf(
  register: RegisterCredential,
  link: URL,
  signal: AbortSignal,
): Promise<RegistrationOutcome> {
  try {
    const redirectUrl = property(await register(link, { signal }), 'redirectUrl');
    return { kind: 'done', redirectUrl: typeof redirectUrl === 'string' ? redirectUrl : undefined };
  } catch (error) {
    const kind = outcomeOfFailure(error);
    if (kind === 'cancelled') {
      const isCertain = signal.aborted || property(error, 'name') !== 'NotAllowedError';
      return { kind: isCertain || (await hasAuthenticator()) ? 'cancelled' : 'no-authenticator' };
    }
    if (kind !== 'failed') return { kind };
    if (!navigator.onLine) return { kind: 'offline' };
    reportError(reportableError(error, link));
    return { kind };
  }
}

/** Browsers report a device without an authenticator as they report a user who cancels. */
async function hasAuthenticator(): Promise<boolean> {
  const timeout = new Promise<true>((resolve) => setTimeout(() => resolve(true), DETECTION_TIMEOUT_MS));
  return Promise.race([detectAuthenticator(), timeout]);
}

async function detectAuthenticator(): Promise<boolean> {
  try {
    return await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
  } catch {
    // without WebAuthn, the callback uses something else
    return true;
  }
}
