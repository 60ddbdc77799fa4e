import { describe, expect, test } from '@jest/globals';
import { readLocalSettings } from '../../local/settings.ts';

describe('where npm start listens', () => {
  test.each([
    [{}, { port: 3000, host: '127.0.0.1' }],
    [
      { PORT: '', HOST: '' },
      { port: 3000, host: '127.0.0.1' },
    ],
    [
      { PORT: '65531', HOST: '0.0.0.0' },
      { port: 65_531, host: '0.0.0.0' },
    ],
    [
      { PORT: '1', HOST: '::1' },
      { port: 1, host: '::1' },
    ],
  ])('by %j is %j', (environment, settings) => {
    expect(readLocalSettings(environment)).toEqual(settings);
  });

  test.each([
    [{ PORT: 'abc' }, /^PORT must be a whole number from 1 to 65531.*$/],
    [{ PORT: '65532' }, /^PORT must be /],
    [{ PORT: '0' }, /^PORT must be /],
    [{ PORT: '-1' }, /^PORT must be /],
    [{ HOST: '192.0.2.1' }, /^HOST must be one of 127\.0\.0\.1, .*HOST=0\.0\.0\.0 npm start$/],
    [{ HOST: '127.0.0.2' }, /^HOST must be /],
  ])('cannot be %j, which is told with the mend', (environment, problem) => {
    expect(readLocalSettings(environment)).toEqual({ problem: expect.stringMatching(problem) });
  });
});
