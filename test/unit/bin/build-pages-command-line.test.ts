import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommandLine, UsageError } from '../../../bin/build-pages-command-line.ts';

const ENDPOINT = 'https://recovery.example.com/recover-user';
const COMPLETION = ['--endpoint', ENDPOINT, '--authentication-url', 'https://app.example.com/sign-in'];

describe('arbitrary arguments of npm run build-pages', () => {
  const names = [
    'endpoint',
    'authentication-url',
    'recovery-url',
    'connect-origin',
    'site-key',
    'output',
    'typo',
  ];
  const argument = fc.oneof(
    fc.constantFrom(
      ...names.map((name) => `--${name}`),
      '--allow-unsafe-eval',
      '--',
      '-x',
      '',
      ENDPOINT,
      '/sign-in',
    ),
    fc.webUrl(),
    fc.string(),
  );

  test('are accepted, or rejected with one problem in each line', () => {
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 8 }), (commandLine) => {
        try {
          parseCommandLine(commandLine);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          for (const line of error.message.split('\n')) {
            expect(line).toMatch(/^(-\S.*|".*") (is|has|contains|requires|takes) .*[;:] /);
          }
        }
      }),
    );
  });

  test('never put the password of a URL into a message', () => {
    const urls = fc.record({
      option: fc.constantFrom('endpoint', 'authentication-url', 'recovery-url', 'connect-origin'),
      scheme: fc.constantFrom('https:', 'http:', 'HTTPS:', 'ftp:', 'https', ''),
      user: fc.constantFrom('user', 'user:', ':'),
    });
    fc.assert(
      fc.property(urls, ({ option, scheme, user }) => {
        // this is a path of the same site
        fc.pre(option !== 'recovery-url' || scheme !== 'https');
        const url = `${scheme}//${user}:hunter2@www.example.com/`;
        const others = option === 'endpoint' ? COMPLETION.slice(2) : COMPLETION;
        const parse = () => parseCommandLine([...others, `--${option}`, url]);
        expect(parse).toThrow(new RegExp(`^--${option} (contains a user name|is not an https URL)`));
        expect(parse).not.toThrow(/hunter2/);
      }),
    );
  });
});
