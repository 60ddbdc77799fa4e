import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const properties = z.record(z.string(), z.unknown());
const resource = z.object({
  Type: z.string(),
  Properties: z._default(properties, {}),
});
const template = z.object({
  Resources: z.record(z.string(), resource),
  Outputs: z._default(z.record(z.string(), z.object({ Value: z.unknown() })), {}),
});

/** A resource of a synthesized template. */
export type Resource = z.infer<typeof resource>;
/** A synthesized template, as far as it is deployed to moto. */
export type Template = z.infer<typeof template>;

/** The types of resources that moto's CloudFormation creates as AWS does. */
const BY_CLOUDFORMATION: ReadonlySet<string> = new Set([
  'AWS::DynamoDB::Table',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Logs::LogGroup',
  'AWS::Logs::ResourcePolicy',
  'AWS::SQS::Queue',
]);

/** Those that it does not know, or gets wrong, and that the API of their service creates. */
const BY_API: ReadonlySet<string> = new Set([
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::SecretsManager::Secret',
]);

/** Reads a template of cdk.out. */
export function readTemplate(cdkOut: string, stackName: string): Template {
  return template.parse(JSON.parse(readFileSync(join(cdkOut, `${stackName}.template.json`), 'utf8')));
}

/** The resources of a type, by their logical ids. */
export function resourcesOf({ Resources }: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(Resources).filter(([, { Type }]) => Type === type);
}

/** How many resources of each type are not deployed; rules without a pattern call Lambda, which does not run here. */
export function countNotDeployed({ Resources }: Template): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { Type, Properties } of Object.values(Resources)) {
    const isSchedule = Type === 'AWS::Events::Rule' && Properties['EventPattern'] === undefined;
    if (!isSchedule && (BY_CLOUDFORMATION.has(Type) || BY_API.has(Type))) continue;
    counts.set(Type, (counts.get(Type) ?? 0) + 1);
  }
  return counts;
}

/**
 * The template that moto's CloudFormation can deploy: a parameter stands for each resource that exists already. Its outputs are
 * those that refer to nothing else, and the values of `further`.
 */
export function deployableTemplate(
  { Resources, Outputs }: Template,
  parameters: readonly string[],
  further: Readonly<Record<string, unknown>>,
): object {
  const kept = Object.entries(Resources).filter(([, { Type }]) => BY_CLOUDFORMATION.has(Type));
  const known = new Set([...kept.map(([id]) => id), ...parameters]);
  const isKnown = (name: string) => known.has(name) || name.startsWith('AWS::');
  const outputs = Object.entries(Outputs).filter(([, { Value }]) => referencesIn(Value).every(isKnown));
  return {
    Parameters: Object.fromEntries(parameters.map((name) => [name, { Type: 'String' }])),
    Resources: Object.fromEntries(
      kept.map(([id, { Type, Properties }]) => [id, { Type, Properties: enforceable(Type, Properties) }]),
    ),
    Outputs: {
      ...Object.fromEntries(outputs),
      ...Object.fromEntries(Object.entries(further).map(([name, Value]) => [name, { Value }])),
    },
  };
}

const ANYBODY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
};

const policy = z.looseObject({
  PolicyDocument: z.looseObject({ Statement: z.array(z.looseObject({ Action: z.unknown() })) }),
});

/**
 * What moto can enforce: it takes every call for one about the resource "*", but for those to SQS. The tests assume the roles
 * in the place of Lambda.
 */
function enforceable(type: string, resourceProperties: Resource['Properties']): object {
  if (type === 'AWS::IAM::Role') return { ...resourceProperties, AssumeRolePolicyDocument: ANYBODY };
  if (type !== 'AWS::IAM::Policy') return resourceProperties;
  const { PolicyDocument, ...others } = policy.parse(resourceProperties);
  const Statement = PolicyDocument.Statement.map((statement) => {
    const isAboutQueue = [statement.Action].flat().every((action) => String(action).startsWith('sqs:'));
    return isAboutQueue ? statement : { ...statement, Resource: '*' };
  });
  return { ...others, PolicyDocument: { ...PolicyDocument, Statement } };
}

/** The logical ids, parameters and pseudo parameters that a value refers to. */
function referencesIn(value: unknown): string[] {
  const references: string[] = [];
  mapExpressions(value, (expression) => {
    const [[name, argument] = []] = Object.entries(expression);
    const [target] = [argument].flat();
    if (name === 'Ref' || name === 'Fn::GetAtt') references.push(String(target));
    else references.push(...referencesIn(argument));
  });
  return references;
}

/** A value with something else in the place of each expression of CloudFormation. */
export function mapExpressions(value: unknown, replace: (expression: object) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapExpressions(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name = ''] = [], ...others] = entries;
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return replace(value);
  return Object.fromEntries(entries.map(([key, item]) => [key, mapExpressions(item, replace)]));
}
