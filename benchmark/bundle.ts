import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { IConstruct } from 'constructs';
import * as z from 'zod/mini';
import configuration from '../cdk.json' with { type: 'json' };
import { BUNDLING } from '../lib/compute/bundling.ts';
import type { Config } from '../lib/config/config.ts';
import { configOf } from '../lib/config/config-files.ts';
import { RecoveryStack } from '../lib/recovery-stack.ts';
import { bundleBaseline } from './baseline.ts';
import { serveParent } from './processes.ts';

/** The function's id, as a construct and in the template. */
const FUNCTION_ID = 'RecoverUserFunction';
const BENCHMARK = fileURLToPath(new URL('.', import.meta.url));

/*
 * Script: bundles everything that is measured, and the runtime client, into the folder that is its argument, with the CDK
 * and the stack that is deployed. A separate process, because forking from one as large as the CDK's takes longer.
 */
const [, , folder = ''] = process.argv;
const config = configOf({});
// without the module replacements, which are the function's own optimization, all but one
const withUndici = { ...BUNDLING, esbuildArgs: {} };
const withoutUndici = {
  ...BUNDLING,
  esbuildArgs: { '--alias:node:http': './functions/runtime/bundle/node-http.ts' },
};

const runtimeClient = join(folder, 'runtime-client.mjs');
const source = readFileSync(join(BENCHMARK, 'runtime-client.ts'), 'utf8');
writeFileSync(runtimeClient, stripTypeScriptTypes(source));
serveParent({
  direct: endpointWith(config),
  queued: endpointWith({ ...config, delivery: 'queued' }),
  bare: bareHandler('Bare', withUndici),
  bareWithoutUndici: bareHandler('BareWithoutUndici', withoutUndici),
  baseline: await bundleBaseline(folder),
  runtimeClient,
});

/** An app of its own for each: none can be changed once its template was made. */
function newApp(): App {
  const outdir = mkdtempSync(join(folder, 'cdk-'));
  return new App({ outdir, context: configuration.context, analyticsReporting: false });
}

/** The endpoint of a stack, with the variables whose values the template has; references to resources are left out. */
function endpointWith(settings: Config) {
  const stack = new RecoveryStack(newApp(), 'RecoveryStack', { config: settings });
  const lambda = stack.node.findChild(FUNCTION_ID).node.findChild('Function');
  const resources = Template.fromStack(stack).findResources('AWS::Lambda::Function');
  const properties = z.object({
    Properties: z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) }),
  });
  const { Variables } = properties.parse(resources[FUNCTION_ID]).Properties.Environment;
  const literals = Object.entries(Variables).filter(([, value]) => typeof value === 'string');
  return { ...bundleOf(lambda), environment: Object.fromEntries(literals) };
}

function bareHandler(id: string, bundling: BundlingOptions) {
  const entry = join(BENCHMARK, 'bare-handler.ts');
  const stack = new Stack(newApp(), id);
  const lambda = new NodejsFunction(stack, 'Function', { entry, runtime: Runtime.NODEJS_24_X, bundling });
  return { ...bundleOf(lambda), environment: {} };
}

function bundleOf(lambda: IConstruct) {
  const code = lambda.node.findChild('Code');
  if (!(code instanceof Asset)) throw new Error(`${lambda.node.path} has no bundle.`);
  const bundle = join(Stage.of(lambda)?.outdir ?? '', code.assetPath);
  return { folder: bundle, bytes: statSync(join(bundle, 'index.mjs')).size };
}
