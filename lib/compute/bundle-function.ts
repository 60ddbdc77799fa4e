import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, type OutputFile } from 'esbuild';

/** The folder with package.json, which the paths below are relative to. */
const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The bundler needs a folder to name files by, and writes nothing into it: a source map does not depend on where a bundle is. */
const NOMINAL_FOLDER = join(PROJECT_ROOT, 'bundle');

/** Modules by what is imported in their place. */
export type Replacements = Readonly<Record<string, string>>;

/** What every bundle has in the place of modules that cost time at each start, and are not used. */
const REPLACEMENTS = {
  'node:http': './functions/runtime/bundle/node-http.ts',
  '@smithy/core/event-streams': './functions/runtime/bundle/no-event-streams.ts',
  '@aws-sdk/middleware-endpoint-discovery': './functions/runtime/bundle/no-endpoint-discovery.ts',
  '@aws-sdk/credential-provider-node': './functions/runtime/bundle/lambda-credentials.ts',
  '@aws-sdk/signature-v4-multi-region': './functions/runtime/bundle/regional-signature.ts',
} as const satisfies Replacements;

/** What most bundles replace beside that. */
const NOTHING: Replacements = {};

/** What the endpoint replaces that forwards nothing: all that calls Beyond Identity. */
const FORWARDING: Replacements = { '#forwarding': './functions/runtime/bundle/no-forwarding.ts' };

/** The bundles of a deployment: the folder of each function below `functions/`, and what only this bundle replaces. */
const BUNDLES = {
  'recover-user': { folder: 'recover-user', replacements: NOTHING },
  'recover-user-queued': { folder: 'recover-user', replacements: FORWARDING },
  'deliver-outbox': { folder: 'deliver-outbox', replacements: NOTHING },
  'pre-traffic': { folder: 'release-hooks/pre-traffic', replacements: NOTHING },
  'post-traffic': { folder: 'release-hooks/post-traffic', replacements: NOTHING },
} as const;

export type BundleName = keyof typeof BUNDLES;

/** The names of all bundles. */
export function bundleNames(): BundleName[] {
  const isName = (name: string): name is BundleName => name in BUNDLES;
  return Object.keys(BUNDLES).filter(isName);
}

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

/** The files of bundles by their folders, for each set of replacements: bundled together, they take a third of the time. */
const bundled = new Map<Replacements, ReadonlyMap<string, readonly OutputFile[]>>();

/** Writes a bundle of a deployment into a folder. Throws esbuild's errors. */
export function bundleFunction(name: BundleName, outputFolder: string): void {
  const { replacements } = BUNDLES[name];
  const alike = bundleNames().filter((other) => BUNDLES[other].replacements === replacements);
  const files =
    bundled.get(replacements) ??
    bundleEntries(
      Object.fromEntries(alike.map((other) => [other, `functions/${BUNDLES[other].folder}/index.ts`])),
      { ...REPLACEMENTS, ...replacements },
    );
  bundled.set(replacements, files);
  writeFiles(files.get(name) ?? [], outputFolder);
}

/**
 * Bundles an entry file, relative to the folder with package.json, into `index.mjs` and its source map, with what it loads
 * on demand beside them. The SDK is in the bundle: the copy in Lambda's runtime is older, and slower to load. Throws
 * esbuild's errors.
 */
export function bundleEntry(entry: string, outputFolder: string, replacements: Replacements): void {
  writeFiles(bundleEntries({ entry }, replacements).get('entry') ?? [], outputFolder);
}

function bundleEntries(
  entries: Readonly<Record<string, string>>,
  replacements: Replacements,
): Map<string, OutputFile[]> {
  const onDemand = `./${ON_DEMAND.file}`;
  const { outputFiles, metafile } = buildSync({
    ...OPTIONS,
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, path]) => [`${name}/index`, path])),
    alias: { ...replacements, [ON_DEMAND.import]: onDemand },
    external: [onDemand],
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
  });
  const loadOnDemand = new Set(
    Object.entries(metafile.outputs)
      .filter(([, { imports }]) => imports.some(({ path }) => path === onDemand))
      .map(([path]) => basename(dirname(path))),
  );
  const others = loadOnDemand.size > 0 ? bundleOnDemand(replacements) : [];
  return new Map(
    Object.keys(entries).map((name) => [
      name,
      [
        ...outputFiles.filter(({ path }) => basename(dirname(path)) === name),
        ...(loadOnDemand.has(name) ? others : []),
      ],
    ]),
  );
}

function bundleOnDemand(replacements: Replacements): OutputFile[] {
  const name = ON_DEMAND.file.replace('.mjs', '');
  const entryPoints = { [name]: ON_DEMAND.source };
  return buildSync({ ...OPTIONS, entryPoints, alias: { ...replacements } }).outputFiles;
}

function writeFiles(files: readonly OutputFile[], outputFolder: string): void {
  mkdirSync(outputFolder, { recursive: true });
  for (const { path, contents } of files) writeFileSync(join(outputFolder, basename(path)), contents);
}
