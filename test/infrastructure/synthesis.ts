import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import cdk from '../../cdk.json' with { type: 'json' };
import production from '../../config/production.json' with { type: 'json' };
import { readConfig } from '../../lib/config/config.ts';
import { stackNameOf } from '../../lib/config/stages.ts';
import { RecoveryStack } from '../../lib/recovery-stack.ts';

/** A resource or output as the template has it. */
export type Part = Record<string, unknown>;

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});

const part = z.record(z.string(), z.unknown());
const environmentSchema = z.object({ Variables: part });
const policySchema = z.object({ Statement: z.array(part) });

/** Where each app has an output folder of its own: the CDK makes one at once, and never removes it. */
const outputs = mkdtempSync(join(tmpdir(), 'synthesis-'));
afterAll(() => rmSync(outputs, { recursive: true, force: true }));

/** The stack of a stage with the settings of production and those given, without bundling: no test looks at its code. */
export function recoveryStack(
  settings: Record<string, unknown> = {},
  stage = 'production',
  context: Record<string, unknown> = {},
): RecoveryStack {
  const app = new App({
    outdir: mkdtempSync(join(outputs, 'cdk.out-')),
    context: { ...cdk.context, 'aws:cdk:bundling-stacks': [], ...context },
  });
  const config = readConfig(stage, { ...production, ...settings });
  return new RecoveryStack(app, stackNameOf(stage), { config });
}

const templates = new Map<string, Template>();

/** The template of {@link recoveryStack}, synthesized once for each configuration. */
export function recoveryTemplate(settings: Record<string, unknown> = {}, stage = 'production'): Template {
  const key = JSON.stringify([settings, stage]);
  const known = templates.get(key) ?? Template.fromStack(recoveryStack(settings, stage));
  templates.set(key, known);
  return known;
}

/** The properties of every resource of a type, in the order of the template. */
export function propertiesOf(template: Template, type: string): Part[] {
  return Object.values(template.findResources(type)).map(
    (resource) => resourceSchema.parse(resource).Properties,
  );
}

/** The properties of the only resource of a type, or of the only one whose logical id begins so. */
export function onlyPropertiesOf(template: Template, type: string, idBegins = ''): Part {
  const found = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith(idBegins));
  const [resource, ...others] = found;
  if (!resource || others.length > 0) throw new Error(`${type} ${idBegins}: ${found.length} instead of one`);
  return resourceSchema.parse(resource[1]).Properties;
}

/** What a function's environment has, by name. */
export function environmentOf(template: Template, functionId: string): Part {
  const { Variables } = environmentSchema.parse(
    onlyPropertiesOf(template, 'AWS::Lambda::Function', functionId)['Environment'],
  );
  return Variables;
}

/** The same as a process has it, with something in the place of what CloudFormation fills in. */
export function environmentAsDeployed(template: Template, functionId: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environmentOf(template, functionId)).map(([name, value]) => {
      const filledIn = name.endsWith('_URL') ? 'https://by-cloudformation' : 'by-cloudformation';
      return [name, typeof value === 'string' ? value : filledIn];
    }),
  );
}

/** The statements of the only policy of a function's role. */
export function statementsOf(template: Template, functionId: string): Part[] {
  const policy = onlyPropertiesOf(template, 'AWS::IAM::Policy', `${functionId}Role`);
  return policySchema.parse(policy['PolicyDocument']).Statement;
}
