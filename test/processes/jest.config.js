import base from '../../jest.config.js';

const { filter: _filter, collectCoverage: _collectCoverage, ...shared } = base;

/**
 * Tests that start a process for each of their steps: the commands, `npm start`, `cdk synth`, a function that crashes. Apart
 * from the others, because most of their time is the start of a process.
 *
 * @type {import('jest').Config}
 */
export default {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/processes/**/*.test.ts'],
};
