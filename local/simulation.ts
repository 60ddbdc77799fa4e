import { createDeliveryHandler } from '../functions/deliver-outbox/handler.ts';
import { readConfig } from '../functions/recover-user/config.ts';
import { createHandler } from '../functions/recover-user/handler.ts';
import { TIMEOUTS } from '../functions/runtime/timeouts.ts';
import type { FunctionEnvironment } from './config.ts';
import { OWN_HOSTS } from './cross-site.ts';
import { buildAppPages } from './demo-app/app-pages.ts';
import { createFlowNarration } from './demo-app/panel/flow-narration.ts';
import { createFlowSteps, type FlowStep } from './demo-app/panel/flow-steps.ts';
import { renderPanel } from './demo-app/panel/panel-markup.ts';
import { pointAwsSdkTo } from './emulators/aws-sdk-environment.ts';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from './emulators/dynamodb.ts';
import { startGateway } from './emulators/gateway.ts';
import { EVENT_BUS_NAME } from './emulators/operator/deployment.ts';
import { startDeployment } from './emulators/operator/simulated-deployment.ts';
import { startOutboxPoller } from './emulators/outbox-poller.ts';
import { startSecretsManager } from './emulators/secrets-manager.ts';
import { startSqs } from './emulators/sqs.ts';
import type { RunningServer } from './http-server.ts';
import { allowLocalOrigins, isLocalOrigin, localOrigin } from './local-origins.ts';
import type { Account, AnyTenant, Platform, PlatformName, SecretContent } from './platforms/platform.ts';
import { V0_PLATFORM } from './platforms/v0.ts';
import { V1_PLATFORM } from './platforms/v1.ts';
import { controlPages, mailboxPages, narratedPages } from './simulation-pages.ts';
import type { Tenant } from './tenant/tenant.ts';
import type { V1Tenant } from './tenant/v1/options.ts';

/** How a simulation starts. */
export interface SimulationOptions {
  /** Port of the app and its endpoint; the tenant, Secrets Manager, DynamoDB, SQS and the operator's API take the five ports that follow. */
  readonly port: number;
  /** A loopback address, or an unspecified one such as `0.0.0.0`: the pages' own links lead to localhost. */
  readonly host: string;
  /** The functions' variables that a developer may set. */
  readonly environment?: FunctionEnvironment;
  /** Whether pages of this machine at any port may call the endpoint (otherwise only the app's own may). */
  readonly allowsLocalOrigins?: boolean;
  /** How long a recovery link works, in milliseconds (15 minutes; on v1 7 days). */
  readonly linkLifetimeMs?: number;
  /** Called with the reason when a function or its poller fails. */
  readonly onFailure?: (error: unknown) => void;
}

/** The complete service and its dependencies on this machine; URLs for a browser, without a trailing slash. */
export interface Simulation<SomeTenant extends AnyTenant = Tenant> {
  readonly platform: PlatformName;
  readonly accounts: readonly Account[];
  /** URL of the app's pages, the endpoint, the mailbox and the controls. */
  readonly appUrl: string;
  readonly tenantUrl: string;
  readonly secretsManagerUrl: string;
  readonly dynamoDbUrl: string;
  readonly sqsUrl: string;
  /** URL of CloudFormation, Lambda, SNS, CloudWatch, its logs, STS and EventBridge. */
  readonly operatorUrl: string;
  /** Name of the secret with the functions' credential. */
  readonly secretName: string;
  readonly tenant: SomeTenant;
  /** The flow's steps with their events so far. */
  steps(): readonly FlowStep[];
  /** Stops all parts in reverse order, so that none loses a dependency that it still uses. */
  close(): Promise<void>;
}

const PSEUDONYM_KEY_SECRET_NAME = 'simulated-pseudonym-key';

/** Opens nothing real. */
const SIMULATED_PSEUDONYM_KEY = 'simulated-pseudonym-key';

/** Shorter than in production: a developer who heals a fault should see the delivery within seconds. */
const QUICK_TIMING = {
  ...TIMEOUTS,
  probeAfterMs: 2_000,
  outboxFirstPauseMs: 1_000,
  outboxLongestPauseMs: 3_000,
};

/** Longer than the poller's timeout for one batch, so that no message is delivered twice. */
const VISIBILITY_TIMEOUT_SECONDS = 90;

type Part = Pick<RunningServer, 'close'>;

/**
 * Starts every part, with a v0 tenant; when one cannot start, stops those before it. A process can run only one simulation, since
 * the AWS SDK finds the emulators through the process's environment.
 */
export function startSimulation(options: SimulationOptions): Promise<Simulation> {
  return startOn(V0_PLATFORM, options);
}

/** As {@link startSimulation}, with a v1 tenant. */
export function startV1Simulation(options: SimulationOptions): Promise<Simulation<V1Tenant>> {
  return startOn(V1_PLATFORM, options);
}

async function startOn<SomeTenant extends AnyTenant>(
  platform: Platform<SomeTenant>,
  options: SimulationOptions,
): Promise<Simulation<SomeTenant>> {
  const running: Part[] = [];
  async function close(): Promise<void> {
    for (const part of running.splice(0).toReversed()) await part.close();
  }
  try {
    return { ...(await startParts(platform, options, running)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startParts<SomeTenant extends AnyTenant>(
  platform: Platform<SomeTenant>,
  {
    port,
    host,
    environment = {},
    allowsLocalOrigins = false,
    linkLifetimeMs,
    onFailure = () => {},
  }: SimulationOptions,
  running: Part[],
): Promise<Omit<Simulation<SomeTenant>, 'close'>> {
  // WebAuthn accepts localhost as a secure context and as a relying party ID; an IP address cannot be the latter
  const appUrl = localOrigin('localhost', port);
  const ownOrigins = OWN_HOSTS.map((ownHost) => localOrigin(ownHost, port));
  const tenantUrl = localOrigin('localhost', port + 1);
  const steps = createFlowSteps(platform.stepTitles);
  const narration = createFlowNarration(steps, { isQueued: environment.DELIVERY === 'queued' });

  const secretsManager = await startSecretsManager({ port: port + 2, host });
  running.push(secretsManager);
  const storeSecret = (content: SecretContent) =>
    secretsManager.put(
      platform.secretName,
      JSON.stringify({ ...content, PSEUDONYM_KEY: SIMULATED_PSEUDONYM_KEY }),
    );
  const part = await platform.startTenant({
    port: port + 1,
    host,
    appUrl,
    tenantUrl,
    linkLifetimeMs,
    steps,
    narration,
    onRotated: storeSecret,
  });
  const { tenant } = part;
  running.push(tenant);
  storeSecret(part.secret);
  secretsManager.put(PSEUDONYM_KEY_SECRET_NAME, SIMULATED_PSEUDONYM_KEY);
  const dynamoDb = await startDynamoDb({ port: port + 3, host });
  running.push(dynamoDb);
  const sqs = await startSqs({
    port: port + 4,
    host,
    visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
    onSent: narration.onSent,
  });
  running.push(sqs);

  pointAwsSdkTo({
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
  });
  const endpoint = {
    ...environment,
    ALLOWED_ORIGINS: [...ownOrigins, environment.ALLOWED_ORIGINS ?? ''].join(','),
    ...part.environment,
    API_TOKEN_SECRET_ID: platform.secretName,
    PSEUDONYM_KEY_SECRET_ID: PSEUDONYM_KEY_SECRET_NAME,
    ATTEMPTS_TABLE_NAME,
    OUTBOX_QUEUE_URL: sqs.queueUrl,
    EVENT_BUS_NAME,
  };
  const { allowedOrigins, limits } = readConfig(endpoint);
  const operatorApi = await startDeployment(
    {
      appUrl,
      allowedOrigins,
      secrets: { ApiTokenSecretArn: platform.secretName, PseudonymKeySecretArn: PSEUDONYM_KEY_SECRET_NAME },
      queues: sqs,
      environment: endpoint,
    },
    { port: port + 5, host },
  );
  running.push(operatorApi);
  pointAwsSdkTo({ AWS_ENDPOINT_URL_EVENTBRIDGE: operatorApi.url });
  const handler = narration.wrapRequestHandler(await createHandler(endpoint, QUICK_TIMING));
  running.push(
    startOutboxPoller({
      queueUrl: sqs.queueUrl,
      handler: narration.wrapQueueHandler(await createDeliveryHandler(endpoint, QUICK_TIMING)),
      onFailure,
    }),
  );
  const panel = () => renderPanel({ platform: platform.name, steps, accounts: part.accounts });
  const gateway = await startGateway({
    port,
    host,
    handler: allowsLocalOrigins ? allowLocalOrigins(handler, appUrl) : handler,
    isAllowedOrigin: (origin) =>
      allowedOrigins.includes(origin) || (allowsLocalOrigins && isLocalOrigin(origin)),
    pages: {
      ...narratedPages(
        buildAppPages({
          appUrl,
          tenantUrl,
          resendAfterSeconds: limits.cooldownMs / 1000,
          platform: platform.name,
          panel,
        }),
        platform.completionPath,
        narration,
      ),
      ...mailboxPages(tenant, narration, panel),
      ...controlPages({ platform: platform.name, steps, part, ownOrigins }),
    },
    onFailure,
  });
  running.push(gateway);

  return {
    platform: platform.name,
    accounts: part.accounts,
    appUrl,
    tenantUrl,
    secretsManagerUrl: asLocalhost(secretsManager.url),
    dynamoDbUrl: asLocalhost(dynamoDb.url),
    sqsUrl: asLocalhost(sqs.url),
    operatorUrl: asLocalhost(operatorApi.url),
    secretName: platform.secretName,
    tenant,
    steps: steps.list,
  };
}

function asLocalhost(url: string): string {
  return url.replace(/^http:\/\/[^/]*:/, 'http://localhost:');
}
