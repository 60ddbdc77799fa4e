import * as z from 'zod/mini';
import { BOUNDS } from '../runtime/configuration-bounds.ts';
import {
  DEFAULT_STAGE,
  type Environment,
  number,
  numberOf,
  parseEnvironment,
  readBoth,
  requiredText,
  text,
} from '../runtime/environment.ts';
import { EVENT_VARIABLES, type EventConfig, eventConfigOf } from '../runtime/event-config.ts';
import { readTenantConfig, type TenantConfig } from '../runtime/tenant-config.ts';

/** Configuration of the delivery function, read from environment variables. */
export interface DeliveryConfig extends TenantConfig {
  /** Names the deployment in metrics. */
  stage: string;
  /** Name or ARN of the secret that holds the credential of Beyond Identity's API. */
  credentialSecretId: string;
  /** DynamoDB table in which deliveries are recorded: that of the attempts. */
  attemptsTableName: string;
  /** SQS queue of the outbox. */
  outboxQueueUrl: string;
  /** After so many milliseconds a request is dropped: a recovery email hours later alarms the user instead of helping. */
  maximumAgeMs: number;
  events: EventConfig;
}

const deliverySchema = z.object({
  STAGE: text('the name of a stage, such as production', (value) => /^[\w-]{1,64}$/.test(value)),
  API_TOKEN_SECRET_ID: requiredText('set it to the name or ARN of the secret that holds the API token'),
  ATTEMPTS_TABLE_NAME: requiredText('set it to the name of the DynamoDB table of the attempts'),
  OUTBOX_QUEUE_URL: requiredText('set it to the URL of the outbox, an SQS queue'),
  OUTBOX_MAXIMUM_AGE_SECONDS: number(BOUNDS.outboxMaximumAgeSeconds),
  ...EVENT_VARIABLES,
});

/** Reads the configuration, once, at start. Throws `ConfigError`. */
export function readDeliveryConfig(environment: Environment): DeliveryConfig {
  const [data, tenant] = readBoth(
    () => parseEnvironment(deliverySchema, environment),
    () => readTenantConfig(environment),
  );
  return {
    stage: data.STAGE || DEFAULT_STAGE,
    credentialSecretId: data.API_TOKEN_SECRET_ID,
    ...tenant,
    attemptsTableName: data.ATTEMPTS_TABLE_NAME,
    outboxQueueUrl: data.OUTBOX_QUEUE_URL,
    maximumAgeMs: numberOf(data.OUTBOX_MAXIMUM_AGE_SECONDS, BOUNDS.outboxMaximumAgeSeconds) * 1000,
    events: eventConfigOf(data),
  };
}
