import {
  type AuthenticationResponse,
  createSimulatedAuthenticator,
  type RegistrationResponse,
} from '../../../local/demo-app/browser/simulated-authenticator.ts';

/** A user's device, with the authenticator that the panel of the simulation offers. */
export interface WebAuthnDevice {
  /** A new credential, which replaces the previous one. */
  register(challenge: string): Promise<RegistrationResponse>;
  /** Signs with the credential. Rejects if there is none. */
  authenticate(challenge: string): Promise<AuthenticationResponse>;
}

/** In Base64url. */
const USER_ID = 'amFuZQ';

/** A device in whose browser a page of this origin is open. */
export function createDevice(origin: string): WebAuthnDevice {
  const authenticator = createSimulatedAuthenticator(origin);
  return {
    register: (challenge) => authenticator.register({ challenge, userId: USER_ID }),
    authenticate: (challenge) => authenticator.authenticate({ challenge }),
  };
}
