import { fileURLToPath } from 'node:url';
import { type BundlingOptions, Charset, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/** The folder with package.json; the paths of {@link BUNDLING} are relative to it. */
export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How every function is bundled: one ES module with everything in it. */
export const BUNDLING = {
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  // the copy of the SDK in Lambda's runtime is older, and slower to load than one that is bundled
  bundleAwsSDK: true,
  minify: true,
  charset: Charset.UTF8,
  sourceMap: true,
  sourcesContent: false,
  esbuildArgs: {
    '--alias:node:http': './functions/runtime/bundle/node-http.ts',
    '--alias:@smithy/core/event-streams': './functions/runtime/bundle/no-event-streams.ts',
    '--alias:@aws-sdk/credential-provider-node': './functions/runtime/bundle/lambda-credentials.ts',
  },
} as const satisfies BundlingOptions;
