import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { buildSync } from 'esbuild';
import * as z from 'zod/mini';
import configuration from '../cdk.json' with { type: 'json' };
import { BUNDLING } from '../lib/compute/bundling.ts';
import { configOf } from '../lib/config/config-files.ts';
import { RecoveryStack } from '../lib/recovery-stack.ts';
import type { Bundle, Bundles } from './bundles.ts';

/** The function's id, as a construct and in the template. */
const FUNCTION_ID = 'RecoverUserFunction';

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url));
const BENCHMARK = fileURLToPath(new URL('.', import.meta.url));

/*
 * Bundles what is measured into the folder that is its argument, by the CDK and the very stack that is deployed, and
 * prints where it is. A process of its own: to start others from one as large as the CDK makes it takes longer.
 */
const [, , folder = ''] = process.argv;
const outdir = join(folder, 'cdk.out');
const app = new App({ outdir, context: configuration.context, analyticsReporting: false });
const recovery = new RecoveryStack(app, 'RecoveryStack', { config: configOf({}) });

const recoverUser = recovery.node.findChild(FUNCTION_ID);
if (!(recoverUser instanceof NodejsFunction)) throw new Error(`${FUNCTION_ID} is no NodejsFunction.`);

const bare = new NodejsFunction(new Stack(app, 'Bare'), 'BareFunction', {
  entry: join(BENCHMARK, 'bare-handler.ts'),
  projectRoot: PROJECT_ROOT,
  depsLockFilePath: join(PROJECT_ROOT, 'package-lock.json'),
  runtime: Runtime.NODEJS_24_X,
  // all but the modules that stand in for others: they are the function's own doing, and count for it
  bundling: { ...BUNDLING, esbuildArgs: {} },
});

const runtimeClient = join(folder, 'runtime-client.mjs');
buildSync({
  entryPoints: [join(BENCHMARK, 'runtime-client.ts')],
  outfile: runtimeClient,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  logLevel: 'error',
});

const bundles: Bundles = {
  function: bundleOf(recoverUser),
  bare: bundleOf(bare),
  environment: plainEnvironment(),
  runtimeClient,
};
process.stdout.write(JSON.stringify(bundles));

function bundleOf(lambda: NodejsFunction): Bundle {
  const code = lambda.node.findChild('Code');
  if (!(code instanceof Asset)) throw new Error(`${lambda.node.path} has no bundle.`);
  const bundle = join(outdir, code.assetPath);
  return { folder: bundle, bytes: statSync(join(bundle, 'index.mjs')).size };
}

/** The variables whose values the template has; what CloudFormation fills in, names of resources, is left out. */
function plainEnvironment(): Record<string, string> {
  const resources = Template.fromStack(recovery).findResources('AWS::Lambda::Function');
  const properties = z.object({
    Properties: z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) }),
  });
  const { Variables } = properties.parse(resources[FUNCTION_ID]).Properties.Environment;
  return Object.fromEntries(
    Object.entries(Variables).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
