import 'beyond-identity-user-recovery/complete-recovery';
import type {} from 'beyond-identity-user-recovery/jsx';
import { createRoot } from 'react-dom/client';

createRoot(document.body).render(
  <main>
    <complete-recovery
      authentication-urls="/sign-in"
      registerCredential={async (link) => sessionStorage.setItem('registered link', link.href)}
      onrecovery-completed={({ type }) => sessionStorage.setItem('event', type)}
    />
  </main>,
);
