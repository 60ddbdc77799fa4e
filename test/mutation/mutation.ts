import { rmSync, statSync } from 'node:fs';
import { join, matchesGlob, normalize, relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';

/** Percentage of mutants that the tests must kill. */
const THRESHOLD = 90;

// what a run that was interrupted left; the results that it had are kept
rmSync('.stryker-tmp', { recursive: true, force: true });

const patterns = patternsOf(process.argv.slice(2));
const results = await new Stryker({
  mutate: patterns,
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: { configFile: 'test/mutation/jest.config.js' },
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  coverageAnalysis: 'perTest',
  // what runs while a module loads, for which every test would have to run
  ignoreStatic: true,
  // the code runs as it is: TypeScript 7 has no API to rewrite its configuration with, and nobody checks types here
  tsconfigFile: 'none',
  disableTypeChecks: false,
  ignorePatterns: ['/cdk.out', '/coverage', '/dist', '/docs', '/examples'],
  incremental: true,
  incrementalFile: 'node_modules/.cache/stryker/incremental.json',
  // others use the machine, too
  concurrency: 1,
  // Node frees no module of a test file: a process takes gigabytes otherwise
  maxTestRunnerReuse: 40,
  dryRunTimeoutMinutes: 15,
  timeoutFactor: 1.25,
  cleanTempDir: 'always',
  reporters: ['progress-append-only', 'clear-text'],
  clearTextReporter: { logTests: false, reportTests: false, skipFull: true },
  thresholds: { high: 95, low: THRESHOLD, break: null },
}).runMutationTest();

// an incremental run knows of other files, too
const mutants = results.filter(({ fileName }) =>
  patterns.some((pattern) => matchesGlob(relative('', fileName), pattern)),
);
const count = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status)).length;
const killed = count('Killed', 'Timeout');
const survived = count('Survived', 'NoCoverage');
const share = (100 * killed) / (killed + survived);
const isEnough = share >= THRESHOLD;
process.stdout.write(
  `${killed} killed, ${survived} survived, ${mutants.length - killed - survived} ignored: ${share.toFixed(1)} % killed, ${THRESHOLD} % needed\n`,
);
if (!isEnough) process.exitCode = 1;

/** Files to mutate: those that are named, everything in the folders that are named, or all functions. */
function patternsOf(args: readonly string[]): string[] {
  const paths = args.length === 0 ? ['functions'] : args;
  return paths.map((path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, '**/*.ts') : normalize(path),
  );
}
