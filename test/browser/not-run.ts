import { chromiumPath } from './chromium-path.ts';

// the last lines of `npm test` make clear what it did not run
const path = chromiumPath();
const how = path === undefined ? 'needs Chromium (not installed)' : `uses ${path}`;
process.stdout.write(
  `\nTwo sets of tests did not run: \`npm run test:processes\` (commands, npm start, cdk synth; a minute), and\n\`npm run test:browser\`, which ${how}.\n`,
);
