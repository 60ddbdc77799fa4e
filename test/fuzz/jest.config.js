import base from '../../jest.config.js';

const { filter: _filter, collectCoverage: _collectCoverage, ...shared } = base;

/**
 * Generated requests and events, apart from the tests, because more of them find more.
 *
 * @type {import('jest').Config}
 */
export default {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/fuzz/**/*.test.ts'],
  // of as many as anybody asks for
  testTimeout: 3_600_000,
};
