import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import cdk from '../../cdk.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };

/** Has Node behave as one that is too old to run TypeScript. */
const TOO_OLD = '--no-experimental-strip-types';

/** A clone of which only the start is there, so that each test can install what it wants. */
let clone: string;
beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), 'clone-'));
  await cp('bin/check-node.cjs', join(clone, 'bin/check-node.cjs'));
  await write('package.json', JSON.stringify({ type: 'module' }));
  await write('local/start.ts', 'const started: string = "started"; console.log(started);');
});
afterEach(() => rm(clone, { recursive: true, force: true }));

async function write(path: string, contents: string): Promise<void> {
  await mkdir(dirname(join(clone, path)), { recursive: true });
  await writeFile(join(clone, path), contents);
}

/** What `npm start` runs, in the clone. */
async function start(...nodeOptions: string[]) {
  const [node, ...options] = manifest.scripts.start.split(' ');
  expect(node).toBe('node');
  const child = spawn(process.execPath, [...nodeOptions, ...options], {
    cwd: clone,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exited, stdout, stderr };
}

describe('npm start', () => {
  test('starts on a Node that runs TypeScript, once the dependencies are installed', async () => {
    await write('node_modules/node/package.json', '{}');
    expect(await start()).toEqual({ exitCode: 0, stdout: 'started\n', stderr: '' });
  });

  test.each([[[]], [[TOO_OLD]]])(
    'says how to install the dependencies if they are missing (%j)',
    async (options) => {
      expect(await start(...options)).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: 'The dependencies, or the dev dependencies, are not installed. Run: npm ci --include=dev\n',
      });
    },
  );

  test('says how to get Node 24 if the install scripts did not run and Node is too old', async () => {
    await write('node_modules/node/package.json', '{}');
    const { exitCode, stdout, stderr } = await start(TOO_OLD);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr.split('\n')).toEqual([
      `Node.js ${process.version} cannot run TypeScript directly, which this project needs.`,
      'Node.js 24 is a dev dependency whose install script did not run. Run: npm rebuild node --ignore-scripts=false',
      'Or use a Node.js of your own, 22.18 or later.',
      '',
    ]);
  });

  test('says how to use the Node 24 of the dev dependencies if another one runs', async () => {
    await write('node_modules/node/package.json', '{}');
    await write('node_modules/node/bin/node', '');
    const { exitCode, stderr } = await start(TOO_OLD);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('\nNode.js 24 is installed as a dev dependency. Use it: npx node ');
  });
});

test('every command that runs TypeScript checks Node before', () => {
  const commands = [cdk.app, ...Object.values(manifest.scripts)].flatMap((script) => script.split(' && '));
  const unchecked = commands.filter(
    (command) => command.startsWith('node ') && !command.startsWith('node -r ./bin/check-node.cjs '),
  );
  expect(unchecked).toEqual(['node bin/check-node.cjs']);
  expect(manifest.scripts.test).toMatch(/^node bin\/check-node\.cjs && /);
});
