import { property } from '../property.ts';
import { outcomeOfFailure, type RecoveryProblem, type RegisterCredential } from './recovery-link.ts';

/** How a registration ended. */
export type RegistrationOutcome =
  | { readonly kind: 'done'; readonly redirectUrl: string | undefined }
  | { readonly kind: RecoveryProblem | 'cancelled' | 'failed' };

/** How long to wait for the browser to say whether the device has an authenticator. */
const DETECTION_TIMEOUT_MS = 1_000;

/** Calls the host's callback, and never a second time before the first call has ended: a link works once. */
export class Registration {
  #call: Promise<RegistrationOutcome> | undefined;
  #cancellation = new AbortController();

  /** Whether a call has not ended yet. */
  get isPending(): boolean {
    return this.#call !== undefined;
  }

  /** Calls the callback. A call that runs on after `cancel` is awaited: its result counts, unless it was cancelled. Never rejects. */
  async run(register: RegisterCredential, link: URL): Promise<RegistrationOutcome> {
    const running = await this.#call;
    if (running !== undefined && running.kind !== 'cancelled') return running;
    return this.#start(register, link);
  }

  /** Aborts the signal of the callback. */
  cancel(): void {
    this.#cancellation.abort();
  }

  #start(register: RegisterCredential, link: URL): Promise<RegistrationOutcome> {
    this.#cancellation = new AbortController();
    const call = outcomeOf(register, link, this.#cancellation.signal).finally(() => {
      this.#call = undefined;
    });
    this.#call = call;
    return call;
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
    if (property(error, 'name') === 'NotAllowedError' && !(await hasAuthenticator())) {
      return { kind: 'no-authenticator' };
    }
    if (kind !== 'failed') return { kind };
    if (!navigator.onLine) return { kind: 'offline' };
    reportError(error);
    return { kind };
  }
}

/** Browsers report a device without an authenticator as they report a user who cancels. */
async function hasAuthenticator(): Promise<boolean> {
  const { PublicKeyCredential: api } = globalThis;
  // without WebAuthn, the callback uses something else
  if (api === undefined) return true;
  const detection = api.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => true);
  const timeout = new Promise<true>((resolve) => setTimeout(() => resolve(true), DETECTION_TIMEOUT_MS));
  return Promise.race([detection, timeout]);
}
