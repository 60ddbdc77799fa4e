import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import * as z from 'zod/mini';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** The commit before the work on performance, with which today's figures are compared. */
export const BASELINE_COMMIT = '66daa96';

/** What that commit gave its functions beside their settings. */
const ENVIRONMENT = {
  NODE_OPTIONS: '--enable-source-maps',
  AUDIT_LOG_GROUP_NAME: 'audit-log',
  DELIVERY: 'direct',
};

/**
 * Bundles the endpoint of that commit as it bundled it, with the packages of today; `undefined` in a clone that does not
 * have the commit.
 */
export async function bundleBaseline(folder: string) {
  const git = (...args: string[]) => execFileSync('git', ['-C', PROJECT, ...args], { maxBuffer: 2 ** 26 });
  let archive: Buffer;
  try {
    archive = git('archive', BASELINE_COMMIT, 'functions', 'lib', 'package.json', 'tsconfig.json');
  } catch {
    return undefined;
  }
  const sources = join(folder, 'baseline');
  mkdirSync(sources);
  writeFileSync(`${sources}.tar`, archive);
  execFileSync('tar', ['-xf', `${sources}.tar`, '-C', sources]);
  symlinkSync(join(PROJECT, 'node_modules'), join(sources, 'node_modules'));

  const { BUNDLING } = z
    .object({ BUNDLING: z.object({ esbuildArgs: z.record(z.string(), z.string()) }) })
    .parse(await import(pathToFileURL(join(sources, 'lib', 'bundling.ts')).href));
  const bundle = join(folder, 'baseline-bundle');
  await build({
    absWorkingDir: sources,
    entryPoints: ['functions/recover-user/index.ts'],
    outfile: join(bundle, 'index.mjs'),
    alias: Object.fromEntries(
      Object.entries(BUNDLING.esbuildArgs).map(([name, path]) => [name.replace('--alias:', ''), path]),
    ),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    charset: 'utf8',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'error',
  });
  return { folder: bundle, bytes: statSync(join(bundle, 'index.mjs')).size, environment: ENVIRONMENT };
}
