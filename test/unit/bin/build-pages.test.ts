import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommandLine, UsageError } from '../../../bin/build-pages-command-line.ts';

const ENDPOINT = 'https://recovery.example.com/recover-user';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pages-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function buildPages(...options: string[]) {
  return runCommand(...options, '--output', join(folder, 'dist'));
}

async function runCommand(...options: string[]) {
  const child = spawn(process.execPath, ['bin/build-pages.ts', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exited, stdout, stderr };
}

test('writes the elements and the recovery page, ready to be hosted', async () => {
  expect((await buildPages('--endpoint', ENDPOINT, '--resend-after', '90')).exitCode).toBe(0);
  expect((await readdir(join(folder, 'dist'))).sort()).toEqual([
    'complete-recovery.js',
    'headers.json',
    'icon.svg',
    'index.html',
    'page.css',
    'recover-user-form.js',
    'recovery-page.js',
  ]);
  const page = await readFile(join(folder, 'dist', 'index.html'), 'utf8');
  expect(page).toContain(`endpoint="${ENDPOINT}" resend-after="90"`);
});

test('writes the page for the registration redirect URI too, and the headers for both', async () => {
  const options = ['--authentication-url', '/sign-in', '--connect-origin', 'https://api.byndid.com/'];
  const refused = await buildPages('--endpoint', ENDPOINT, ...options);
  expect(refused.stderr).toMatch(
    /^--authentication-url is "\/sign-in", which is not an https URL; give one such as/,
  );
  const given = ['--authentication-url', 'https://app.example.com/sign in', ...options.slice(2)];
  expect((await buildPages('--endpoint', ENDPOINT, ...given)).exitCode).toBe(0);
  const page = await readFile(join(folder, 'dist', 'register.html'), 'utf8');
  expect(page).toContain('authentication-urls="https://app.example.com/sign%20in" recovery-url="index.html"');
  const headers: unknown = JSON.parse(await readFile(join(folder, 'dist', 'headers.json'), 'utf8'));
  expect(headers).toEqual({
    'index.html': expect.objectContaining({
      'Content-Security-Policy': expect.stringContaining("connect-src 'self' https://recovery.example.com;"),
    }),
    'register.html': expect.objectContaining({
      'Content-Security-Policy': expect.stringContaining("connect-src 'self' https://api.byndid.com;"),
    }),
  });
});

const COMPLETION = ['--endpoint', ENDPOINT, '--authentication-url', 'https://app.example.com/sign-in'];

test.each([
  [
    [],
    /^--endpoint is missing; give it the stack's output EndpointUrl: npm run build-pages -- --endpoint URL\n$/,
  ],
  [['--endpoint', ''], /^--endpoint is empty; give it a value/],
  [
    ['--endpoint', 'http://recovery.example.com/'],
    /^--endpoint is "http:.*", which is not an https URL; give one/,
  ],
  [['--endpoint', 'https://a;b.example/'], /^--endpoint is ".*", which is not an https URL; give one/],
  [['--endpoint'], /^--endpoint has no value; write the value after it\n$/],
  [['--endpoint', ENDPOINT, '--endpoint', ENDPOINT], /^--endpoint is given twice; give it once\n$/],
  [['--endpiont', ENDPOINT], /^--endpiont is an unknown option; the options are --endpoint, .*\n$/],
  [['-endpoint', ENDPOINT], /^-endpoint is an unknown option; the options are --endpoint, .*\n$/],
  [[ENDPOINT], /^"https:.*" belongs to no option; write npm run build-pages -- --option value\n$/],
  [
    ['--endpoint', ENDPOINT, '--captcha', 'captcha', '--site-key', 'x'],
    /^--captcha is not a provider; give one of turnstile, /,
  ],
  [['--endpoint', ENDPOINT, '--captcha', 'turnstile'], /^--site-key is missing; --captcha needs it\n$/],
  [['--endpoint', ENDPOINT, '--site-key', 'x'], /^--captcha is missing; --site-key needs it\n$/],
  [['--endpoint', ENDPOINT, '--captcha', 'turnstile', '--site-key='], /^--site-key is empty; give it/],
  [
    ['--endpoint', ENDPOINT, '--resend-after', 'soon'],
    /^--resend-after is not a number of seconds; give a whole/,
  ],
  [
    ['--endpoint', ENDPOINT, '--allow-unsafe-eval=yes'],
    /^--allow-unsafe-eval takes no value; leave the value out\n$/,
  ],
  [
    ['--endpoint', ENDPOINT, '--connect-origin', 'https://api.byndid.com', '--link-parameter', 'token'],
    /^--link-parameter needs --authentication-url; add .*\n--connect-origin needs --authentication-url; add .*\n$/,
  ],
  [
    [...COMPLETION, '--authentication-url', '0'],
    /^--authentication-url is "0", which is not an https URL; give one such as .*\n$/,
  ],
  [
    [...COMPLETION, '--authentication-url', 'https://app.example.com/sign-in'],
    /^--authentication-url is given twice with the same value; remove one of the two\n$/,
  ],
  [
    [...COMPLETION, '--connect-origin', ''],
    /^--connect-origin is empty; give it a value, or leave the option out\n$/,
  ],
  [
    [...COMPLETION, '--recovery-url', 'javascript:alert(1)'],
    /^--recovery-url is "javascript:.*", which is not an https URL or a path of the same site; give one/,
  ],
  [['--endpoint', '--resend-after', '60', '--link-parameter='], /^--endpoint has no value; .*\n$/],
])('refuses %j: each line names an option and the fix, and nothing is written', async (options, message) => {
  const { exitCode, stdout, stderr } = await buildPages(...options);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(message);
  expect(await readdir(folder)).toEqual([]);
});

test.each(['endpoint', 'authentication-url', 'recovery-url', 'connect-origin'])(
  '--%s takes no URL with credentials, and does not print them',
  async (option) => {
    const options = [...COMPLETION, `--${option}`, 'https://user:secret@www.example.com/'];
    const { exitCode, stderr } = await buildPages(...(option === 'endpoint' ? options.slice(2) : options));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`^--${option} has a user name or a password in it; remove it: .*\n$`));
    expect(stderr).not.toContain('secret');
  },
);

describe('--output', () => {
  test.each([
    ['a file', 'file', /^--output leads to a file: ".*"; name a folder\n$/],
    ['below a file', 'file/dist', /^--output leads to a file: ".*"; name a folder\n$/],
    [
      'with a folder in the place of a file',
      'occupied',
      /^--output has a folder in the place of a file: ".*"; remove that, or name another folder\n$/,
    ],
    [
      'with a name that no system takes',
      'x'.repeat(5000),
      /^--output cannot be written to: ".*" \(ENAMETOOLONG\); name a folder that you may write to\n$/,
    ],
  ])('cannot be %s', async (_, output, message) => {
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'occupied', 'headers.json'), { recursive: true });
    const { exitCode, stderr } = await runCommand('--endpoint', ENDPOINT, '--output', join(folder, output));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });

  // where nobody may make a folder: on Linux not even root
  const forbidden = process.platform === 'linux' ? ['/proc/dist', '/proc/dist/deeper'] : ['/dist'];
  test.each(forbidden)('cannot be %s, where folders may not be made', async (output) => {
    const { exitCode, stderr } = await runCommand('--endpoint', ENDPOINT, '--output', output);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^--output cannot be written to: "\/.*" \([A-Z]+\); name a folder that you may write to\n$/,
    );
  });

  test('may be a folder that is to be made, with its parents, or one that is there', async () => {
    for (const output of ['a/b/c', 'a/b/c', 'a/b']) {
      const { exitCode } = await runCommand('--endpoint', ENDPOINT, '--output', join(folder, output));
      expect(exitCode).toBe(0);
      expect(await readdir(join(folder, output))).toContain('index.html');
    }
  });
});

describe('whatever the arguments are,', () => {
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

  test('they are understood, or each line of the message names what is wrong', () => {
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 8 }), (commandLine) => {
        try {
          parseCommandLine(commandLine);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          for (const line of error.message.split('\n')) {
            expect(line).toMatch(/^(-\S.*|".*") (is|has|needs|takes|belongs) .*[;:] /);
          }
        }
      }),
    );
  });

  test('a URL with credentials is refused, and its password is in no message', () => {
    const urls = fc.record({
      option: fc.constantFrom('endpoint', 'authentication-url', 'recovery-url', 'connect-origin'),
      scheme: fc.constantFrom('https:', 'http:', 'HTTPS:', 'ftp:', 'https', ''),
      user: fc.constantFrom('user', 'user:', ':'),
    });
    fc.assert(
      fc.property(urls, ({ option, scheme, user }) => {
        // a path of the same site
        fc.pre(option !== 'recovery-url' || scheme !== 'https');
        const url = `${scheme}//${user}:hunter2@www.example.com/`;
        const others = option === 'endpoint' ? COMPLETION.slice(2) : COMPLETION;
        const parse = () => parseCommandLine([...others, `--${option}`, url]);
        expect(parse).toThrow(new RegExp(`^--${option} (has a user name|is not an https URL)`));
        expect(parse).not.toThrow(/hunter2/);
      }),
    );
  });
});

test('tells how it is used', async () => {
  const { exitCode, stdout } = await buildPages('--help');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('npm run build-pages -- --endpoint URL');
});
