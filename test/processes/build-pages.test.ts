import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseCommandLine, UsageError } from '../../bin/build-pages-command-line.ts';

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

/** What the command prints about these options. */
function problemOf(options: readonly string[]): string {
  try {
    parseCommandLine(options);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('The options are valid.');
}

test('writes the elements and the recovery page', async () => {
  expect((await buildPages('--endpoint', ENDPOINT, '--resend-after', '90')).exitCode).toBe(0);
  expect((await readdir(join(folder, 'dist'))).sort()).toEqual([
    'complete-recovery.js',
    'headers.json',
    'icon.svg',
    'index.html',
    'languages',
    'page.css',
    'recover-user-form.js',
    'recovery-page.js',
  ]);
  const page = await readFile(join(folder, 'dist', 'index.html'), 'utf8');
  expect(page).toContain(`endpoint="${ENDPOINT}" resend-after="90"`);
});

test('--authentication-url adds the page for the registration redirect URI and its headers', async () => {
  const options = ['--authentication-url', '/sign-in', '--connect-origin', 'https://api.byndid.com/'];
  const rejected = await buildPages('--endpoint', ENDPOINT, ...options);
  expect(rejected.stderr).toMatch(
    /^--authentication-url is "\/sign-in", which is not an https URL; use one such as/,
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

test('--sdk-region adds the page /bind with the SDK of the vendor, and its headers', async () => {
  const options = ['--sdk-region', 'us-gov', '--recovery-url', 'https://recover.example.com/'];
  const { exitCode, stdout, stderr } = await buildPages(...COMPLETION, ...options);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Serve bind.html at /bind on the origin of your app');
  const built = await readdir(join(folder, 'dist'));
  expect(built).toEqual(
    expect.arrayContaining(['bind.html', 'register-credential.js', 'beyond-identity-sdk.js']),
  );
  expect(built).not.toContain('register.html');
  expect(await readFile(join(folder, 'dist', 'headers.json'), 'utf8')).toContain(
    "connect-src 'self' https://api.us1.beyondidentity-gov.com https://auth.us1.beyondidentity-gov.com;",
  );
});

test.each([
  [
    [],
    /^--endpoint is required; set it to the stack's output EndpointUrl: npm run build-pages -- --endpoint URL\n$/,
  ],
  [['--endpoint', ''], /^--endpoint is empty; set a value/],
  [
    ['--endpoint', 'http://recovery.example.com/'],
    /^--endpoint is "http:.*", which is not an https URL; use one/,
  ],
  [['--endpoint', 'https://a;b.example/'], /^--endpoint is ".*", which is not an https URL; use one/],
  [['--endpoint'], /^--endpoint has no value; add one after it\n$/],
  [['--endpoint', ENDPOINT, '--endpoint', ENDPOINT], /^--endpoint is set twice; set it once\n$/],
  [['--endpiont', ENDPOINT], /^--endpiont is an unknown option; the options are --endpoint, .*\n$/],
  [['-endpoint', ENDPOINT], /^-endpoint is an unknown option; the options are --endpoint, .*\n$/],
  [
    [ENDPOINT],
    /^"https:.*" is an unexpected argument; the syntax is npm run build-pages -- --option value\n$/,
  ],
  [
    ['--endpoint', ENDPOINT, '--captcha', 'captcha', '--site-key', 'x'],
    /^--captcha is an unknown provider; use one of turnstile, /,
  ],
  [['--endpoint', ENDPOINT, '--captcha', 'turnstile'], /^--site-key is missing; --captcha requires it\n$/],
  [['--endpoint', ENDPOINT, '--site-key', 'x'], /^--captcha is missing; --site-key requires it\n$/],
  [['--endpoint', ENDPOINT, '--captcha', 'turnstile', '--site-key='], /^--site-key is empty; set a value/],
  [
    ['--endpoint', ENDPOINT, '--resend-after', 'soon'],
    /^--resend-after is not a number of seconds; use a whole/,
  ],
  [
    ['--endpoint', ENDPOINT, '--allow-unsafe-eval=yes'],
    /^--allow-unsafe-eval takes no value; remove the value\n$/,
  ],
  [
    ['--endpoint', ENDPOINT, '--connect-origin', 'https://api.byndid.com', '--link-parameter', 'token'],
    /^--link-parameter requires --authentication-url; add .*\n--connect-origin requires --authentication-url; add .*\n$/,
  ],
  [
    [...COMPLETION, '--authentication-url', '0'],
    /^--authentication-url is "0", which is not an https URL; use one such as .*\n$/,
  ],
  [
    [...COMPLETION, '--authentication-url', 'https://app.example.com/sign-in'],
    /^--authentication-url has the same value twice; remove one\n$/,
  ],
  [[...COMPLETION, '--connect-origin', ''], /^--connect-origin is empty; set a value or omit the option\n$/],
  [
    [...COMPLETION, '--recovery-url', 'javascript:alert(1)'],
    /^--recovery-url is "javascript:.*", which is not an https URL or a path of the same site; use one/,
  ],
  [['--endpoint', '--resend-after', '60', '--link-parameter='], /^--endpoint has no value; .*\n$/],
])('rejects %j with the option and the fix in each line', (options, message) => {
  expect(`${problemOf([...options, '--output', join(folder, 'dist')])}\n`).toMatch(message);
});

test('an invalid option is one message on standard error, exit code 1, and nothing is written', async () => {
  const { exitCode, stdout, stderr } = await buildPages('--endpoint');
  expect([exitCode, stdout, stderr]).toEqual([1, '', '--endpoint has no value; add one after it\n']);
  expect(await readdir(folder)).toEqual([]);
});

test.each(['endpoint', 'authentication-url', 'recovery-url', 'connect-origin'])(
  '--%s rejects a URL with credentials without printing them',
  (option) => {
    const options = [...COMPLETION, `--${option}`, 'https://user:secret@www.example.com/'];
    const problem = problemOf(option === 'endpoint' ? options.slice(2) : options);
    expect(problem).toMatch(new RegExp(`^--${option} contains a user name or password; remove it: .*$`));
    expect(problem).not.toContain('secret');
  },
);

describe('--output', () => {
  test.each([
    ['is a file', 'file', /^--output is not a folder: ".*"; use a folder\n$/],
    ['is below a file', 'file/dist', /^--output is not a folder: ".*"; use a folder\n$/],
    [
      'contains a folder with the name of an output file',
      'occupied',
      /^--output contains a folder with the name of an output file: ".*"; remove it or use another folder\n$/,
    ],
    [
      'has a name that is too long',
      'x'.repeat(5000),
      /^--output is not writable: ".*" \(ENAMETOOLONG\); use a writable folder\n$/,
    ],
  ])('is rejected if it %s', async (_, output, message) => {
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'occupied', 'headers.json'), { recursive: true });
    const { exitCode, stderr } = await runCommand('--endpoint', ENDPOINT, '--output', join(folder, output));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });

  // not even root can create a folder there
  test('is rejected where no folder can be created', async () => {
    const output = process.platform === 'linux' ? '/proc/dist/deeper' : '/dist';
    const { exitCode, stderr } = await runCommand('--endpoint', ENDPOINT, '--output', output);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^--output is not writable: "\/.*" \([A-Z]+\); use a writable folder\n$/);
  });

  test('creates the folder and its parents, or reuses an existing one', async () => {
    for (const output of ['a/b/c', 'a/b/c', 'a/b']) {
      const { exitCode } = await runCommand('--endpoint', ENDPOINT, '--output', join(folder, output));
      expect(exitCode).toBe(0);
      expect(await readdir(join(folder, output))).toContain('index.html');
    }
  });
});

test('--help prints the usage', async () => {
  const { exitCode, stdout } = await buildPages('--help');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('npm run build-pages -- --endpoint URL');
});
