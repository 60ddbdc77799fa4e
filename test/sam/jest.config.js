import base from '../../jest.config.js';

const { filter: _filter, collectCoverage: _collectCoverage, ...shared } = base;

/**
 * Tests of both functions in containers, by `sam local`. Apart from the others, which need neither Docker nor Python; skipped
 * where no Docker engine runs.
 *
 * @type {import('jest').Config}
 */
export default {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/sam/**/*.test.ts'],
  verbose: true,
  // each command starts the SAM CLI and a container
  testTimeout: 120_000,
  globalSetup: '<rootDir>/test/sam/set-up.ts',
  globalTeardown: '<rootDir>/test/sam/tear-down.ts',
};
