import { createRoot } from 'react-dom/client';
import { CompletionPage } from './completion-page.tsx';
import { RecoveryPage } from './recovery-page.tsx';

const page = location.pathname === '/bind' ? <CompletionPage /> : <RecoveryPage />;
const main = document.querySelector('main');
if (main) createRoot(main).render(page);
