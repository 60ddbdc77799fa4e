import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import * as z from 'zod/mini';
import configuration from '../cdk.json' with { type: 'json' };
import { BUNDLING } from '../lib/compute/bundling.ts';
import { configOf } from '../lib/config/config-files.ts';
import { RecoveryStack } from '../lib/recovery-stack.ts';
import { serveParent } from './processes.ts';

/** The function's id, as a construct and in the template. */
const FUNCTION_ID = 'RecoverUserFunction';
const BENCHMARK = fileURLToPath(new URL('.', import.meta.url));

/*
 * Script: bundles the function, the bare handler and the runtime client into the folder that is its argument, with the CDK
 * and the stack that is deployed. A separate process, because forking from one as large as the CDK's takes longer.
 */
const [, , folder = ''] = process.argv;
const outdir = join(folder, 'cdk.out');
const app = new App({ outdir, context: configuration.context, analyticsReporting: false });
const stack = new RecoveryStack(app, 'RecoveryStack', { config: configOf({}) });

const recoverUser = stack.node.findChild(FUNCTION_ID).node.findChild('Function');
if (!(recoverUser instanceof NodejsFunction)) throw new Error(`${FUNCTION_ID} is not a NodejsFunction.`);

const bare = new NodejsFunction(new Stack(app, 'Bare'), 'BareFunction', {
  entry: join(BENCHMARK, 'bare-handler.ts'),
  runtime: Runtime.NODEJS_24_X,
  // without the module replacements, which are the function's own optimization
  bundling: { ...BUNDLING, esbuildArgs: {} },
});

const runtimeClient = join(folder, 'runtime-client.mjs');
const source = readFileSync(join(BENCHMARK, 'runtime-client.ts'), 'utf8');
writeFileSync(runtimeClient, stripTypeScriptTypes(source));
serveParent({
  function: bundleOf(recoverUser),
  bare: bundleOf(bare),
  environment: literalEnvironment(),
  runtimeClient,
});

function bundleOf(lambda: NodejsFunction) {
  const code = lambda.node.findChild('Code');
  if (!(code instanceof Asset)) throw new Error(`${lambda.node.path} has no bundle.`);
  const bundle = join(outdir, code.assetPath);
  return { folder: bundle, bytes: statSync(join(bundle, 'index.mjs')).size };
}

/** The function's variables with literal values in the template; references to resources are left out. */
function literalEnvironment(): object {
  const resources = Template.fromStack(stack).findResources('AWS::Lambda::Function');
  const properties = z.object({
    Properties: z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) }),
  });
  const { Variables } = properties.parse(resources[FUNCTION_ID]).Properties.Environment;
  return Object.fromEntries(Object.entries(Variables).filter(([, value]) => typeof value === 'string'));
}
