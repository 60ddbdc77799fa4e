import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { tarball } from './pack.ts';
import { run } from './run.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');

/** The folders that a developer's own build of an example leaves in it. */
const LEFT_OUT = ['node_modules', 'dist', 'out', '.next'];

/** The name of an example. */
export type Example = 'html' | 'react' | 'vue' | 'next';

/** A front-end project in a folder of its own. */
export interface Project {
  readonly folder: string;
  /** Installs the packed package, with what the project's package-lock.json lists and with these packages. */
  install(...packages: readonly string[]): Promise<void>;
  remove(): Promise<void>;
}

/** Makes a project: a copy of an example, or an empty one. */
export async function makeProject(example?: Example): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'project-'));
  await writeFile(join(folder, 'package.json'), '{"private": true, "type": "module"}');
  if (example !== undefined) {
    const filter = (path: string) => !LEFT_OUT.includes(basename(path));
    await cp(join(EXAMPLES, example), folder, { recursive: true, filter });
  }
  return {
    folder,
    async install(...packages) {
      const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
      await run(folder, 'npm', 'install', ...options, tarball(), ...packages);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
