import base from '../../jest.config.js';

const { filter: _filter, collectCoverage: _collectCoverage, ...shared } = base;

/**
 * Tests of the bundles of cdk.out under AWS's runtime client, against moto. Apart from the others, which need neither Python
 * nor a package index.
 *
 * @type {import('jest').Config}
 */
export default {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/aws/**/*.test.ts'],
  // the name of every test, which says what was checked
  verbose: true,
  // the functions give DynamoDB a quarter of a second, and fall back then: moto must not be slower
  maxWorkers: 2,
  // longer than the tests wait themselves
  testTimeout: 60_000,
  globalSetup: '<rootDir>/test/aws/set-up.ts',
  globalTeardown: '<rootDir>/test/aws/tear-down.ts',
};
