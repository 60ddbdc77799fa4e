import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import requireChromium from '../browser/require-chromium.ts';
import { undoSetUp } from '../global-setup.ts';
import { run } from './run.ts';

/** The folder with package.json. */
const ROOT = join(import.meta.dirname, '../..');

let folder: string | undefined;

/** Jest's global setup: packs the package once, for all test files. It fails without Chromium. */
export default async function setUp(): Promise<void> {
  requireChromium();
  folder = await mkdtemp(join(tmpdir(), 'tarball-'));
  await run(ROOT, 'npm', 'pack', '--pack-destination', folder);
  const [name = ''] = await readdir(folder);
  process.env['PACKAGE_TARBALL'] = join(folder, name);
}

/** Removes the tarball. Throws if a test left something in the temporary directory. */
export async function removeTarball(): Promise<void> {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  undoSetUp();
}

/** Returns the path of the packed package. */
export function tarball(): string {
  const path = process.env['PACKAGE_TARBALL'];
  if (path === undefined) throw new Error('The package is not packed: run npm run test:package.');
  return path;
}
