import * as z from 'zod/mini';
import { BOUNDS } from '../runtime/configuration-bounds.ts';
import {
  apiUrl,
  DEFAULT_API_URL,
  type Environment,
  number,
  numberOf,
  parseEnvironment,
  requiredText,
} from '../runtime/environment.ts';

/** What the delivery function is told by its environment. */
export interface DeliverySettings {
  /** Name or ARN of the secret that holds the API token. */
  apiTokenSecretId: string;
  /** Base URL of Beyond Identity's API. */
  beyondIdentityApiUrl: URL;
  /** DynamoDB table in which deliveries are recorded: that of the attempts. */
  attemptsTableName: string;
  /** SQS queue of the outbox. */
  outboxQueueUrl: string;
  /** After so many milliseconds a request is dropped: a recovery mail hours later is a scare, not a help. */
  maximumAgeMs: number;
}

const deliverySchema = z.object({
  API_TOKEN_SECRET_ID: requiredText('set it to the name or ARN of the secret that holds the API token'),
  BEYOND_IDENTITY_API_URL: apiUrl(),
  ATTEMPTS_TABLE_NAME: requiredText('set it to the name of the DynamoDB table of the attempts'),
  OUTBOX_QUEUE_URL: requiredText('set it to the URL of the outbox, an SQS queue'),
  OUTBOX_MAXIMUM_AGE_SECONDS: number(BOUNDS.outboxMaximumAgeSeconds),
});

/** Reads the settings, once, at start. Throws `SettingsError`. */
export function readDeliverySettings(environment: Environment): DeliverySettings {
  const data = parseEnvironment(deliverySchema, environment);
  return {
    apiTokenSecretId: data.API_TOKEN_SECRET_ID,
    beyondIdentityApiUrl: new URL(data.BEYOND_IDENTITY_API_URL || DEFAULT_API_URL),
    attemptsTableName: data.ATTEMPTS_TABLE_NAME,
    outboxQueueUrl: data.OUTBOX_QUEUE_URL,
    maximumAgeMs: numberOf(data.OUTBOX_MAXIMUM_AGE_SECONDS, BOUNDS.outboxMaximumAgeSeconds) * 1000,
  };
}
