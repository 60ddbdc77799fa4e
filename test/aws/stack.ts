import { join, parse } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateSecretCommand,
  GetRandomPasswordCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import type { Account } from './account.ts';
import { FUNCTION_IDS, type FunctionId } from './deployments.ts';
import { deployableTemplate, mapExpressions, readTemplate, resourcesOf, type Template } from './template.ts';

const functionProperties = z.object({
  /** The name of the bundle in the bucket of the deployment: the hash of its content. */
  Code: z.object({ S3Key: z.string() }),
  Role: z.string(),
  Timeout: z.int(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});
const ruleProperties = z.object({
  EventBusName: z.string(),
  EventPattern: z.unknown(),
  Targets: z.array(z.object({ Id: z.string(), Arn: z.string() })),
});
const generatedSecret = z.object({
  GenerateSecretString: z.object({
    SecretStringTemplate: z.optional(z.string()),
    GenerateStringKey: z.optional(z.string()),
    ExcludePunctuation: z.optional(z.boolean()),
    PasswordLength: z.optional(z.int()),
  }),
});

/** A function as it is deployed. */
export interface DeployedFunction {
  /** The folder with its bundle in cdk.out. */
  readonly bundle: string;
  readonly roleArn: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** A stack that moto deployed. */
export interface DeployedStack {
  readonly outputs: ReadonlyMap<string, string>;
  /** Throws where the stack has no such function. */
  function(id: FunctionId): DeployedFunction;
}

/** Deploys what moto knows of a stack of cdk.out. Rejects where a part of that fails. */
export async function deployStack(
  stackName: string,
  account: Account,
  parameters: Readonly<Record<string, string>> = {},
): Promise<DeployedStack> {
  const template = readTemplate(account.cdkOut, stackName);
  const given = { ...parameters, ...(await createByApi(template, stackName, account)) };
  const functions = resourcesOf(template, 'AWS::Lambda::Function').filter(([id]) =>
    FUNCTION_IDS.some((run) => run === id),
  );
  const rules = resourcesOf(template, 'AWS::Events::Rule').filter(
    ([, { Properties }]) => Properties['EventPattern'] !== undefined,
  );
  const wanted = [
    ...functions.map(([, { Properties }]) => [Properties['Environment'], Properties['Role']]),
    ...rules.map(([, { Properties }]) => Properties),
  ];
  const { outputs, resolve } = await createStack(template, stackName, given, wanted, account);
  await createRules(new Map(rules.map(([id, { Properties }]) => [id, resolve(Properties)])), account);
  return {
    outputs,
    function(id) {
      const [, { Properties } = {}] = functions.find(([name]) => name === id) ?? [];
      const deployed = functionProperties.parse({
        ...Properties,
        Role: resolve(Properties?.['Role']),
        Environment: resolve(Properties?.['Environment']),
      });
      return {
        bundle: join(account.cdkOut, `asset.${parse(deployed.Code.S3Key).name}`),
        roleArn: deployed.Role,
        variables: deployed.Environment.Variables,
        timeoutMs: deployed.Timeout * 1000,
      };
    },
  };
}

/** Creates the stack, and has CloudFormation find out the values of all expressions in `wanted`. */
async function createStack(
  template: Template,
  stackName: string,
  parameters: Readonly<Record<string, string>>,
  wanted: readonly unknown[],
  { clientOptions }: Account,
) {
  const names = new Map<string, string>();
  const expressions: Record<string, unknown> = {};
  mapExpressions(wanted, (expression) => {
    const text = JSON.stringify(expression);
    if (names.has(text)) return;
    const name = `Value${names.size}`;
    names.set(text, name);
    expressions[name] = expression;
  });
  const client = new CloudFormationClient({ ...clientOptions, maxAttempts: 1 });
  await client.send(
    new CreateStackCommand({
      StackName: stackName,
      TemplateBody: JSON.stringify(deployableTemplate(template, Object.keys(parameters), expressions)),
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    }),
  );
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
  const outputs = new Map(
    Stacks?.[0]?.Outputs?.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
  const resolved = (expression: object) => outputs.get(names.get(JSON.stringify(expression)) ?? '');
  return { outputs, resolve: (value: unknown) => mapExpressions(value, resolved) };
}

/** Creates the secrets and event buses of a template; returns what refers to them, by their logical ids. */
async function createByApi(template: Template, stackName: string, { clientOptions }: Account) {
  const events = new EventBridgeClient(clientOptions);
  const secretsManager = new SecretsManagerClient(clientOptions);
  const created: Record<string, string> = {};
  for (const [id, { Properties }] of resourcesOf(template, 'AWS::Events::EventBus')) {
    const Name = String(Properties['Name']);
    await events.send(new CreateEventBusCommand({ Name }));
    created[id] = Name;
  }
  for (const [id, { Properties }] of resourcesOf(template, 'AWS::SecretsManager::Secret')) {
    const { GenerateSecretString } = generatedSecret.parse(Properties);
    const { SecretStringTemplate, GenerateStringKey, ...options } = GenerateSecretString;
    const { RandomPassword = '' } = await secretsManager.send(new GetRandomPasswordCommand(options));
    const SecretString =
      SecretStringTemplate && GenerateStringKey
        ? JSON.stringify({ ...JSON.parse(SecretStringTemplate), [GenerateStringKey]: RandomPassword })
        : RandomPassword;
    const secret = new CreateSecretCommand({ Name: `${stackName}-${id}`, SecretString });
    created[id] = (await secretsManager.send(secret)).ARN ?? '';
  }
  return created;
}

async function createRules(rules: ReadonlyMap<string, unknown>, { clientOptions }: Account): Promise<void> {
  const client = new EventBridgeClient(clientOptions);
  for (const [Name, properties] of rules) {
    const { EventBusName, EventPattern, Targets } = ruleProperties.parse(properties);
    const pattern = JSON.stringify(EventPattern);
    await client.send(new PutRuleCommand({ Name, EventBusName, EventPattern: pattern }));
    await client.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets }));
  }
}
