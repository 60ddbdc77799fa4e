import { hydrateRoot } from 'react-dom/client';
import { HydratedPage } from './hydrated-page.tsx';

const endpoint = document.querySelector('recover-user-form')?.getAttribute('endpoint') ?? '';
hydrateRoot(document.body, <HydratedPage endpoint={endpoint} />);
