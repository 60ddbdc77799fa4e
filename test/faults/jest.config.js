import base from '../../jest.config.js';

const { filter: _filter, collectCoverage: _collectCoverage, ...shared } = base;

/**
 * Faults of what is behind the functions, apart from the tests: each case starts an instance of the bundled functions, and
 * waits for its deadlines.
 *
 * @type {import('jest').Config}
 */
export default {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/faults/**/*.test.ts'],
  // they mostly wait; start.ts hands out the cores
  maxConcurrency: 16,
  // a second chance waits for its turn
  testTimeout: 300_000,
  globalSetup: '<rootDir>/test/faults/global-setup.ts',
  globalTeardown: '<rootDir>/test/faults/global-teardown.ts',
};
