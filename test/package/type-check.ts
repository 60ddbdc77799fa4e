import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from './project.ts';
import { run } from './run.ts';

const COMPILER = join(import.meta.dirname, '../../node_modules/.bin/tsc');

/** How a project resolves modules: as bundlers do, or as Node does. */
export const RESOLUTIONS = ['bundler', 'nodenext'] as const;

/** Type-checks files of a project, and every declaration that they import. Rejects with the compiler's output if it finds an error. */
export async function typeCheck(
  { folder }: Project,
  resolution: (typeof RESOLUTIONS)[number],
  ...include: readonly string[]
): Promise<void> {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2024', 'dom', 'dom.iterable'],
    module: resolution === 'bundler' ? 'esnext' : resolution,
    moduleResolution: resolution,
    jsx: 'react-jsx',
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    skipLibCheck: false,
    types: [],
    noEmit: true,
  };
  const name = `tsconfig.${resolution}.json`;
  await writeFile(join(folder, name), JSON.stringify({ compilerOptions, include }));
  await run(folder, COMPILER, '-p', name);
}
