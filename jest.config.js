/** @type {import('jest').Config} */
export default {
  testMatch: [
    '<rootDir>/test/{unit,integration,infrastructure}/**/*.test.ts',
    '<rootDir>/test/infrastructure/all.ts',
  ],
  filter: '<rootDir>/test/jest-filter.cjs',
  testEnvironment: 'node',
  maxWorkers: '100%',
  extensionsToTreatAsEsm: ['.ts'],
  // not in the temporary directory, which a run leaves as it was
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-teardown.ts',
  setupFiles: ['<rootDir>/test/loopback-only.js'],
  transform: { '\\.ts$': '<rootDir>/test/strip-types.js' },
  collectCoverageFrom: ['functions/**/*.ts', 'lib/**/*.ts'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'lcovonly'],
  coverageThreshold: {
    './functions/': { statements: 100, branches: 100, functions: 100, lines: 100 },
    './lib/': { statements: 98, branches: 95, functions: 98, lines: 98 },
  },
};
