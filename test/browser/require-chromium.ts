import setUp from '../global-setup.ts';
import { chromiumPath } from './chromium-path.ts';

/** Jest's global setup: without a browser there is nothing to test, and no test may pass. */
export default function requireChromium(): void {
  if (chromiumPath() === undefined) {
    throw new Error(
      'The browser tests need Chromium (Debian: apt-get install chromium), or CHROMIUM_PATH=/path/to/it.',
    );
  }
  setUp();
}
