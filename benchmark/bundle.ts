import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod/mini';
import configuration from '../cdk.json' with { type: 'json' };
import { bundleEntry, bundleFunction, type Replacements } from '../lib/compute/bundle-function.ts';
import type { Config } from '../lib/config/config.ts';
import { configOf } from '../lib/config/config-files.ts';
import { RecoveryStack } from '../lib/recovery-stack.ts';
import { bundleBaseline } from './baseline.ts';
import { serveParent } from './processes.ts';

/** The function's id in the template. */
const FUNCTION_ID = 'RecoverUserFunction';

/*
 * Script: bundles everything that is measured as it is deployed, and the runtime client, into the folder that is its
 * argument. A separate process, because forking from one as large as the CDK's takes longer.
 */
const [, , folder = ''] = process.argv;
const config = configOf({});

const runtimeClient = join(folder, 'runtime-client.mjs');
const source = readFileSync(fileURLToPath(new URL('runtime-client.ts', import.meta.url)), 'utf8');
writeFileSync(runtimeClient, stripTypeScriptTypes(source));
serveParent({
  direct: endpointWith(config),
  queued: endpointWith({ ...config, delivery: 'queued' }),
  // without the module replacements, which are the function's own optimization, all but one
  bare: bareHandler({}),
  bareWithoutUndici: bareHandler({ 'node:http': './functions/runtime/bundle/node-http.ts' }),
  baseline: await bundleBaseline(folder),
  runtimeClient,
});

/** The endpoint of a stack, with the variables whose values the template has; references to resources are left out. */
function endpointWith(settings: Config) {
  const outdir = mkdtempSync(join(folder, 'cdk-'));
  const context = { ...configuration.context, 'aws:cdk:bundling-stacks': [] };
  const stack = new RecoveryStack(new App({ outdir, context, analyticsReporting: false }), 'RecoveryStack', {
    config: settings,
  });
  const resources = Template.fromStack(stack).findResources('AWS::Lambda::Function');
  const properties = z.object({
    Properties: z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) }),
  });
  const { Variables } = properties.parse(resources[FUNCTION_ID]).Properties.Environment;
  const literals = Object.entries(Variables).filter(([, value]) => typeof value === 'string');
  const bundle = bundleWith((output) =>
    bundleFunction(settings.delivery === 'queued' ? 'recover-user-queued' : 'recover-user', output),
  );
  return { ...bundle, environment: Object.fromEntries(literals) };
}

function bareHandler(replacements: Replacements) {
  const bundle = bundleWith((output) => bundleEntry('benchmark/bare-handler.ts', output, replacements));
  return { ...bundle, environment: {} };
}

function bundleWith(write: (output: string) => void) {
  const output = mkdtempSync(join(folder, 'bundle-'));
  write(output);
  return { folder: output, bytes: statSync(join(output, 'index.mjs')).size };
}
