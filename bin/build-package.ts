import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { bundleElement, ELEMENTS } from '../web/bundle.ts';

const SOURCE = fileURLToPath(new URL('../web/package', import.meta.url));
const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const OUTPUT = join(DIST, 'web');

/** Keeps imports between the modules of the package: only one module defines an element. */
const keepImports: Plugin = {
  name: 'keep-imports',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      const isOwnModule = join(resolveDir, path).startsWith(SOURCE + sep);
      if (kind === 'entry-point' || !isOwnModule) return undefined;
      return { path: path.replace(/\.ts$/, '.js'), external: true };
    });
  },
};

rmSync(DIST, { recursive: true, force: true });
for (const [name, contents] of ELEMENTS.flatMap((element) => Object.entries(bundleElement(element)))) {
  const path = join(OUTPUT, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}

/** The modules of the package but those of the elements. What they import from elsewhere in `web/` is bundled into them. */
const modules = globSync(['*.ts', 'react/*.ts'], {
  cwd: SOURCE,
  exclude: ELEMENTS.map((element) => `${element}.ts`),
});
await build({
  entryPoints: modules.map((name) => join(SOURCE, name)),
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  charset: 'utf8',
  packages: 'external',
  outbase: SOURCE,
  outdir: OUTPUT,
  plugins: [keepImports],
});
