import { createDeliveryHandler } from '../functions/deliver-outbox/handler.ts';
import { selfTest as testDelivery } from '../functions/deliver-outbox/self-test.ts';
import { readConfig } from '../functions/recover-user/config.ts';
import { createHandler } from '../functions/recover-user/handler.ts';
import { selfTest as testEndpoint } from '../functions/recover-user/self-test.ts';
import { TIMEOUTS } from '../functions/runtime/timeouts.ts';
import type { FunctionEnvironment } from './config.ts';
import { OWN_HOSTS } from './cross-site.ts';
import { buildAppPages } from './demo-app/app-pages.ts';
import { createFlowNarration } from './demo-app/panel/flow-narration.ts';
import { createFlowSteps, type FlowStep } from './demo-app/panel/flow-steps.ts';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from './emulators/dynamodb.ts';
import { startGateway } from './emulators/gateway.ts';
import { startDeployment } from './emulators/operator/simulated-deployment.ts';
import { startOutboxPoller } from './emulators/outbox-poller.ts';
import { startSecretsManager } from './emulators/secrets-manager.ts';
import { startSqs } from './emulators/sqs.ts';
import { createFaultSwitch } from './fault-switch.ts';
import type { RunningServer } from './http-server.ts';
import { allowLocalOrigins, isLocalOrigin, localOrigin } from './local-origins.ts';
import { REGISTRATION_PAGE_PATH } from './paths.ts';
import { controlPages, mailboxPages, narratedPages } from './simulation-pages.ts';
import { SIMULATED_API_TOKEN, startTenant, type Tenant } from './tenant/tenant.ts';
import type { TenantFault } from './tenant/tenant-controls.ts';

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
  /** How long a recovery link works, in milliseconds (15 minutes). */
  readonly linkLifetimeMs?: number;
  /** Called with the reason when a function or its poller fails. */
  readonly onFailure?: (error: unknown) => void;
}

/** The complete service and its dependencies on this machine; URLs for a browser, without a trailing slash. */
export interface Simulation {
  /** URL of the app's pages, the endpoint, the mailbox and the controls. */
  readonly appUrl: string;
  readonly tenantUrl: string;
  readonly secretsManagerUrl: string;
  readonly dynamoDbUrl: string;
  readonly sqsUrl: string;
  /** URL of CloudFormation, Lambda, SNS and CloudWatch. */
  readonly operatorUrl: string;
  /** Name of the secret with the tenant's API token. */
  readonly secretName: string;
  readonly tenant: Tenant;
  /** The flow's steps with their events so far. */
  steps(): readonly FlowStep[];
  /** Stops all parts in reverse order, so that none loses a dependency that it still uses. */
  close(): Promise<void>;
}

const SECRET_NAME = 'simulated-beyond-identity-api-token';
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
 * Starts every part; when one cannot start, stops those before it. A process can run only one simulation, since the AWS SDK
 * finds the emulators through the process's environment.
 */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const running: Part[] = [];
  async function close(): Promise<void> {
    for (const part of running.splice(0).toReversed()) await part.close();
  }
  try {
    return { ...(await startParts(options, running)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startParts(
  {
    port,
    host,
    environment = {},
    allowsLocalOrigins = false,
    linkLifetimeMs,
    onFailure = () => {},
  }: SimulationOptions,
  running: Part[],
): Promise<Omit<Simulation, 'close'>> {
  // WebAuthn accepts localhost as a secure context and as a relying party ID; an IP address cannot be the latter
  const appUrl = localOrigin('localhost', port);
  const ownOrigins = OWN_HOSTS.map((ownHost) => localOrigin(ownHost, port));
  const steps = createFlowSteps();
  const narration = createFlowNarration(steps, { isQueued: environment.DELIVERY === 'queued' });
  const faults = createFaultSwitch<TenantFault>(steps.touch);

  const tenant = await startTenant({
    port: port + 1,
    host,
    faults,
    registrationRedirectUri: appUrl + REGISTRATION_PAGE_PATH,
    linkLifetimeMs,
    onEvent: narration.onTenantEvent,
  });
  running.push(tenant);
  const secretsManager = await startSecretsManager({ port: port + 2, host });
  running.push(secretsManager);
  secretsManager.put(
    SECRET_NAME,
    JSON.stringify({ API_TOKEN: SIMULATED_API_TOKEN, PSEUDONYM_KEY: SIMULATED_PSEUDONYM_KEY }),
  );
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
    API_TOKEN_SECRET_ID: SECRET_NAME,
    PSEUDONYM_KEY_SECRET_ID: PSEUDONYM_KEY_SECRET_NAME,
    BEYOND_IDENTITY_API_URL: tenant.url,
    ATTEMPTS_TABLE_NAME,
    OUTBOX_QUEUE_URL: sqs.queueUrl,
  };
  const { allowedOrigins, limits } = readConfig(endpoint);
  const handler = narration.wrapRequestHandler(await createHandler(endpoint, QUICK_TIMING));
  running.push(
    startOutboxPoller({
      queueUrl: sqs.queueUrl,
      handler: narration.wrapQueueHandler(await createDeliveryHandler(endpoint, QUICK_TIMING)),
      onFailure,
    }),
  );
  const tenantUrl = asLocalhost(tenant.url);
  const gateway = await startGateway({
    port,
    host,
    handler: allowsLocalOrigins ? allowLocalOrigins(handler, appUrl) : handler,
    isAllowedOrigin: (origin) =>
      allowedOrigins.includes(origin) || (allowsLocalOrigins && isLocalOrigin(origin)),
    pages: {
      ...narratedPages(
        buildAppPages({ appUrl, tenantUrl, resendAfterSeconds: limits.cooldownMs / 1000 }),
        narration,
      ),
      ...mailboxPages(tenant),
      ...controlPages({ steps, faults, tenant, ownOrigins }),
    },
    onFailure,
  });
  running.push(gateway);
  const operatorApi = await startDeployment(
    {
      appUrl,
      allowedOrigins,
      secrets: { ApiTokenSecretArn: SECRET_NAME, PseudonymKeySecretArn: PSEUDONYM_KEY_SECRET_NAME },
      queues: sqs,
      selfTests: {
        RecoverUserFunction: () => testEndpoint(endpoint, QUICK_TIMING),
        DeliverOutboxFunction: () => testDelivery(endpoint, QUICK_TIMING),
      },
    },
    { port: port + 5, host },
  );
  running.push(operatorApi);

  return {
    appUrl,
    tenantUrl,
    secretsManagerUrl: asLocalhost(secretsManager.url),
    dynamoDbUrl: asLocalhost(dynamoDb.url),
    sqsUrl: asLocalhost(sqs.url),
    operatorUrl: asLocalhost(operatorApi.url),
    secretName: SECRET_NAME,
    tenant,
    steps: steps.list,
  };
}

/** The SDK reads endpoints and credentials from the environment, where a developer's own may be set. */
function pointAwsSdkTo(endpoints: Readonly<Record<`AWS_ENDPOINT_URL_${string}`, string>>): void {
  delete process.env['AWS_PROFILE'];
  delete process.env['AWS_SESSION_TOKEN'];
  Object.assign(process.env, {
    ...endpoints,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
  });
}

function asLocalhost(url: string): string {
  return url.replace(/^http:\/\/[^/]*:/, 'http://localhost:');
}
