import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../bundles/bundles.ts';
import setUpDirectory, { undoSetUp as undoDirectory } from '../global-setup.ts';

let folder: string;

/** Jest's global setup: bundles the functions once, for all files, which find them in the environment. */
export default async function setUp(): Promise<void> {
  setUpDirectory();
  folder = await mkdtemp(join(tmpdir(), 'faults-'));
  process.env['TEST_BUNDLES'] = JSON.stringify(await bundleFunctions(folder));
}

/** Removes the bundles. Throws if a test left something in the temporary directory. */
export async function undoSetUp(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  undoDirectory();
}
