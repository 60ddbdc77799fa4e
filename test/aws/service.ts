import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import sampleEvent from '../../events/recover-user.json' with { type: 'json' };
import { type FunctionEvent, functionEvent } from '../../functions/adapters/aws/recovery-event.ts';
import { startOutboxPoller } from '../../local/emulators/outbox-poller.ts';
import type { PlatformTenant } from '../integration/platforms.ts';
import { storeToken } from '../processes/store-token-harness.ts';
import type { Account } from './account.ts';
import { type Deployment, deploy } from './deployment.ts';
import { type DeploymentKind, type FunctionId, stageOf } from './deployments.ts';
import type { Instance } from './instance.ts';
import { startTenantOf } from './tenants.ts';

const gatewayResponse = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
const batchResponse = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** Three times as long as a postponed delivery pauses. */
const WAIT_MS = 30_000;

/** The line about a denied call, whose XML the SDK cannot parse where it expects JSON; an address. */
const UNWANTED = /^.*(?:AccessDenied|SyntaxError|[^\s"/(]@[\w-]+\.).*$/m;

/** A deployment in front of a simulated tenant, whose credential is in the secret. */
export interface Service extends Deployment, AsyncDisposable {
  readonly tenant: PlatformTenant;
  /** Starts an instance that the end of the service ends. */
  startFunction(id: FunctionId): Promise<Instance>;
  /** Starts an instance that delivers from the outbox: Lambda receives and deletes with the credentials of its role. */
  startDelivery(): Promise<Instance>;
  /** Makes the tenant accept another credential only. */
  rotateCredential(): void;
  /** Stores the credential of the tenant with the operator's command. Rejects where that fails. */
  storeCredential(): Promise<void>;
  /** The events in the audit log, in order. Throws for one that the documented schema does not allow. */
  auditLog(): Promise<FunctionEvent[]>;
  /** Ends everything. Throws if a call of a function was denied or an address is in a log. */
  close(): Promise<void>;
}

/** Deploys in front of a simulated tenant of the platform. */
export async function startService(kind: DeploymentKind): Promise<Service> {
  const deployment = await deploy(kind);
  const { tenant, variables, secret, credential, rotate } = await startTenantOf(kind.platform);
  const instances: Instance[] = [];
  const pollers: { close(): Promise<void> }[] = [];

  async function startFunction(id: FunctionId): Promise<Instance> {
    // without a credential, the endpoint of queued delivery does not know the tenant either
    const isQueued = kind.delivery === 'queued' && id === 'RecoverUserFunction';
    const instance = await deployment.start(id, isQueued ? {} : variables);
    instances.push(instance);
    return instance;
  }

  async function startDelivery(): Promise<Instance> {
    const instance = await startFunction('DeliverOutboxFunction');
    const credentials = await deployment.credentialsOf('DeliverOutboxFunction');
    pollers.push(
      startOutboxPoller({
        queueUrl: deployment.output('OutboxQueueUrl'),
        client: new SQSClient({ ...deployment.clientOptions, credentials }),
        concurrency: 1,
        handler: async (event) => batchResponse.parse(await instance.invoke(event)),
      }),
    );
    return instance;
  }

  async function storeCredential(): Promise<void> {
    const { accessKeyId, secretAccessKey, sessionToken } = deployment.clientOptions.credentials;
    const options = ['--stage', stageOf(kind), '--force'];
    const { exitCode, printed } = await storeToken(
      credential().join('\n'),
      kind.platform === 'v1' ? [...options, '--client-credentials'] : options,
      {
        AWS_ENDPOINT_URL: deployment.url,
        AWS_REGION: deployment.region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
      },
    );
    if (exitCode !== 0) throw new Error(`npm run store-token failed:\n${printed}`);
  }

  async function putSecret(): Promise<void> {
    const SecretId = deployment.output('ApiTokenSecretArn');
    const command = new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(secret) });
    await new SecretsManagerClient(deployment.clientOptions).send(command);
  }

  async function close(): Promise<void> {
    await Promise.all(pollers.map((poller) => poller.close()));
    await Promise.all([...instances.map((instance) => instance.close()), tenant.close()]);
    const log = instances.map((instance) => instance.log()).join('');
    const [problem] = UNWANTED.exec(log) ?? [];
    if (problem !== undefined) throw new Error(`A log has what should not be in it: ${problem}`);
  }

  await putSecret();
  return {
    ...deployment,
    tenant,
    startFunction,
    startDelivery,
    rotateCredential: rotate,
    storeCredential,
    async auditLog() {
      const client = new CloudWatchLogsClient(deployment.clientOptions);
      const logGroupName = deployment.output('AuditLogGroupName');
      const { events = [] } = await client.send(new FilterLogEventsCommand({ logGroupName }));
      return events.map(({ message = '' }) => functionEvent.parse(JSON.parse(message)));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Requests recovery of an instance of the endpoint, as API Gateway does. */
export async function recover(endpoint: Instance, email: string) {
  const requestContext = { ...sampleEvent.requestContext, requestId: randomUUID() };
  const body = JSON.stringify({ email });
  return gatewayResponse.parse(await endpoint.invoke({ ...sampleEvent, requestContext, body }));
}

/** The body of every message that is in a queue; they stay there. */
export async function messagesIn(queueUrl: string, { clientOptions }: Account): Promise<string[]> {
  const client = new SQSClient(clientOptions);
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 0,
  });
  const { Messages = [] } = await client.send(command);
  return Messages.map(({ Body = '' }) => Body);
}

/** Resolves with the first result that is not `undefined`; rejects when there is none in time. */
export async function eventually<Result>(look: () => Promise<Result | undefined>): Promise<Result> {
  const deadline = AbortSignal.timeout(WAIT_MS);
  while (!deadline.aborted) {
    const result = await look();
    if (result !== undefined) return result;
    await pause(100);
  }
  throw new Error(`What the test waits for did not happen within ${WAIT_MS} ms.`);
}
