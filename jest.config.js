import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  testMatch: [
    '<rootDir>/test/{unit,integration,infrastructure}/**/*.test.ts',
    '<rootDir>/test/infrastructure/all.ts',
  ],
  filter: '<rootDir>/test/jest-filter.cjs',
  testEnvironment: 'node',
  // copies of the project, while `npm run mutation` runs
  modulePathIgnorePatterns: ['<rootDir>/.stryker-tmp'],
  // one more than there are cores: many tests wait, for a deadline or for a process that starts
  maxWorkers: availableParallelism() + 1,
  extensionsToTreatAsEsm: ['.ts'],
  // not in the temporary directory, which a run leaves as it was
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-teardown.ts',
  setupFiles: ['<rootDir>/test/loopback-only.js'],
  transform: { '\\.ts$': '<rootDir>/test/strip-types.js' },
  // a tenth of the time; .ci/run measures it
  collectCoverage: process.env.COVERAGE === 'true',
  // what is packed runs in the apps of test/package
  collectCoverageFrom: ['functions/**/*.ts', 'lib/**/*.ts', '!lib/**/packed-*.ts'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'lcovonly'],
  coverageThreshold: {
    './functions/': { statements: 100, branches: 100, functions: 100, lines: 100 },
    './lib/': { statements: 98, branches: 95, functions: 98, lines: 98 },
  },
};
