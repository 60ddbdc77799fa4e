/** @type {import('jest').Config} */
export default {
  rootDir: '../..',
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testEnvironment: 'node',
  // each file launches a browser, which keeps a core busy
  maxWorkers: 2,
  testTimeout: 30_000,
  extensionsToTreatAsEsm: ['.ts'],
  // not in the temporary directory, which a run leaves as it was
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  globalSetup: '<rootDir>/test/browser/require-chromium.ts',
  globalTeardown: '<rootDir>/test/global-teardown.ts',
  setupFiles: ['<rootDir>/test/loopback-only.js'],
  transform: { '\\.ts$': '<rootDir>/test/strip-types.js' },
};
