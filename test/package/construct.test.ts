import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import cdk from '../../cdk.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };
import { recoveryTemplate } from '../infrastructure/synthesis.ts';
import { makeProject, type Project } from './project.ts';
import { run } from './run.ts';

const ROOT = join(import.meta.dirname, '../..');
const APPS = join(import.meta.dirname, 'construct');
const { 'aws-cdk-lib': cdkVersion, constructs, '@types/node': nodeTypes } = manifest.devDependencies;

const template = z.object({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });

let project: Project;
beforeAll(async () => {
  project = await makeProject();
  await project.install(`aws-cdk-lib@${cdkVersion}`, `constructs@${constructs}`, `@types/node@${nodeTypes}`);
  await cp(APPS, project.folder, { recursive: true });
  await writeFile(join(project.folder, 'documented.ts'), await documentedApp());
});
afterAll(() => project.remove());

/** The app that the docs grow from the smallest one to one with every output. */
async function documentedApp(): Promise<string> {
  const text = await readFile(join(ROOT, 'docs/construct.md'), 'utf8');
  return [...text.matchAll(/```ts\n([\s\S]+?)```/g)].map(([, code]) => code).join('\n');
}

type ResourcesOf = (stack: string) => Promise<z.infer<typeof template>['Resources']>;

const synthesized = new Map<string, Promise<ResourcesOf>>();

/** Runs an app as the CDK's command line does, once, and reads the resources of a stack from what it has written. */
function synthesize(file: string): Promise<ResourcesOf> {
  const result = synthesized.get(file) ?? runApp(file);
  synthesized.set(file, result);
  return result;
}

async function runApp(file: string): Promise<ResourcesOf> {
  const output = join(project.folder, `cdk.out-${file}`);
  const variables = [`CDK_OUTDIR=${output}`, `CDK_CONTEXT_JSON=${JSON.stringify(cdk.context)}`];
  await run(project.folder, 'env', ...variables, process.execPath, file);
  return async (stack) => {
    const text = await readFile(join(output, `${stack}.template.json`), 'utf8');
    return template.parse(JSON.parse(text)).Resources;
  };
}

/** Resources without what the bundles are named by: an asset of a bundle that was packed has another name. */
function withoutAssetNames(resources: Record<string, unknown>): unknown {
  const text = JSON.stringify(resources, (key, value) => (/^(S3Key|aws:asset:path)$/.test(key) ? '' : value));
  return JSON.parse(text.replaceAll(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1'));
}

function ownResources(): unknown {
  return withoutAssetNames(template.parse(recoveryTemplate().toJSON()).Resources);
}

describe('an app of the CDK in TypeScript, as ES modules', () => {
  test('has types for every property and method', async () => {
    const options = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext', '--types', 'node'];
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    await run(project.folder, process.execPath, tsc, ...options, 'app.ts', 'documented.ts');
  });

  test('synthesizes the resources that our own stack has', async () => {
    const resourcesOf = await synthesize('app.ts');
    expect(withoutAssetNames(await resourcesOf('RecoveryStack'))).toEqual(ownResources());
  });

  test('has two deployments in one stack, and one in another', async () => {
    const resourcesOf = await synthesize('app.ts');
    const functionsOf = async (stack: string) =>
      Object.keys(await resourcesOf(stack)).filter((id) => /(RecoverUser|DeliverOutbox)Function$/.test(id));
    expect((await functionsOf('Two')).sort()).toEqual([
      'FirstDeliverOutboxFunction',
      'FirstRecoverUserFunction',
      'SecondDeliverOutboxFunction',
      'SecondRecoverUserFunction',
    ]);
    expect(await functionsOf('Other')).toHaveLength(2);
  });
});

test('an app of the CDK in CommonJS synthesizes the resources that our own stack has', async () => {
  const source = await readFile(join(APPS, 'app.js'), 'utf8');
  const required = source.replaceAll(/^import (\{.*\}) from ('.*');$/gm, 'const $1 = require($2);');
  await writeFile(join(project.folder, 'app.cjs'), required);
  const resourcesOf = await synthesize('app.cjs');
  expect(withoutAssetNames(await resourcesOf('RecoveryStack'))).toEqual(ownResources());
});

test('an app of the CDK in JavaScript synthesizes the resources that our own stack has', async () => {
  const resourcesOf = await synthesize('app.js');
  expect(withoutAssetNames(await resourcesOf('RecoveryStack'))).toEqual(ownResources());
});

test('the app of the docs synthesizes, with the prefix of its alarms among its outputs', async () => {
  const resourcesOf = await synthesize('documented.ts');
  const resources = Object.entries(await resourcesOf('Accounts'));
  const alarms = resources.filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm').map(([id]) => id);
  expect(alarms.length).toBeGreaterThan(20);
  expect(alarms.filter((id) => !id.startsWith('RecoveryAlarms'))).toEqual([
    expect.stringMatching(/^Dropped/),
  ]);
});

test('an app with bad properties gets one error that names each, and the fix', async () => {
  const message = await run(project.folder, process.execPath, 'invalid.js');
  expect(message).toContain('directory is not set; set it to {"type": "email"}');
  expect(message).toContain('allowedOrigins[0] is "www.example.com"; it must be an origin');
  expect(message).toContain('beyondIdentity.tenantId is not set');
  expect(message).toContain('mailboxAttemptsPerDay is 100; it must be');
  expect(message).toContain('retries: unknown setting');
});

test('no app needs a bundler, a validator or an SDK of AWS', async () => {
  const text = await readFile(
    join(project.folder, 'node_modules', manifest.name, 'dist/cdk/index.js'),
    'utf8',
  );
  const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => name);
  expect(required.filter((name) => !/^(node:|aws-cdk-lib|constructs$)/.test(name))).toEqual([]);
});
