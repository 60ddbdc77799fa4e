import type { RegisterCredential } from '../complete-recovery/recovery-link.ts';
import { type RegistrationOptions, registerCredentialWith } from './register-credential.ts';

/** Options of {@link createRegisterCredential}; each has a default. */
export type RegisterCredentialOptions = Partial<RegistrationOptions>;

/**
 * Creates the callback of `<complete-recovery>` for a tenant of the v1 platform. It registers with `@beyondidentity/bi-sdk-js` 3,
 * which it imports when a user has confirmed. See {@link registerCredentialWith}.
 */
export function createRegisterCredential(options: RegisterCredentialOptions = {}): RegisterCredential {
  return registerCredentialWith({ loadSdk: () => import('@beyondidentity/bi-sdk-js'), ...options });
}

/** {@link createRegisterCredential} with its defaults. */
export const registerCredential: RegisterCredential = createRegisterCredential();
