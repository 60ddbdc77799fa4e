import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod/mini';
import configuration from '../cdk.json' with { type: 'json' };
import { type BundleFunctionOptions, bundleFunction } from '../lib/compute/bundle-function.ts';
import { configOf } from '../lib/config/config-files.ts';
import { RecoveryStack } from '../lib/recovery-stack.ts';
import { serveParent } from './processes.ts';

/** The function's id in the template. */
const FUNCTION_ID = 'RecoverUserFunction';

/*
 * Script: bundles the function as it is deployed, the bare handler and the runtime client into the folder that is its
 * argument. A separate process, because forking from one as large as the CDK's takes longer.
 */
const [, , folder = ''] = process.argv;
const app = new App({
  outdir: join(folder, 'cdk.out'),
  context: { ...configuration.context, 'aws:cdk:bundling-stacks': [] },
  analyticsReporting: false,
});
const stack = new RecoveryStack(app, 'RecoveryStack', { config: configOf({}) });

const runtimeClient = join(folder, 'runtime-client.mjs');
const source = readFileSync(fileURLToPath(new URL('runtime-client.ts', import.meta.url)), 'utf8');
writeFileSync(runtimeClient, stripTypeScriptTypes(source));
serveParent({
  function: bundle('functions/recover-user/index.ts'),
  // without the module replacements, which are the function's own optimization
  bare: bundle('benchmark/bare-handler.ts', { hasReplacements: false }),
  environment: literalEnvironment(),
  runtimeClient,
});

function bundle(entry: string, options?: BundleFunctionOptions) {
  const bundleFolder = join(folder, basename(dirname(entry)));
  bundleFunction(entry, bundleFolder, options);
  return { folder: bundleFolder, bytes: statSync(join(bundleFolder, 'index.mjs')).size };
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
