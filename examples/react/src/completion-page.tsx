import { CompleteRecovery } from 'beyond-identity-user-recovery/react';
import { registerCredential } from './register-credential.ts';

export function CompletionPage() {
  return (
    <CompleteRecovery
      authenticationUrls="/sign-in"
      recoveryUrl="/"
      headingLevel={1}
      registerCredential={registerCredential}
    />
  );
}
