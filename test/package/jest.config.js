import base from '../../jest.config.js';

const { filter: _filter, collectCoverage: _collectCoverage, ...shared } = base;

/**
 * Tests of the packed package: they install it, with the frameworks of the examples, from the npm registry. Apart from the
 * others, which need no network.
 *
 * @type {import('jest').Config}
 */
export default {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/package/**/*.test.ts'],
  // each file builds an app or launches a browser, which keeps a core busy
  maxWorkers: 2,
  // of an installation and a build, too
  testTimeout: 240_000,
  globalSetup: '<rootDir>/test/package/pack.ts',
  globalTeardown: '<rootDir>/test/package/remove-tarball.ts',
};
