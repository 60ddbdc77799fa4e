import { ROUTE } from '../functions/recover-user/contract.ts';
import type { SimulatedUser } from './simulated-users.ts';
import { OUTBOX_DEPTH_PATH } from './sqs.ts';

/** Where the parts that `npm start` runs are; URLs without a trailing slash. */
export interface Whereabouts {
  readonly gatewayUrl: string;
  readonly tenantUrl: string;
  readonly secretsManagerUrl: string;
  readonly dynamoDbUrl: string;
  readonly sqsUrl: string;
  readonly secretName: string;
  readonly users: readonly SimulatedUser[];
}

/** What `npm start` says first: where everything is, and what to try. */
export function banner({
  gatewayUrl,
  tenantUrl,
  secretsManagerUrl,
  dynamoDbUrl,
  sqsUrl,
  secretName,
  users,
}: Whereabouts): string {
  const addresses = (status: SimulatedUser['status']) =>
    users
      .filter((user) => user.status === status)
      .map((user) => user.email)
      .join(', ');
  return `
User recovery for Beyond Identity, simulated on this machine.

  Endpoint         ${gatewayUrl}${ROUTE}
  Mailbox          ${gatewayUrl}/mailbox (as JSON: /mailbox.json)
  Tenant           ${tenantUrl}
  Secrets Manager  ${secretsManagerUrl} (the API token is in ${secretName})
  DynamoDB         ${dynamoDbUrl} (the attempt ledger)
  SQS              ${sqsUrl} (the outbox; what is in it: ${sqsUrl}${OUTBOX_DEPTH_PATH})

  Known users      ${addresses('active')}
  Suspended        ${addresses('suspended')}

Ask for a recovery mail:
  curl -i -X POST ${gatewayUrl}${ROUTE} -H 'content-type: application/json' -d '{"email":"jane@example.com"}'

One mail a minute and five a day for a mailbox; everything that is well-formed is answered after one second. For more
and at once: MAILBOX_COOLDOWN_SECONDS=0 MAILBOX_ATTEMPTS_PER_DAY=20 RESPONSE_TIME_MS=0 npm start

Let the tenant fail for the next two requests, or until it is healed:
  curl -X PUT ${tenantUrl}/simulation/fault -d '{"kind":"500","times":2}'
  curl -X PUT ${tenantUrl}/simulation/fault -d '{"kind":"slow","delayMs":2000}'
  curl -X DELETE ${tenantUrl}/simulation/fault
  Kinds: slow (delayMs), 429 (retryAfterSeconds, optional), 500, reset, hang, not-json, lost-answer.

Watch an outage heal: the request is accepted all the same, and mailed once the tenant is back.
  curl -X PUT ${tenantUrl}/simulation/fault -d '{"kind":"reset"}'
  curl -i -X POST ${gatewayUrl}${ROUTE} -H 'content-type: application/json' -d '{"email":"john@example.com"}'
  curl ${sqsUrl}${OUTBOX_DEPTH_PATH}
  curl -X DELETE ${tenantUrl}/simulation/fault
  curl ${gatewayUrl}/mailbox.json

Ctrl-C ends it.
`;
}
