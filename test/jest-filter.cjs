const { readFileSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');

/** Where all tests that load the CDK run in one process. */
const ALL = join(__dirname, 'infrastructure', 'all.ts');

/**
 * Jest's filter: a run of all.ts leaves out the files that it imports, so that no test runs twice. A run of one of these files
 * does not include all.ts.
 *
 * @param {string[]} selected the paths of the test files that match the command line
 */
module.exports = (selected) => {
  if (!selected.includes(ALL)) return { filtered: selected };
  const imports = readFileSync(ALL, 'utf8').matchAll(/^import '(.+)';$/gm);
  const imported = new Set(Array.from(imports, ([, path]) => resolve(dirname(ALL), path)));
  return { filtered: selected.filter((path) => !imported.has(path)) };
};
