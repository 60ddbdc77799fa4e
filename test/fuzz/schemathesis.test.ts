import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OPENAPI_FILE } from '../../lib/api/openapi.ts';
import { freePorts } from '../integration/local/free-ports.ts';
import { startReady, stopStarted } from '../processes/start-harness.ts';
import { SEED, wholeNumberIn } from './settings.ts';

const CASES = wholeNumberIn('FUZZ_CASES', 1500);
const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schemathesis-'));
  await run('python3', ['-m', 'venv', folder]);
  const requirements = join(import.meta.dirname, 'requirements.txt');
  await run(join(folder, 'bin/pip'), ['install', '--quiet', '--no-compile', '--requirement', requirements]);
}, 180_000);
afterAll(async () => {
  stopStarted();
  await rm(folder, { recursive: true, force: true });
});

test(`Schemathesis finds nothing in up to ${CASES} generated requests to npm start (FUZZ_SEED=${SEED})`, async () => {
  const port = await freePorts();
  await startReady(port, { RESPONSE_TIME_MS: '0', MAILBOX_COOLDOWN_SECONDS: '0' });
  const { stdout } = await run(
    join(folder, 'bin/st'),
    [
      ...['--no-color', '--config-file', join(import.meta.dirname, 'schemathesis.toml')],
      ...['run', OPENAPI_FILE, '--url', `http://127.0.0.1:${port}`],
      ...['--checks', 'all', '--max-examples', `${CASES}`, '--seed', `${SEED}`],
    ],
    {
      // where it may leave what it found
      cwd: folder,
      env: {
        ...process.env,
        PYTHONPATH: import.meta.dirname,
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: 'schemathesis_hooks',
      },
    },
    // the error of a run that finds something has the command line only
  ).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(error.stdout + error.stderr);
  });
  const [generated = ''] = /\d+ generated, .*/.exec(stdout) ?? [];
  process.stdout.write(`Schemathesis: ${generated}\n`);
  expect(stdout).toContain('No issues found');
  expect(generated).toMatch(/^(\d+) generated, \1 passed/);
});
