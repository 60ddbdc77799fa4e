import { ROUTE } from '../functions/recover-user/contract.ts';
import { OUTBOX_DEPTH_PATH } from './aws/sqs.ts';
import { FAULT_PATH, MAILBOX_JSON_PATH, MAILBOX_PATH } from './paths.ts';
import type { Simulation } from './simulation.ts';
import { SIMULATED_USERS, type SimulatedUser } from './tenant/simulated-users.ts';

/** What `npm start` says first: where everything is, and what to try. */
export function banner({
  appUrl,
  tenantUrl,
  secretsManagerUrl,
  dynamoDbUrl,
  sqsUrl,
  secretName,
}: Omit<Simulation, 'close' | 'steps' | 'tenant'>): string {
  return `
User recovery for Beyond Identity, simulated on this machine. Recover an account:

  ${appUrl}/

  Mailbox          ${appUrl}${MAILBOX_PATH} (as JSON: ${MAILBOX_JSON_PATH})
  Known users      ${addresses('active')}
  Suspended        ${addresses('suspended')}

  Endpoint         ${appUrl}${ROUTE}
  Tenant           ${tenantUrl}
  Secrets Manager  ${secretsManagerUrl} (the API token is in ${secretName})
  DynamoDB         ${dynamoDbUrl} (the attempt ledger)
  SQS              ${sqsUrl} (the outbox; what is in it: ${sqsUrl}${OUTBOX_DEPTH_PATH})

The page's side panel shows each step, and lets the tenant fail. Without a browser:
  curl -i -X POST ${appUrl}${ROUTE} -H 'content-type: application/json' -d '{"email":"jane@example.com"}'
  curl -X PUT ${tenantUrl}${FAULT_PATH} -d '{"kind":"500","times":2}'
  curl -X DELETE ${tenantUrl}${FAULT_PATH}
  Kinds: slow (delayMs), 429 (retryAfterSeconds, optional), 500, reset, hang, not-json, lost-answer.

One mail a minute and five a day for a mailbox; everything that is well-formed is answered after one second. For more
and at once: MAILBOX_COOLDOWN_SECONDS=0 MAILBOX_ATTEMPTS_PER_DAY=20 RESPONSE_TIME_MS=0 npm start

Ctrl-C ends it.
`;
}

function addresses(status: SimulatedUser['status']): string {
  return SIMULATED_USERS.filter((user) => user.status === status)
    .map((user) => user.email)
    .join(', ');
}
