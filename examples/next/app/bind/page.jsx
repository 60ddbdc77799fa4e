import { Completion } from './completion.jsx';

export const metadata = { title: 'Set up this device', referrer: 'no-referrer' };

export default function CompletionPage() {
  return <Completion />;
}
