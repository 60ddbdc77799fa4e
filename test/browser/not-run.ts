import { chromiumPath } from './chromium-path.ts';

// the last lines of `npm test` make clear what it did not run
const path = chromiumPath();
const how = path === undefined ? 'needs Chromium (not installed)' : `uses ${path}`;
process.stdout.write(
  `\nThree sets of tests did not run: \`npm run test:processes\` (commands, npm start, cdk synth; a minute),\n\`npm run test:browser\`, which ${how}, and\n\`npm run test:package\`, which needs the npm registry, too.\n`,
);
