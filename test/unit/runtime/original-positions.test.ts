import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { createOriginalPositions, rejectStart } from '../../../functions/runtime/original-positions.ts';

let folder: string;
let bundle: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'positions (1)-'));
  bundle = join(folder, 'bundle.mjs');
  await writeFile(
    join(folder, 'fails.ts'),
    "export const fail = (): never => {\n  throw new Error('ours');\n};\n",
  );
  await build({
    entryPoints: [join(folder, 'fails.ts')],
    outfile: bundle,
    bundle: true,
    minify: true,
    format: 'esm',
    sourcemap: true,
    absWorkingDir: folder,
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('positions in a stack', () => {
  test('are those in the TypeScript files, for every frame of the bundle', async () => {
    const url = pathToFileURL(bundle).href;
    const column = (await readFile(bundle, 'utf8')).indexOf('throw') + 1;
    const stack = (position: string) =>
      `Error: ours\n    at t (${position})\n    at async ${position}\n    at node:internal/x:5:1`;
    expect(createOriginalPositions(url)(stack(`${url}:1:${column}`))).toBe(stack('fails.ts:2:3'));
  });

  test('stay as they are in files beside the bundle', () => {
    const stack = 'Error: ours\n    at t (file:///elsewhere/other.mjs:1:30)';
    expect(createOriginalPositions(pathToFileURL(bundle).href)(stack)).toBe(stack);
  });

  test.each([
    ['missing', undefined],
    ['not JSON', '{'],
    ['not a source map', '{}'],
    ['without mappings', '{"version":3,"sources":[],"names":[],"mappings":""}'],
  ])('stay as they are where the map is %s', async (_what, map) => {
    if (map === undefined) await rm(`${bundle}.map`);
    else await writeFile(`${bundle}.map`, map);
    const stack = `Error: ours\n    at t (${pathToFileURL(bundle).href}:1:30)`;
    expect(createOriginalPositions(pathToFileURL(bundle).href)(stack)).toBe(stack);
  });
});

describe('a start that fails', () => {
  test.each([
    ['an error', new Error('ours')],
    ['an error without a stack', Object.assign(new Error('ours'), { stack: undefined })],
    ['a text', 'ours'],
  ])('rejects with what was thrown: %s', async (_what, thrown) => {
    await expect(rejectStart(thrown)).rejects.toBe(thrown);
  });
});
