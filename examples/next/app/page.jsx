import { RecoverUserForm } from 'beyond-identity-user-recovery/react';

export const metadata = { title: 'Recover your account' };

export default function RecoveryPage() {
  return (
    <RecoverUserForm
      endpoint="https://EndpointUrl-of-the-stack/recover-user"
      signInUrl="/sign-in"
      headingLevel={1}
    >
      Without JavaScript, <a href="mailto:support@example.com">write to support</a>.
    </RecoverUserForm>
  );
}
