import { chromiumPath } from './chromium-path.ts';

// the last line of `npm test`, which needs no browser and must not look as if it had used one
const path = chromiumPath();
const how = path === undefined ? 'needs Chromium, which is not on this machine' : `would use ${path}`;
process.stdout.write(`\nThe browser tests did not run: they are \`npm run test:browser\`, which ${how}.\n`);
