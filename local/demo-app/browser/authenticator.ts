import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';
import { createSoftwareAuthenticator } from './software-authenticator.ts';
import { storedCredential } from './stored-credential.ts';

/** Whether this browser uses the software authenticator, in every tab. */
const KEY = 'software-authenticator';

/** Whether this browser uses the simulated software authenticator in place of the device's own. */
export function isSoftwareAuthenticatorOn(): boolean {
  return localStorage.getItem(KEY) !== null;
}

/** Switches this browser to the software authenticator, or back. Its credential stays for the next time. */
export function switchSoftwareAuthenticator(isOn: boolean): void {
  if (isOn) localStorage.setItem(KEY, 'on');
  else localStorage.removeItem(KEY);
}

/** Whether a page can register and use credentials: by WebAuthn, or by the software authenticator. */
export function canAuthenticate(): boolean {
  return isSoftwareAuthenticatorOn() || browserSupportsWebAuthn();
}

/** Whether the browser reports an authenticator of its device that verifies the user. Never rejects. */
export async function hasPlatformAuthenticator(): Promise<boolean> {
  const { PublicKeyCredential: api } = globalThis;
  if (api === undefined) return false;
  return api.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
}

/** Creates a credential. Rejects with the errors of WebAuthn. */
export function createCredential(optionsJSON: PublicKeyCredentialCreationOptionsJSON): Promise<object> {
  if (!isSoftwareAuthenticatorOn()) return startRegistration({ optionsJSON });
  const { challenge, user } = optionsJSON;
  return softwareAuthenticator().register({ challenge, userId: user.id });
}

/** Signs with a credential. Rejects with the errors of WebAuthn. */
export function useCredential(optionsJSON: PublicKeyCredentialRequestOptionsJSON): Promise<object> {
  if (!isSoftwareAuthenticatorOn()) return startAuthentication({ optionsJSON });
  return softwareAuthenticator().authenticate(optionsJSON);
}

function softwareAuthenticator() {
  return createSoftwareAuthenticator(location.origin, storedCredential);
}
