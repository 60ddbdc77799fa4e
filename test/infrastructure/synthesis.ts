import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { App, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import cdk from '../../cdk.json' with { type: 'json' };
import type { Config } from '../../lib/config/config.ts';
import { stackNameOf } from '../../lib/config/stages.ts';
import { RecoveryStack } from '../../lib/recovery-stack.ts';
import { configWith } from './config-with.ts';

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

/** What a test changes beside settings: the stage, and the context of the CDK. */
export interface StackChanges {
  stage?: string;
  context?: Readonly<Record<string, unknown>>;
}

/** Settings with which the stack has every resource that it can have, but for those of other CAPTCHA providers. */
export const EVERYTHING = {
  allowedOrigins: ['https://www.example.com', 'https://app.example.com'],
  alarmEmail: 'on-call@example.com',
  domainName: 'recovery.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0e-1',
  reservedConcurrency: 300,
  recoveryPage: true,
  accountCloudWatchRole: true,
  captcha: { provider: 'hcaptcha', siteKey: '10000000-ffff-ffff-ffff-000000000001' },
};

// CloudFormation's own rules take longer than the tests: one test has them
process.env['CDK_VALIDATION'] = 'false';

/** That of deployments, without bundles. */
export const FAST_CONTEXT = { ...cdk.context, 'aws:cdk:bundling-stacks': [] };

const stacks = new Map<string, RecoveryStack>();

/**
 * The stack of a stage with the settings of production and those given, without bundles: no test of a template needs their
 * code. Equal configurations have the same stack, which a test must not change.
 */
export function recoveryStack(
  settings: Readonly<Record<string, unknown>> = {},
  { stage = 'production', context = {} }: StackChanges = {},
): RecoveryStack {
  const config = configWith(settings, stage);
  const key = JSON.stringify([config, context]);
  const stack = stacks.get(key) ?? newRecoveryStack(config, {}, context);
  stacks.set(key, stack);
  return stack;
}

/** A stack that no other test has, with these properties of a stack. */
export function newRecoveryStack(
  config: Config,
  props: StackProps = {},
  context: Readonly<Record<string, unknown>> = {},
): RecoveryStack {
  const app = new App({
    outdir: mkdtempSync(join(outputs, 'cdk.out-')),
    context: { ...FAST_CONTEXT, ...context },
  });
  return new RecoveryStack(app, stackNameOf(config.stage), { config, ...props });
}

const templates = new Map<RecoveryStack, Template>();

/** The template of {@link recoveryStack}. */
export function recoveryTemplate(
  settings: Readonly<Record<string, unknown>> = {},
  changes: StackChanges = {},
): Template {
  const stack = recoveryStack(settings, changes);
  const template = templates.get(stack) ?? Template.fromStack(stack);
  templates.set(stack, template);
  return template;
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

/** The statements of the only policy of a function's role, or of another one by the end of its id. */
export function statementsOf(template: Template, id: string, role = 'Role'): Part[] {
  const policy = onlyPropertiesOf(template, 'AWS::IAM::Policy', `${id}${role}`);
  return policySchema.parse(policy['PolicyDocument']).Statement;
}
