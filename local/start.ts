import { createDeliveryHandler } from '../functions/deliver-outbox/handler.ts';
import { createHandler } from '../functions/recover-user/handler.ts';
import { TIMING } from '../functions/recover-user/timing.ts';
import { banner } from './banner.ts';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from './dynamodb.ts';
import { startGateway } from './gateway.ts';
import type { RunningServer } from './http-server.ts';
import { answerMailbox } from './mailbox.ts';
import { startOutboxPoller } from './outbox-poller.ts';
import { startSecretsManager } from './secrets-manager.ts';
import { type LocalSettings, readLocalSettings } from './settings.ts';
import { SIMULATED_USERS } from './simulated-users.ts';
import { startSqs } from './sqs.ts';
import { SIMULATED_API_TOKEN, startTenant } from './tenant.ts';

const SECRET_NAME = 'simulated-beyond-identity-api-token';

/** Opens nothing real. */
const SIMULATED_PSEUDONYM_KEY = 'simulated-pseudonym-key';

/** Development servers whose pages may call the endpoint too: those of Vite and of webpack. */
const FRONT_END_ORIGINS = ['http://localhost:5173', 'http://localhost:8080'];

/** An outage on a laptop is over within minutes: who watches it heal need not wait as long as in production. */
const QUICK_TIMING = {
  ...TIMING,
  probeAfterMs: 2_000,
  outboxFirstPauseMs: 1_000,
  outboxLongestPauseMs: 3_000,
};

/** A message that nobody has said a word about comes back after this long; longer than the poller lets one batch take. */
const VISIBILITY_TIMEOUT_SECONDS = 90;

const running: Pick<RunningServer, 'close'>[] = [];
let ending = false;

// Never removed: npm passes on a Ctrl-C that the terminal has already sent to the whole process group.
process.on('SIGINT', end);
process.on('SIGTERM', end);
// Whoever read the output may leave first, as in `npm start | head`.
process.stdout.on('error', () => {});

const settings = readLocalSettings(process.env);
if ('problem' in settings) giveUp(settings.problem);
else await start(settings).catch((error) => giveUp(explain(error)));

async function start({ port, host }: LocalSettings): Promise<void> {
  const tenant = await startTenant({ port: port + 1, host });
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
  });
  running.push(sqs);

  const allowedOrigins = [`http://localhost:${port}`, `http://127.0.0.1:${port}`, ...FRONT_END_ORIGINS];
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
  const handler = await createHandler(
    {
      ...recovery,
      ALLOWED_ORIGINS: allowedOrigins.join(','),
      // what a person may want to change while trying things out
      RESPONSE_TIME_MS: process.env['RESPONSE_TIME_MS'],
      MAILBOX_COOLDOWN_SECONDS: process.env['MAILBOX_COOLDOWN_SECONDS'],
      MAILBOX_ATTEMPTS_PER_DAY: process.env['MAILBOX_ATTEMPTS_PER_DAY'],
    },
    QUICK_TIMING,
  );
  running.push(
    startOutboxPoller({
      queueUrl: sqs.queueUrl,
      handler: await createDeliveryHandler(recovery, QUICK_TIMING),
      onFailure: reportFailure,
    }),
  );
  const mailboxPage = answerMailbox.bind(null, tenant.mails);
  const gateway = await startGateway({
    port,
    host,
    handler,
    allowedOrigins,
    pages: { '/mailbox': mailboxPage, '/mailbox.json': mailboxPage },
    onFailure: reportFailure,
  });
  running.push(gateway);

  console.log(
    banner({
      gatewayUrl: asLocalhost(gateway.url),
      tenantUrl: asLocalhost(tenant.url),
      secretsManagerUrl: asLocalhost(secretsManager.url),
      dynamoDbUrl: asLocalhost(dynamoDb.url),
      sqsUrl: asLocalhost(sqs.url),
      secretName: SECRET_NAME,
      users: SIMULATED_USERS,
    }),
  );
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

/** Says where the handler failed; not the error's message, which may quote what the caller sent. */
function reportFailure(error: unknown): void {
  const frames = error instanceof Error ? (error.stack ?? '').match(/^ {4}at .*$/gm) : null;
  console.error(['The handler failed:', ...(frames ?? [])].join('\n'));
}

function asLocalhost(url: string): string {
  return url.replace('//127.0.0.1:', '//localhost:');
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  const port = 'port' in error ? error.port : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use. Choose the first of five other ports, for example: PORT=4000 npm start`;
    case 'EACCES':
      return `Port ${port} may not be opened. Choose the first of five other ports, for example: PORT=4000 npm start`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'HOST is not an address of this machine. For example: HOST=0.0.0.0 npm start';
    default:
      return error.message;
  }
}

function giveUp(problem: string): void {
  console.error(problem);
  process.exit(1);
}

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  // the last one first: nothing loses what it still talks to
  for (const part of running.toReversed()) await part.close();
  process.exit(0);
}
