import { ROUTE } from '../functions/recover-user/http/contract.ts';
import type { LocalConfig } from './config.ts';
import { DEPLOYMENT_PATH } from './emulators/operator/operator-api.ts';
import { OUTBOX_DEPTH_PATH } from './emulators/sqs.ts';
import {
  API_TOKEN_PATH,
  CLIENT_SECRET_PATH,
  FAULT_PATH,
  JOBS_PATH,
  MAILBOX_JSON_PATH,
  MAILBOX_PATH,
  TOKENS_PATH,
} from './paths.ts';
import type { Account, PlatformName } from './platforms/platform.ts';
import type { Simulation } from './simulation.ts';
import { OPERATIONS } from './tenant/v1/operation-names.ts';

/** What the banner says about a tenant, by platform; `url` is the tenant's. */
const PLATFORM_TEXTS: Readonly<
  Record<
    PlatformName,
    {
      readonly title: string;
      readonly start: string;
      readonly credential: string;
      /** What the panel does beyond its steps and failures. */
      readonly panel: string;
      readonly console: (url: string) => string;
      readonly commands: (url: string) => string;
      readonly otherPlatform: string;
    }
  >
> = {
  v0: {
    title: 'v0 (API token)',
    start: 'npm start',
    credential: 'the API token',
    panel: '\nOn a machine without a fingerprint reader, PIN or security key, it simulates an authenticator.',
    console: () => '',
    commands: (url) => `  curl -X PUT ${url}${FAULT_PATH} -d '{"kind":"500","times":2}'
  curl -X DELETE ${url}${FAULT_PATH}
  curl -X PUT ${url}${API_TOKEN_PATH} -d '{"apiToken":"rotated"}'
  Kinds: slow (delayMs), 429 (retryAfterSeconds, optional), 500, reset, hang, not-json, lost-response.`,
    otherPlatform: 'For a tenant of the v1 platform: npm start -- --platform v1',
  },
  v1: {
    title: 'v1 (client credentials)',
    start: 'npm start -- --platform v1',
    credential: 'the client id and secret',
    panel: '',
    console: (url) => `\n  Binding jobs     ${url}${JOBS_PATH} (as the console shows them, newest first)`,
    commands: (url) => `  curl -X PUT ${url}${FAULT_PATH} -d '{"kind":"500","operation":"jobs","times":2}'
  curl -X DELETE ${url}${FAULT_PATH}
  curl -X PUT ${url}${CLIENT_SECRET_PATH} -d '{"clientSecret":"rotated"}'
  curl -X DELETE ${url}${TOKENS_PATH}
  Kinds: slow (delayMs), late-response (delayMs), 401, 403, 429 (rateLimitResetSeconds, optional), 500, reset, hang,
  not-json, lost-response. Operations, all if absent: ${OPERATIONS.join(', ')}.`,
    otherPlatform: 'For a tenant of the v0 platform: npm start -- --platform v0',
  },
};

/** The startup banner: URLs, commands to try, and the configuration. */
export function banner(
  {
    platform,
    accounts,
    appUrl,
    tenantUrl,
    secretsManagerUrl,
    dynamoDbUrl,
    sqsUrl,
    operatorUrl,
    secretName,
  }: Omit<Simulation, 'close' | 'steps' | 'tenant'>,
  { endpoint, logFormat }: Pick<LocalConfig, 'endpoint' | 'logFormat'>,
): string {
  const texts = PLATFORM_TEXTS[platform];
  return `
User recovery for Beyond Identity, simulated on this machine. Recover an account:

  ${appUrl}/

  Mailbox          ${appUrl}${MAILBOX_PATH} (as JSON: ${MAILBOX_JSON_PATH})
  Platform         ${texts.title}
${usersOf(accounts)}

  Endpoint         ${appUrl}${ROUTE}
  Allowed origins  ${['http://localhost and http://127.0.0.1 at any port', ...endpoint.allowedOrigins].join(', ')}
  Tenant           ${tenantUrl}${texts.console(tenantUrl)}
  Secrets Manager  ${secretsManagerUrl} (${texts.credential}: ${secretName})
  DynamoDB         ${dynamoDbUrl} (attempts per mailbox)
  SQS              ${sqsUrl} (the outbox; its messages: ${sqsUrl}${OUTBOX_DEPTH_PATH})
  Operator's API   ${operatorUrl} (CloudFormation, Lambda, SNS, CloudWatch, EventBridge)

The page's side panel shows each step and simulates failures of the tenant.${texts.panel}

Without a browser:
  curl -i -X POST ${appUrl}${ROUTE} -H 'content-type: application/json' -d '{"email":"jane@example.com"}'
${texts.commands(tenantUrl)}

To check it as a deployment: ${doctorCommand(appUrl)}
  curl -X PUT ${operatorUrl}${DEPLOYMENT_PATH} -d '{"subscription":"pending","raisedAlarms":["TokenRefused"]}'
  curl -X DELETE ${operatorUrl}${DEPLOYMENT_PATH}

${limitsOf(endpoint)} ${timingOf(endpoint)}
Without limits and waiting: MAILBOX_COOLDOWN_SECONDS=0 MAILBOX_ATTEMPTS_PER_DAY=20 RESPONSE_TIME_MS=0 ${texts.start}
${
  logFormat === 'json'
    ? 'The log has the JSON lines of the deployed functions.'
    : `For the deployed functions' JSON log lines: LOG_FORMAT=json ${texts.start}`
}
${texts.otherPlatform}

Press Ctrl+C to stop.
`;
}

/** Port 3000 is the command's default, too. */
function doctorCommand(appUrl: string): string {
  const port = new URL(appUrl).port || '80';
  return `${port === '3000' ? '' : `PORT=${port} `}npm run doctor -- --local`;
}

/** A line for each status that an account has. */
function usersOf(accounts: readonly Account[]): string {
  const byStatus = Map.groupBy(accounts, ({ status }) => status);
  return [...byStatus]
    .map(([status, group]) => `  ${USERS[status].padEnd(16)} ${group.map(({ email }) => email).join(', ')}`)
    .join('\n');
}

const USERS: Readonly<Record<Account['status'], string>> = {
  active: 'Known users',
  suspended: 'Suspended',
  'without-address': 'No email address',
};

function limitsOf({ limits }: LocalConfig['endpoint']): string {
  const cooldown = limits.cooldownMs === 0 ? '' : `, one per ${limits.cooldownMs / 1000} seconds`;
  return `Each mailbox gets at most ${limits.perDay} emails a day${cooldown}.`;
}

function timingOf({ responseTimeMs, forwarding }: LocalConfig['endpoint']): string {
  if (forwarding === undefined) return 'Every valid request goes to the outbox, and is then delivered.';
  return responseTimeMs === 0
    ? 'Requests get their responses immediately.'
    : `Every valid request gets its response after ${responseTimeMs} ms.`;
}
