import { renderToString } from 'react-dom/server';
import { HydratedPage } from './hydrated-page.tsx';

process.stdout.write(renderToString(<HydratedPage endpoint={process.argv[2] ?? ''} />));
