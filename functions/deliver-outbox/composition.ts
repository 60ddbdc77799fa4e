import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClientOptions } from '../adapters/aws/clients.ts';
import { createDynamoDbDeliveryRecord } from '../adapters/aws/dynamodb-delivery-record.ts';
import { createEvents } from '../adapters/aws/event-bus.ts';
import { createPostponement, type Postponement } from '../adapters/aws/sqs-postponement.ts';
import { createAccess } from '../adapters/beyond-identity/access.ts';
import { createForwarding } from '../adapters/beyond-identity/forwarding.ts';
import { createDirectory } from '../adapters/directory/directory.ts';
import { createDeliver, type Deliver } from '../core/deliver.ts';
import type { Events } from '../core/events.ts';
import type { Context } from '../runtime/context.ts';
import { startDeadline } from '../runtime/deadline.ts';
import type { DeliveryConfig } from './config.ts';

/** The use case with its adapters. */
export interface Composition extends Postponement {
  deliver: Deliver;
  events: Events;
  /** Resolves when the first read of the API token is over, however it ended, and the event bus is connected to. */
  ready: Promise<unknown>;
}

/** Wires the adapters up; starts to read the API token, and opens the connections. */
export function compose(config: DeliveryConfig, context: Context): Composition {
  const { telemetry, timeouts } = context;
  const { maximumAgeMs, attemptsTableName: tableName, outboxQueueUrl: queueUrl } = config;
  const access = createAccess(config.beyondIdentity, config.credentialSecretId, context);
  const record = createDynamoDbDeliveryRecord({
    client: new DynamoDBClient(awsClientOptions(timeouts)),
    tableName,
    leaseMs: timeouts.deliveryLeaseMs,
    timeoutMs: timeouts.deliveryRecordMs,
    failed: telemetry.recordFailed,
    now: Date.now,
  });
  const postponement = createPostponement({
    client: new SQSClient(awsClientOptions(timeouts)),
    queueUrl,
    maximumAgeMs,
    timeouts,
    failed: telemetry.postponeFailed,
  });
  const deliver = createDeliver({
    directory: createDirectory(config.directory, config.beyondIdentity.platform, context),
    forward: createForwarding(config.beyondIdentity, access, context).forward,
    maximumAgeMs,
    startDeadline: () => startDeadline(timeouts.deliveryMs),
    now: Date.now,
    record,
  });
  const events = createEvents(config.events, config.stage, context);
  return { ...postponement, deliver, events, ready: Promise.all([access.ready, events.warmUp()]) };
}
