import { expect, test } from '@jest/globals';
import { parseCommandLine } from '../../../local/command-line.ts';

test.each([
  [[], 'v0'],
  [['--platform', 'v0'], 'v0'],
  [['--platform', 'v1'], 'v1'],
  [['--platform=v1'], 'v1'],
])('npm start takes %j as the platform %s', (args, platform) => {
  expect(parseCommandLine(args)).toEqual({ platform });
});

test.each([[['--platform', 'v2']], [['--platform', '']], [['--platform=V1']]])(
  'npm start rejects %j with the allowed platforms',
  (args) => {
    expect(parseCommandLine(args)).toEqual({
      problem: '--platform must be v0 or v1. For example: npm start -- --platform v1',
    });
  },
);

test.each([[['--platfrm', 'v1']], [['v1']], [['--platform']], [['--platform', '--help']], [['--help=no']]])(
  'npm start rejects %j with a valid example',
  (args) => {
    expect(parseCommandLine(args)).toEqual({
      problem: expect.stringMatching(
        /^Unknown option or value in: .*\. For example: npm start -- --platform v1$/,
      ),
    });
  },
);

test.each(['--help', '-h'])('npm start explains its options on %s', (option) => {
  expect(parseCommandLine([option, '--platform', 'v2'])).toEqual({
    help: expect.stringContaining('npm start -- [--platform v0|v1]'),
  });
});
