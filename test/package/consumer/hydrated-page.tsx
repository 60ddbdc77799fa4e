import { CompleteRecovery, RecoverUserForm } from 'beyond-identity-user-recovery/react';
import { useState } from 'react';

/** What the server renders and the browser hydrates. */
export function HydratedPage({ endpoint }: { readonly endpoint: string }) {
  const [event, setEvent] = useState('none');
  return (
    <main>
      <RecoverUserForm
        id="form"
        className="card"
        endpoint={endpoint}
        resendAfter={90}
        headingLevel={1}
        texts={{ title: 'Lost your device?' }}
        onRecoveryRequested={({ type }) => setEvent(type)}
      >
        <img slot="logo" src="data:," alt="" />
        Without JavaScript, write to support.
      </RecoverUserForm>
      <CompleteRecovery
        authenticationUrls="/sign-in"
        lang="en"
        registerCredential={async (link) => sessionStorage.setItem('registered link', link.href)}
      />
      <p>Last event: {event}</p>
    </main>
  );
}
