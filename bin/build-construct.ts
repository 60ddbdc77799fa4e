import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { bundleFunction, bundleNames } from '../lib/compute/bundle-function.ts';
import { pageFiles, pageTemplate } from '../web/page-files.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUTPUT = join(ROOT, 'dist/cdk');
const TYPES = join(OUTPUT, 'types');

/*
 * Script: builds the construct into `dist/cdk`, with the code of the functions and the recovery page, so that an app that
 * uses it needs neither esbuild nor what the functions are made of. TypeScript has written the declarations before.
 */
buildSync({
  absWorkingDir: ROOT,
  entryPoints: ['lib/index.ts'],
  outfile: join(OUTPUT, 'index.js'),
  bundle: true,
  platform: 'node',
  // what apps of the CDK can load whatever their own format is, as they load the CDK
  format: 'cjs',
  target: 'node20',
  charset: 'utf8',
  conditions: ['packed'],
  external: ['aws-cdk-lib', 'constructs'],
});
write('package.json', '{ "type": "commonjs" }\n');
for (const name of bundleNames()) bundleFunction(name, join(OUTPUT, 'functions', name));
write('pages/page.html', pageTemplate());
for (const [name, contents] of Object.entries(pageFiles('recovery-page'))) {
  write(join('pages/recovery-page', name), contents);
}
removeUnusedDeclarations();

function write(name: string, contents: string): void {
  const path = join(OUTPUT, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}

/** TypeScript writes declarations of every module; those that no exported type refers to would name packages of ours. */
function removeUnusedDeclarations(): void {
  const used = declarationsFrom(join(TYPES, 'lib/index.d.ts'));
  for (const name of readdirSync(TYPES, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.d.ts') && !used.has(join(TYPES, name))) rmSync(join(TYPES, name));
  }
}

function declarationsFrom(path: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(
    /(?:from|import\()\s*['"](\.[^'"]+)\.ts['"]/g,
  )) {
    declarationsFrom(resolve(dirname(path), `${name}.d.ts`), found);
  }
  return found;
}
