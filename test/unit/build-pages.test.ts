import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const ENDPOINT = 'https://recovery.example.com/recover-user';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pages-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function buildPages(...options: string[]) {
  const child = spawn(
    process.execPath,
    ['bin/build-pages.ts', ...options, '--output', join(folder, 'dist')],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
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
  expect(refused.stderr).toMatch(/^--authentication-url 0 must be an https URL/);
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

test.each([
  [[], /^--endpoint is missing/],
  [['--endpoint', 'http://recovery.example.com/'], /^--endpoint must be an https URL/],
  [
    ['--endpoint', ENDPOINT, '--human-check', 'captcha', '--site-key', 'x'],
    /^--human-check must be one of turnstile, /,
  ],
  [['--endpoint', ENDPOINT, '--human-check', 'turnstile'], /^--site-key and --human-check need each other/],
  [['--endpoint', ENDPOINT, '--resend-after', 'soon'], /^--resend-after must be a number of seconds/],
  [['--endpoint', 'https://a;b.example/'], /^--endpoint must be an https URL/],
  [
    ['--endpoint', ENDPOINT, '--connect-origin', 'https://api.byndid.com', '--link-parameter', 'token'],
    /^--link-parameter needs --authentication-url\n--connect-origin needs --authentication-url\n$/,
  ],
  [
    ['--endpoint', ENDPOINT, '--authentication-url', ENDPOINT, '--recovery-url', 'javascript:alert(1)'],
    /^--recovery-url must be a URL, or a path of the same site/,
  ],
  [['--endpiont', ENDPOINT], /Unknown option '--endpiont'/],
])('refuses %j with one clear line, and writes nothing', async (options, message) => {
  const { exitCode, stderr } = await buildPages(...options);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(message);
  expect(await readdir(folder)).toEqual([]);
});

test('tells how it is used', async () => {
  const { exitCode, stdout } = await buildPages('--help');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('npm run build-pages -- --endpoint URL');
});
