import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommandLine, UsageError } from '../../../bin/build-pages-command-line.ts';

const ENDPOINT = 'https://recovery.example.com/recover-user';
const COMPLETION = ['--endpoint', ENDPOINT, '--authentication-url', 'https://app.example.com/sign-in'];
const BIND = [...COMPLETION, '--recovery-url', 'https://recover.example.com/', '--sdk-region'];

describe('arbitrary arguments of npm run build-pages', () => {
  const names = [
    'endpoint',
    'authentication-url',
    'recovery-url',
    'sign-in-url',
    'support-url',
    'sdk-region',
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

  test('are quoted where nobody could see them', () => {
    expect(() => parseCommandLine(['- '])).toThrow(/^"- " is an unknown option; /m);
  });

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
      option: fc.constantFrom(
        'endpoint',
        'authentication-url',
        'recovery-url',
        'sign-in-url',
        'support-url',
        'connect-origin',
      ),
      scheme: fc.constantFrom('https:', 'http:', 'HTTPS:', 'ftp:', 'https', ''),
      user: fc.constantFrom('user', 'user:', ':'),
    });
    fc.assert(
      fc.property(urls, ({ option, scheme, user }) => {
        // this is a path of the same site
        fc.pre(!['recovery-url', 'sign-in-url', 'support-url'].includes(option) || scheme !== 'https');
        const url = `${scheme}//${user}:hunter2@www.example.com/`;
        const others = option === 'endpoint' ? COMPLETION.slice(2) : COMPLETION;
        const parse = () => parseCommandLine([...others, `--${option}`, url]);
        expect(parse).toThrow(new RegExp(`^--${option} (contains a user name|is not an https URL)`));
        expect(parse).not.toThrow(/hunter2/);
      }),
    );
  });
});

describe('the links of the ready pages', () => {
  test.each([
    ['support-url', 'mailto:help@example.com'],
    ['support-url', 'tel:+4930123456'],
    ['support-url', 'https://help.example.com/recovery'],
    ['support-url', '/support'],
    ['sign-in-url', '/sign-in'],
    ['sign-in-url', 'http://localhost:8080/'],
  ])('--%s takes %s', (option, url) => {
    expect(parseCommandLine(['--endpoint', ENDPOINT, `--${option}`, url])).toMatchObject({ [option]: url });
  });

  test.each([
    ['support-url', 'javascript:alert(1)', 'an https URL, a path of the same site, a mailto: or a tel: URL'],
    ['support-url', 'mailto:', 'an https URL, a path of the same site, a mailto: or a tel: URL'],
    ['support-url', 'tel://1 2', 'an https URL, a path of the same site, a mailto: or a tel: URL'],
    ['sign-in-url', 'mailto:help@example.com', 'an https URL or a path of the same site'],
    ['sign-in-url', 'http://app.example.com/', 'an https URL or a path of the same site'],
  ])('--%s refuses %s and asks for %s', (option, url, expected) => {
    const parse = () => parseCommandLine(['--endpoint', ENDPOINT, `--${option}`, url]);
    expect(parse).toThrow(new RegExp(`^--${option} is .*not ${expected}; use one such as `));
  });
});

describe('--sdk-region', () => {
  test.each(['us', 'eu', 'us-gov'])('takes %s', (region) => {
    expect(parseCommandLine([...BIND, region])).toMatchObject({ 'sdk-region': region });
  });

  test.each([
    [[...BIND, 'mars'], /^--sdk-region is an unknown region; use one of us, eu, us-gov$/],
    [
      ['--endpoint', ENDPOINT, '--sdk-region', 'us', '--recovery-url', '/recover'],
      /^--sdk-region requires --authentication-url; add that option or omit this one$/m,
    ],
    [
      [...COMPLETION, '--sdk-region', 'us'],
      /^--recovery-url is missing; --sdk-region requires it: set it to the URL of your index\.html$/,
    ],
    [
      [...BIND, 'us', '--allow-unsafe-eval'],
      /^--allow-unsafe-eval is for register\.html, which --sdk-region replaces; omit one of the two$/,
    ],
  ])('is refused in %j', (commandLine, message) => {
    expect(() => parseCommandLine(commandLine)).toThrow(message);
  });
});
