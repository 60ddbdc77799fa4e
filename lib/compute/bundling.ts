import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundlingOptions, Charset, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/** The folder with package.json; the paths of {@link BUNDLING} are relative to it. */
export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Module replacements, by what is imported. */
const ALIASES = {
  'node:http': './functions/runtime/bundle/node-http.ts',
  '@smithy/core/event-streams': './functions/runtime/bundle/no-event-streams.ts',
  '@aws-sdk/middleware-endpoint-discovery': './functions/runtime/bundle/no-endpoint-discovery.ts',
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
  file: './invoke-function.mjs',
};

/** One ES module with everything in it: how a function is bundled that finds no users, and so loads nothing on demand. */
export const SINGLE_FILE_BUNDLING = {
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  // the copy of the SDK in Lambda's runtime is older, and slower to load than one that is bundled
  bundleAwsSDK: true,
  minify: true,
  charset: Charset.UTF8,
  sourceMap: true,
  sourcesContent: false,
  esbuildArgs: Object.fromEntries(Object.entries(ALIASES).map(([name, path]) => [`--alias:${name}`, path])),
} as const satisfies BundlingOptions;

/** How the endpoint is bundled that forwards nothing: without all that calls Beyond Identity. */
export const QUEUED_BUNDLING = {
  ...SINGLE_FILE_BUNDLING,
  esbuildArgs: {
    ...SINGLE_FILE_BUNDLING.esbuildArgs,
    '--alias:#forwarding': './functions/runtime/bundle/no-forwarding.ts',
  },
} as const satisfies BundlingOptions;

/** How the functions are bundled that find users: the same, but for what is loaded on demand. */
export const BUNDLING = {
  ...SINGLE_FILE_BUNDLING,
  externalModules: [ON_DEMAND.file],
  esbuildArgs: { ...SINGLE_FILE_BUNDLING.esbuildArgs, [`--alias:${ON_DEMAND.import}`]: ON_DEMAND.file },
  commandHooks: {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (projectRoot, outputDir) => [bundleOnDemand(projectRoot, outputDir)],
  },
} as const satisfies BundlingOptions;

/** The command that bundles what is loaded on demand, with the options of the bundle. */
function bundleOnDemand(projectRoot: string, outputDir: string): string {
  const options = [
    '--bundle',
    '--format=esm',
    '--platform=node',
    '--target=node24',
    '--main-fields=module,main',
    '--minify',
    '--charset=utf8',
    ...Object.entries(ALIASES).map(([name, path]) => `--alias:${name}=${path}`),
    `--outfile="${join(outputDir, ON_DEMAND.file)}"`,
  ];
  return `cd "${projectRoot}" && npx esbuild ${ON_DEMAND.source} --log-level=warning ${options.join(' ')}`;
}
