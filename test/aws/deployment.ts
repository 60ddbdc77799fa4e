import { stackNameOf } from '../../lib/config/stages.ts';
import { type Account, assumeRole, type Credentials, newRegion } from './account.ts';
import { type DeploymentKind, EVENTS_TO_QUEUE, type FunctionId, stageOf } from './deployments.ts';
import { type Instance, startInstance } from './instance.ts';
import { type DeployedStack, deployStack } from './stack.ts';

/** A deployment in a region of its own, with a consumer of its events. */
export interface Deployment extends Account {
  readonly kind: DeploymentKind;
  /** An output of the stack; of a queue, its URL at moto. Throws where there is none. */
  output(name: string): string;
  /** The name of the table of the attempts. */
  readonly tableName: string;
  /** The queue that the example for consumers of events fills. */
  readonly eventQueueUrl: string;
  /** Credentials of a function's role. */
  credentialsOf(id: FunctionId): Promise<Credentials>;
  /** Starts an instance of a function with the variables of the template, these instead of some. */
  start(id: FunctionId, variables?: Readonly<Record<string, string>>): Promise<Instance>;
}

/** Deploys. */
export async function deploy(kind: DeploymentKind): Promise<Deployment> {
  const account = newRegion();
  const { url, clientOptions, region } = account;
  const stack = await deployStack(stackNameOf(stageOf(kind)), account);
  const EventBusName = outputOf(stack, 'EventBusName');
  const consumer = await deployStack(EVENTS_TO_QUEUE, account, { EventBusName });
  // CloudFormation returns a URL at AWS
  const atMoto = (queueUrl: string) => url + new URL(queueUrl).pathname;
  const credentialsOf = (id: FunctionId) => assumeRole(stack.function(id).roleArn, clientOptions);

  return {
    ...account,
    kind,
    output: (name) => {
      const value = outputOf(stack, name);
      return name.endsWith('QueueUrl') ? atMoto(value) : value;
    },
    tableName: stack.function('DeliverOutboxFunction').variables['ATTEMPTS_TABLE_NAME'] ?? '',
    eventQueueUrl: atMoto(outputOf(consumer, 'QueueUrl')),
    credentialsOf,
    async start(id, changes = {}) {
      const { bundle, variables, timeoutMs } = stack.function(id);
      const { accessKeyId, secretAccessKey, sessionToken } = await credentialsOf(id);
      return startInstance({
        bundle,
        timeoutMs,
        variables: {
          ...variables,
          OUTBOX_QUEUE_URL: atMoto(variables['OUTBOX_QUEUE_URL'] ?? ''),
          AWS_ENDPOINT_URL: url,
          AWS_REGION: region,
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
          AWS_SESSION_TOKEN: sessionToken,
          ...changes,
        },
      });
    },
  };
}

function outputOf({ outputs }: DeployedStack, name: string): string {
  const value = outputs.get(name);
  if (value === undefined) throw new Error(`The stack has no output ${name}.`);
  return value;
}
