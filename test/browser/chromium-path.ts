import { existsSync } from 'node:fs';

const USUAL_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Returns `CHROMIUM_PATH` or the first usual path, if the file exists. */
export function chromiumPath(): string | undefined {
  const given = process.env['CHROMIUM_PATH'];
  return (given ? [given] : USUAL_PATHS).find((path) => existsSync(path));
}
