import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import configuration from '../../cdk.json' with { type: 'json' };
import { RecoveryStack } from '../../lib/recovery-stack.ts';
import { readSettings } from '../../lib/settings.ts';

/** A resource or output as the template has it. */
export type Part = Record<string, unknown>;

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});

/** The stack with the settings of cdk.json and those given, without bundling: its code is not looked at here. */
export function recoveryStack(settings: Record<string, unknown> = {}): RecoveryStack {
  const app = new App({ context: { ...configuration.context, 'aws:cdk:bundling-stacks': [], ...settings } });
  return new RecoveryStack(app, 'RecoveryStack', readSettings({ ...configuration.context, ...settings }));
}

/** The template of {@link recoveryStack}. */
export function recoveryTemplate(settings: Record<string, unknown> = {}): Template {
  return Template.fromStack(recoveryStack(settings));
}

/** The properties of every resource of a type, in the order of the template. */
export function propertiesOf(template: Template, type: string): Part[] {
  return Object.values(template.findResources(type)).map(
    (resource) => resourceSchema.parse(resource).Properties,
  );
}

/** The properties of the only resource of a type. */
export function onlyPropertiesOf(template: Template, type: string): Part {
  const [properties, ...others] = propertiesOf(template, type);
  if (!properties || others.length > 0)
    throw new Error(`${type}: ${others.length + (properties ? 1 : 0)} instead of one`);
  return properties;
}
