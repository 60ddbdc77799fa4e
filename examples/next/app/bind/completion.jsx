'use client';

import { CompleteRecovery } from 'beyond-identity-user-recovery/react';
import { registerCredential } from './register-credential.js';

/** A client component, because a function cannot be passed from the server. */
export function Completion() {
  return (
    <CompleteRecovery
      authenticationUrls="/sign-in"
      recoveryUrl="/"
      headingLevel={1}
      registerCredential={registerCredential}
    >
      Without JavaScript, <a href="mailto:support@example.com">write to support</a>.
    </CompleteRecovery>
  );
}
