import { RecoverUserForm } from 'beyond-identity-user-recovery/react';
import { useState } from 'react';

export function RecoveryPage() {
  const [message, setMessage] = useState('');
  return (
    <>
      <RecoverUserForm
        endpoint="https://EndpointUrl-of-the-stack/recover-user"
        signInUrl="/sign-in"
        headingLevel={1}
        onRecoveryRequested={() => setMessage('You can close this tab.')}
        onRecoveryFailed={(event) => setMessage(`No email was sent: ${event.detail.reason}`)}
      />
      <p>{message}</p>
    </>
  );
}
