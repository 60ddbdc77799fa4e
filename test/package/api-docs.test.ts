import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { run } from './run.ts';

const ROOT = join(import.meta.dirname, '../..');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'api-docs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The text of each file in a folder, by its name. */
async function filesOf(path: string): Promise<Record<string, string>> {
  const names = await readdir(path);
  const texts = names.map(async (name) => [name, await readFile(join(path, name), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

// here and not in `npm test`: TypeDoc takes eight seconds
test('the committed API reference is what the docstrings say; if not: npm run api-docs', async () => {
  await run(ROOT, 'npm', 'run', '-s', 'api-docs', '--', '--out', folder);
  expect(await filesOf(join(ROOT, 'docs/api-reference'))).toEqual(await filesOf(folder));
});
