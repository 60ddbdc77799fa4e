import { chromiumPath } from './chromium-path.ts';

// the last line of `npm test` makes clear that it did not run the browser tests
const path = chromiumPath();
const how = path === undefined ? 'needs Chromium (not installed)' : `uses ${path}`;
process.stdout.write(
  `\nThe browser tests did not run. Run them with \`npm run test:browser\`, which ${how}.\n`,
);
