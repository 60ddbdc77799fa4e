'use strict';

/*
 * Preloaded by every npm script that runs TypeScript (`node -r`): ends the process with what to do if this Node cannot, or if
 * the dependencies are missing. CommonJS without types, so that an old Node can run it.
 */
const { existsSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');

const problem = problemOfInstallation();
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

/** What is wrong and how to fix it, in a few lines; `undefined` where nothing is. */
function problemOfInstallation() {
  const nodePackage = folderOfNodePackage();
  if (nodePackage === undefined) {
    return 'The dependencies, or the dev dependencies, are not installed. Run: npm ci --include=dev';
  }
  // absent before Node 22.10, false where types are not stripped
  if (process.features.typescript) return undefined;
  const hasBinary = ['node', 'node.exe'].some((name) => existsSync(join(nodePackage, 'bin', name)));
  return [
    `Node.js ${process.version} cannot run TypeScript directly, which this project needs.`,
    hasBinary
      ? `Node.js 24 is installed as a dev dependency. Use it: npx node ${relative('', process.argv[1] || '')}`
      : 'Node.js 24 is a dev dependency whose install script did not run. Run: npm rebuild node --ignore-scripts=false',
    'Or use a Node.js of your own, 22.18 or later.',
  ].join('\n');
}

/** Of the dev dependency `node`, which brings a Node that runs TypeScript. */
function folderOfNodePackage() {
  try {
    return dirname(require.resolve('node/package.json'));
  } catch {
    return undefined;
  }
}
