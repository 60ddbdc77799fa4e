import { createRegisterCredential } from 'beyond-identity-user-recovery/register-credential';

/** Registers a credential with Beyond Identity's web SDK, which it loads after the user has confirmed. */
export const registerCredential = createRegisterCredential();
