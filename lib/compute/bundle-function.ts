import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';

/** The folder with package.json, which the paths below are relative to. */
const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The bundler needs a folder to name files by, and writes nothing into it: a source map does not depend on where a bundle is. */
const NOMINAL_FOLDER = join(PROJECT_ROOT, 'bundle');

/** Module replacements, by what is imported. */
const REPLACEMENTS = {
  'node:http': './functions/runtime/bundle/node-http.ts',
  '@smithy/core/event-streams': './functions/runtime/bundle/no-event-streams.ts',
  '@aws-sdk/credential-provider-node': './functions/runtime/bundle/lambda-credentials.ts',
  '@aws-sdk/signature-v4-multi-region': './functions/runtime/bundle/regional-signature.ts',
};

/**
 * The client of Lambda is a module beside the bundle, loaded where a Lambda directory is configured: in the bundle it would
 * cost every cold start 12 ms.
 */
const ON_DEMAND = {
  import: '#invoke-function',
  source: 'functions/adapters/directory/invoke-function.ts',
  file: 'invoke-function.mjs',
};

const OPTIONS = {
  absWorkingDir: PROJECT_ROOT,
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  charset: 'utf8',
  outdir: NOMINAL_FOLDER,
  outExtension: { '.js': '.mjs' },
} satisfies BuildOptions;

/** What differs from one bundle to another. */
export interface BundleFunctionOptions {
  /** Whether modules are replaced by lighter ones; absent: they are. */
  hasReplacements?: boolean;
}

/**
 * Bundles the function of an entry file, relative to the folder with package.json, into `index.mjs` and its source map, with
 * what it loads on demand beside them. The SDK is in the bundle: the copy in Lambda's runtime is older, and slower to load.
 * Throws esbuild's errors.
 */
export function bundleFunction(
  entry: string,
  outputFolder: string,
  { hasReplacements = true }: BundleFunctionOptions = {},
): void {
  const alias = hasReplacements ? REPLACEMENTS : {};
  const onDemand = `./${ON_DEMAND.file}`;
  const { outputFiles, metafile } = buildSync({
    ...OPTIONS,
    entryPoints: { index: entry },
    alias: { ...alias, [ON_DEMAND.import]: onDemand },
    external: [onDemand],
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
  });
  const loadsOnDemand = Object.values(metafile.outputs).some(({ imports }) =>
    imports.some(({ path }) => path === onDemand),
  );
  const name = ON_DEMAND.file.replace('.mjs', '');
  const others = loadsOnDemand
    ? buildSync({ ...OPTIONS, entryPoints: { [name]: ON_DEMAND.source }, alias }).outputFiles
    : [];
  mkdirSync(outputFolder, { recursive: true });
  for (const { path, contents } of [...outputFiles, ...others]) {
    writeFileSync(join(outputFolder, basename(path)), contents);
  }
}
