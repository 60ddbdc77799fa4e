import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { deploymentIn, stackOfAnApp } from './construct-in-app.ts';

const lambdaFunction = z.object({ Properties: z.object({ Code: z.object({ S3Key: z.string() }) }) });

/** The folder of the bundle of each function, by logical id. */
const folders = new Map<string, string>();

beforeAll(() => {
  const stack = stackOfAnApp('Bundled', { 'aws:cdk:bundling-stacks': ['**'] });
  deploymentIn(stack, {}, 'Direct');
  deploymentIn(stack, { delivery: 'queued' }, 'Queued');
  const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function');
  const { outdir } = App.of(stack) ?? {};
  for (const [id, resource] of Object.entries(functions)) {
    const { S3Key } = lambdaFunction.parse(resource).Properties.Code;
    folders.set(id, join(outdir ?? '', `asset.${S3Key.replace('.zip', '')}`));
  }
});

function filesOf(id: string): string[] {
  return readdirSync(folders.get(id) ?? '').sort();
}

describe('the bundle of a function', () => {
  test.each(['DirectRecoverUserFunction', 'DirectDeliverOutboxFunction', 'QueuedDeliverOutboxFunction'])(
    'of %s has the client of Lambda beside it',
    (id) => expect(filesOf(id)).toEqual(['index.mjs', 'index.mjs.map', 'invoke-function.mjs']),
  );

  test('of an endpoint that forwards nothing is another one, and has no client of Lambda', () => {
    expect(filesOf('QueuedRecoverUserFunction')).toEqual(['index.mjs', 'index.mjs.map']);
    expect(folders.get('QueuedRecoverUserFunction')).not.toBe(folders.get('DirectRecoverUserFunction'));
  });

  test('is the same for two deployments that deliver alike', () => {
    expect(folders.get('QueuedDeliverOutboxFunction')).toBe(folders.get('DirectDeliverOutboxFunction'));
  });

  test('names its sources relative to the project, wherever it is written to', () => {
    const map = readFileSync(join(folders.get('DirectRecoverUserFunction') ?? '', 'index.mjs.map'), 'utf8');
    expect(z.object({ sources: z.array(z.string()) }).parse(JSON.parse(map)).sources).toContain(
      '../../functions/recover-user/index.ts',
    );
  });
});
