import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Project } from './project.ts';

const SOURCE = join(import.meta.dirname, 'consumer');

/** Development mode, in which frameworks report what they would tolerate in production. */
const DEFINITIONS = {
  'process.env.NODE_ENV': '"development"',
  __VUE_OPTIONS_API__: 'true',
  __VUE_PROD_DEVTOOLS__: 'false',
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true',
};

/** A script of `consumer/`, and the page that loads it. */
export interface ConsumerPage {
  readonly script: string;
  /** The contents of the body. */
  readonly body?: string;
}

/** Copies the scripts of `consumer/` into a project, where their imports resolve. */
export function copyConsumer({ folder }: Project): Promise<void> {
  return cp(SOURCE, join(folder, 'consumer'), { recursive: true });
}

/** Bundles a script in development mode. Rejects with esbuild's errors. */
export async function bundleConsumer(
  { folder }: Project,
  script: string,
  platform: 'browser' | 'node',
): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: [join(folder, 'consumer', script)],
    bundle: true,
    write: false,
    format: 'esm',
    platform,
    jsx: 'automatic',
    target: 'es2022',
    define: DEFINITIONS,
    ...(platform === 'node' && { packages: 'external' }),
  });
  return outputFiles.map(({ text }) => text).join('');
}

/** Adds a page with a bundled script to the folder that is served: `/name/`. */
export async function addPage(
  project: Project,
  served: string,
  name: string,
  { script, body = '<main></main>' }: ConsumerPage,
): Promise<void> {
  const folder = join(served, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'script.js'), await bundleConsumer(project, script, 'browser'));
  const head = `<meta charset="utf-8"><title>Page</title><script type="module" src="/${name}/script.js"></script>`;
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>`,
  );
}
