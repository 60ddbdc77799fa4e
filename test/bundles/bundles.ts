import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import cdk from '../../cdk.json' with { type: 'json' };

/** A function as it is deployed. */
export interface Bundle {
  /** The file of its handler. */
  readonly file: string;
  /** The variables whose values the template has; the others are references to resources. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The functions that requests go through. */
export interface Bundles {
  readonly endpoint: Bundle;
  readonly delivery: Bundle;
}

const template = z.object({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });
const lambdaFunction = z.object({
  Properties: z.object({
    Code: z.object({ S3Key: z.string() }),
    Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
  }),
});

/** Synthesizes the production stack into the folder, as `cdk synth` does; resolves with its functions. */
export async function bundleFunctions(folder: string): Promise<Bundles> {
  await promisify(execFile)(process.execPath, ['bin/recovery.ts'], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify(cdk.context),
    },
  });
  const text = await readFile(join(folder, 'RecoveryStack.template.json'), 'utf8');
  const { Resources } = template.parse(JSON.parse(text));
  const functions = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function');

  function bundleOf(name: string): Bundle {
    const [, resource] = functions.find(([id]) => id.includes(name)) ?? [];
    const { Code, Environment } = lambdaFunction.parse(resource).Properties;
    const texts = Object.entries(Environment.Variables).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return {
      file: join(folder, `asset.${Code.S3Key.replace(/\.zip$/, '')}`, 'index.mjs'),
      environment: Object.fromEntries(texts),
    };
  }
  return { endpoint: bundleOf('RecoverUserFunction'), delivery: bundleOf('DeliverOutboxFunction') };
}
