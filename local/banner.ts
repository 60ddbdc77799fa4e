import { ROUTE } from '../functions/recover-user/http/contract.ts';
import type { LocalConfig } from './config.ts';
import { DEPLOYMENT_PATH } from './emulators/operator/operator-api.ts';
import { OUTBOX_DEPTH_PATH } from './emulators/sqs.ts';
import { FAULT_PATH, MAILBOX_JSON_PATH, MAILBOX_PATH } from './paths.ts';
import type { Simulation } from './simulation.ts';
import { SIMULATED_USERS, type SimulatedUser } from './tenant/simulated-users.ts';

/** The startup banner: URLs, commands to try, and the configuration. */
export function banner(
  {
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
  return `
User recovery for Beyond Identity, simulated on this machine. Recover an account:

  ${appUrl}/

  Mailbox          ${appUrl}${MAILBOX_PATH} (as JSON: ${MAILBOX_JSON_PATH})
  Known users      ${addresses('active')}
  Suspended        ${addresses('suspended')}

  Endpoint         ${appUrl}${ROUTE}
  Allowed origins  ${['http://localhost and http://127.0.0.1 at any port', ...endpoint.allowedOrigins].join(', ')}
  Tenant           ${tenantUrl}
  Secrets Manager  ${secretsManagerUrl} (the API token is in ${secretName})
  DynamoDB         ${dynamoDbUrl} (attempts per mailbox)
  SQS              ${sqsUrl} (the outbox; its messages: ${sqsUrl}${OUTBOX_DEPTH_PATH})
  Operator's API   ${operatorUrl} (CloudFormation, Lambda, SNS, CloudWatch)

The page's side panel shows each step and simulates failures of the tenant. Without a browser:
  curl -i -X POST ${appUrl}${ROUTE} -H 'content-type: application/json' -d '{"email":"jane@example.com"}'
  curl -X PUT ${tenantUrl}${FAULT_PATH} -d '{"kind":"500","times":2}'
  curl -X DELETE ${tenantUrl}${FAULT_PATH}
  Kinds: slow (delayMs), 429 (retryAfterSeconds, optional), 500, reset, hang, not-json, lost-response.

To check it as a deployment: ${doctorCommand(appUrl)}
  curl -X PUT ${operatorUrl}${DEPLOYMENT_PATH} -d '{"subscription":"pending","raisedAlarms":["TokenRefused"]}'
  curl -X DELETE ${operatorUrl}${DEPLOYMENT_PATH}

${limitsOf(endpoint)} ${timingOf(endpoint)}
Without limits and waiting: MAILBOX_COOLDOWN_SECONDS=0 MAILBOX_ATTEMPTS_PER_DAY=20 RESPONSE_TIME_MS=0 npm start
${
  logFormat === 'json'
    ? 'The log has the JSON lines of the deployed functions.'
    : "For the deployed functions' JSON log lines: LOG_FORMAT=json npm start"
}

Press Ctrl+C to stop.
`;
}

/** Port 3000 is the command's default, too. */
function doctorCommand(appUrl: string): string {
  const port = new URL(appUrl).port || '80';
  return `${port === '3000' ? '' : `PORT=${port} `}npm run doctor -- --local`;
}

function addresses(status: SimulatedUser['status']): string {
  return SIMULATED_USERS.filter((user) => user.status === status)
    .map((user) => user.email)
    .join(', ');
}

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
