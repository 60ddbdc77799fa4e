import { join } from 'node:path';
import base from '../../jest.config.js';

const { filter: _filter, collectCoverage: _collectCoverage, ...shared } = base;

/**
 * The tests that can kill a mutant of `functions/`: those that run its code in their own process.
 *
 * @type {import('jest').Config}
 */
export default {
  ...shared,
  rootDir: '../..',
  testMatch: [
    '<rootDir>/test/unit/{adapters,core,deliver-outbox,recover-user,runtime}/**/*.test.ts',
    '<rootDir>/test/integration/{adapters,core,deliver-outbox,functions,recover-user,release-hooks}/**/*.test.ts',
  ],
  runner: '<rootDir>/test/mutation/first-failure-runner.js',
  // Stryker knows no <rootDir>
  testEnvironment: join(import.meta.dirname, 'first-failure-environment.cjs'),
};
