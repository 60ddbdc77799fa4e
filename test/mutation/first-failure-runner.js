import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import TestRunner from 'jest-runner';

/** What earlier runs found out, for the processes that Stryker starts anew; it goes with Stryker's copy of the project. */
const MEMORY = join(import.meta.dirname, 'test-files.json');

/** Of each test file, the names of its tests, and its duration in milliseconds. */
const known = new Map(existsSync(MEMORY) ? JSON.parse(readFileSync(MEMORY, 'utf8')) : []);

/**
 * Runs the test files that have a test to run, the shortest first, and stops at the first failure. Jest itself loads every file,
 * be it to skip all of its tests, and runs them all.
 */
export default class FirstFailureRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    let hasFailed = false;
    this.on('test-file-failure', () => {
      hasFailed = true;
    });
    this.on('test-file-success', ([{ path }, { testResults, perfStats }]) => {
      hasFailed ||= testResults.some(({ status }) => status === 'failed');
      if (!known.has(path)) {
        known.set(path, { names: testResults.map(({ fullName }) => fullName), runtime: perfStats.runtime });
        writeFileSync(MEMORY, JSON.stringify([...known]));
      }
    });
    const pattern = new RegExp(this._globalConfig.testNamePattern ?? '', 'i');
    const runtimeOf = ({ path }) => known.get(path)?.runtime ?? 0;
    const selected = tests.filter(
      ({ path }) => known.get(path)?.names.some((name) => pattern.test(name)) ?? true,
    );
    for (const test of selected.toSorted((one, other) => runtimeOf(one) - runtimeOf(other))) {
      if (hasFailed) return;
      await super.runTests([test], watcher, options);
    }
  }
}
