import setUp from '../global-setup.ts';
import { chromiumPath } from './chromium-path.ts';

/** Jest's global setup. It fails without Chromium, so that no test is skipped silently. */
export default function requireChromium(): void {
  if (chromiumPath() === undefined) {
    throw new Error(
      'The browser tests need Chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
    );
  }
  setUp();
}
