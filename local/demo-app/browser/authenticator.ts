import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import { createSimulatedAuthenticator, type SimulatedAuthenticator } from './simulated-authenticator.ts';
import { storedCredential } from './stored-credential.ts';

/** Whether this browser uses the simulated authenticator, in every tab. */
const KEY = 'simulated-authenticator';

/** Dispatched on the document when this tab has switched. */
const SWITCHED_EVENT = 'simulated-authenticator-switched';

/** Whether this browser uses the simulated authenticator in place of the device's own. */
export function isSimulatedAuthenticatorOn(): boolean {
  return localStorage.getItem(KEY) !== null;
}

/** Switches this browser to the simulated authenticator, or back. Its credential stays for the next time. */
export function switchSimulatedAuthenticator(isOn: boolean): void {
  if (isOn) localStorage.setItem(KEY, 'on');
  else localStorage.removeItem(KEY);
  document.dispatchEvent(new Event(SWITCHED_EVENT));
}

/** Whether a page can register and use credentials: by WebAuthn, or by the simulated authenticator. */
export function canAuthenticate(): boolean {
  return isSimulatedAuthenticatorOn() || browserSupportsWebAuthn();
}

/** Whether the browser reports an authenticator of its device that verifies the user. Never rejects. */
export async function hasPlatformAuthenticator(): Promise<boolean> {
  const { PublicKeyCredential: api } = globalThis;
  if (api === undefined) return false;
  return api.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
}

/** Creates a credential, until the signal aborts. Rejects with the errors of WebAuthn. */
export function createCredential(
  optionsJSON: PublicKeyCredentialCreationOptionsJSON,
  signal?: AbortSignal,
): Promise<object> {
  const { challenge, user } = optionsJSON;
  return withChosenAuthenticator(
    () => startRegistration({ optionsJSON }),
    (device) => device.register({ challenge, userId: user.id }),
    signal,
  );
}

/** Signs with a credential. Rejects with the errors of WebAuthn. */
export function signWithCredential(optionsJSON: PublicKeyCredentialRequestOptionsJSON): Promise<object> {
  return withChosenAuthenticator(
    () => startAuthentication({ optionsJSON }),
    (device) => device.authenticate(optionsJSON),
  );
}

/** Goes on with the simulated authenticator if someone switches to it while the browser waits for a device. */
async function withChosenAuthenticator(
  byBrowser: () => Promise<object>,
  bySimulation: (device: SimulatedAuthenticator) => Promise<object>,
  signal?: AbortSignal,
): Promise<object> {
  signal?.throwIfAborted();
  const device = createSimulatedAuthenticator(location.origin, storedCredential);
  if (isSimulatedAuthenticatorOn()) return bySimulation(device);
  const ended = new AbortController();
  const cancel = () => WebAuthnAbortService.cancelCeremony();
  document.addEventListener(SWITCHED_EVENT, cancel, { signal: ended.signal });
  signal?.addEventListener('abort', cancel, { signal: ended.signal });
  try {
    return await byBrowser();
  } catch (error) {
    signal?.throwIfAborted();
    if (!isSimulatedAuthenticatorOn()) throw error;
    return bySimulation(device);
  } finally {
    ended.abort();
  }
}
