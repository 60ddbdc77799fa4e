import { createDeliveryHandler } from '../functions/deliver-outbox/handler.ts';
import { createHandler } from '../functions/recover-user/handler.ts';
import { readSettings } from '../functions/recover-user/settings.ts';
import { TIMING } from '../functions/recover-user/timing.ts';
import { buildAppPages } from './app-pages.ts';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from './aws/dynamodb.ts';
import { type Page, startGateway } from './aws/gateway.ts';
import { startOutboxPoller } from './aws/outbox-poller.ts';
import { startSecretsManager } from './aws/secrets-manager.ts';
import { startSqs } from './aws/sqs.ts';
import { OWN_HOSTS, refusedAsCrossSite, refusedAsForeignHost } from './cross-site.ts';
import { createFaultSwitch, type FaultSwitch } from './fault-switch.ts';
import { type RunningServer, splitTarget } from './http-server.ts';
import { createFlowNarration, type FlowNarration } from './panel/flow-narration.ts';
import { createFlowSteps, type FlowStep, type FlowSteps } from './panel/flow-steps.ts';
import { createSimulationFeed } from './panel/simulation-feed.ts';
import {
  FAULT_PATH,
  FEED_PATH,
  LINKS_PATH,
  MAILBOX_JSON_PATH,
  MAILBOX_PATH,
  PANEL_SCRIPT_PATH,
  REGISTRATION_PAGE_PATH,
  SIGN_IN_PAGE_PATH,
} from './paths.ts';
import { answerMailbox } from './tenant/mailbox-page.ts';
import { SIMULATED_USERS } from './tenant/simulated-users.ts';
import { SIMULATED_API_TOKEN, startTenant, type Tenant } from './tenant/tenant.ts';
import { answerControl, type TenantFault } from './tenant/tenant-controls.ts';

/** How a simulation starts. */
export interface SimulationOptions {
  /** Of the app and its endpoint; the tenant, Secrets Manager, DynamoDB and SQS take the four ports that follow. */
  readonly port: number;
  /** A loopback or any address: the pages' own links lead to localhost. */
  readonly host: string;
  /** Settings of the function that a person may want to change while trying things out, as its environment variables. */
  readonly environment?: Readonly<
    Partial<
      Record<'RESPONSE_TIME_MS' | 'MAILBOX_COOLDOWN_SECONDS' | 'MAILBOX_ATTEMPTS_PER_DAY', string | undefined>
    >
  >;
  /** Origins, beside the app's own, whose pages may call the endpoint. */
  readonly allowedOrigins?: readonly string[];
  /** How long a recovery link works, in milliseconds (15 minutes). */
  readonly linkLifetimeMs?: number;
  /** Is told why the function, or its poller, failed. */
  readonly onFailure?: (error: unknown) => void;
}

/** The whole service, and the world around it, on this machine; URLs as a browser is to use them, without a trailing slash. */
export interface Simulation {
  /** Of the app's pages, the endpoint, the mailbox and the controls. */
  readonly appUrl: string;
  readonly tenantUrl: string;
  readonly secretsManagerUrl: string;
  readonly dynamoDbUrl: string;
  readonly sqsUrl: string;
  /** Of the secret with the tenant's API token. */
  readonly secretName: string;
  readonly tenant: Tenant;
  /** What happened so far in each of the flow's steps. */
  steps(): readonly FlowStep[];
  /** Stops all parts, the last one first: nothing loses what it still talks to. */
  close(): Promise<void>;
}

const SECRET_NAME = 'simulated-beyond-identity-api-token';

/** Opens nothing real. */
const SIMULATED_PSEUDONYM_KEY = 'simulated-pseudonym-key';

/** An outage on a laptop is over within minutes: who watches it heal need not wait as long as in production. */
const QUICK_TIMING = {
  ...TIMING,
  probeAfterMs: 2_000,
  outboxFirstPauseMs: 1_000,
  outboxLongestPauseMs: 3_000,
};

/** A message that nobody has said a word about comes back after this long; longer than the poller lets one batch take. */
const VISIBILITY_TIMEOUT_SECONDS = 90;

type Part = Pick<RunningServer, 'close'>;

/**
 * Starts everything, or nothing: when one part cannot start, those before it are stopped. One at a time in a process, since the
 * AWS SDK finds the stand-ins through the process's environment.
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
    allowedOrigins = [],
    linkLifetimeMs,
    onFailure = () => {},
  }: SimulationOptions,
  running: Part[],
): Promise<Omit<Simulation, 'close'>> {
  // the name that WebAuthn takes for a secure context and for a relying party; it takes no IP address for the latter
  const appUrl = `http://localhost:${port}`;
  const ownOrigins = OWN_HOSTS.map((ownHost) => `http://${ownHost}:${port}`);
  const steps = createFlowSteps();
  const narration = createFlowNarration(steps);
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
  const recovery = {
    API_TOKEN_SECRET_ID: SECRET_NAME,
    BEYOND_IDENTITY_API_URL: tenant.url,
    ATTEMPTS_TABLE_NAME,
    OUTBOX_QUEUE_URL: sqs.queueUrl,
  };
  const everyAllowedOrigin = [...ownOrigins, ...allowedOrigins];
  const endpoint = { ...environment, ...recovery, ALLOWED_ORIGINS: everyAllowedOrigin.join(',') };
  const handler = await createHandler(endpoint, QUICK_TIMING);
  running.push(
    startOutboxPoller({
      queueUrl: sqs.queueUrl,
      handler: narration.overDeliveries(await createDeliveryHandler(recovery, QUICK_TIMING)),
      onFailure,
    }),
  );
  const tenantUrl = asLocalhost(tenant.url);
  const gateway = await startGateway({
    port,
    host,
    handler: narration.overRequests(handler),
    allowedOrigins: everyAllowedOrigin,
    pages: {
      ...narrated(
        buildAppPages({
          appUrl,
          tenantUrl,
          resendAfterSeconds: readSettings(endpoint).limits.cooldownMs / 1000,
        }),
        narration,
      ),
      ...mailboxPages(tenant),
      ...controlPages({ steps, faults, tenant, ownOrigins }),
    },
    onFailure,
  });
  running.push(gateway);

  return {
    appUrl,
    tenantUrl,
    secretsManagerUrl: asLocalhost(secretsManager.url),
    dynamoDbUrl: asLocalhost(dynamoDb.url),
    sqsUrl: asLocalhost(sqs.url),
    secretName: SECRET_NAME,
    tenant,
    steps: steps.list,
  };
}

function narrated(pages: Readonly<Record<string, Page>>, narration: FlowNarration): Record<string, Page> {
  const { [REGISTRATION_PAGE_PATH]: landing, [SIGN_IN_PAGE_PATH]: signIn } = pages;
  return {
    ...pages,
    ...(landing && { [REGISTRATION_PAGE_PATH]: narration.overLandingPage(landing) }),
    ...(signIn && { [SIGN_IN_PAGE_PATH]: narration.overSignInPage(signIn) }),
  };
}

function mailboxPages({ mails }: Tenant): Record<string, Page> {
  const page: Page = (request, response) =>
    refusedAsForeignHost(request, response)
      ? undefined
      : answerMailbox(mails, request, response, [PANEL_SCRIPT_PATH]);
  return { [MAILBOX_PATH]: page, [MAILBOX_JSON_PATH]: page };
}

interface Controlled {
  readonly steps: FlowSteps;
  readonly faults: FaultSwitch<TenantFault>;
  readonly tenant: Tenant;
  readonly ownOrigins: readonly string[];
}

/** The controls of the tenant once more, on the app's origin: a page need not be let across origins to switch a fault. */
function controlPages({ steps, faults, tenant, ownOrigins }: Controlled): Record<string, Page> {
  const guarded =
    (page: Page): Page =>
    (request, response, body) =>
      refusedAsCrossSite(request, response, ownOrigins) ? undefined : page(request, response, body);
  const { mails, rotateToken, expireLinks } = tenant;
  const control = guarded((request, response, body) => {
    const { path } = splitTarget(request);
    answerControl(
      { method: request.method ?? '', path, body },
      { faults, rotateToken, expireLinks },
      response,
    );
  });
  return {
    [FEED_PATH]: guarded(createSimulationFeed({ steps, faults, mails, users: SIMULATED_USERS })),
    [FAULT_PATH]: control,
    [LINKS_PATH]: control,
  };
}

/** The SDK reads its endpoint and credentials from the process's environment, where a developer's own may be set. */
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
