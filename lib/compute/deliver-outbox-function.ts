import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { RecoveryEventBus } from '../monitoring/event-bus.ts';
import type { ApiTokenSecret } from '../storage/api-token-secret.ts';
import { DELIVERY_TIMEOUT, type Outbox } from '../storage/outbox.ts';
import type { RateLimitTable } from '../storage/rate-limit-table.ts';
import { grantDirectory } from './directory-access.ts';
import type { FunctionNetwork } from './function-network.ts';
import { ReleasedFunction } from './released-function.ts';
import type { FunctionSettings } from './service-function.ts';
import { type Tenant, tenantEnvironment } from './tenant-environment.ts';

/** Messages in one batch at most. */
const BATCH_SIZE = 10;

/** What the function uses, and its part of the configuration. */
export interface DeliverOutboxFunctionProps extends FunctionSettings {
  /** Names the deployment in metrics. */
  stage: string;
  apiTokenSecret: ApiTokenSecret;
  /** Its table says too what has been delivered, so that nothing is delivered twice. */
  rateLimitTable: RateLimitTable;
  outbox: Outbox;
  eventBus: RecoveryEventBus;
  /** Whether events hold the user's reference. */
  includeReference: boolean;
  tenant: Tenant;
  /** Seconds after which a request is dropped: a recovery email that late alarms the user instead of helping. */
  outboxMaximumAgeSeconds: number;
  /** The most instances that deliver at a time, so that a recovering Beyond Identity is not flooded. */
  deliveryConcurrency: number;
  /** Absent: outside of any VPC. */
  network?: FunctionNetwork | undefined;
}

/** The Lambda function that consumes the outbox and delivers its requests to Beyond Identity. */
export class DeliverOutboxFunction extends ReleasedFunction {
  constructor(scope: Construct, id: string, props: DeliverOutboxFunctionProps) {
    super(scope, id, {
      bundle: 'deliver-outbox',
      description: 'Delivers recovery requests from the outbox to Beyond Identity',
      roleDescription:
        'Deliver-outbox function: reads the API token, consumes the outbox, records deliveries, publishes events, writes its log and traces',
      timeout: DELIVERY_TIMEOUT,
      environment: environmentOf(props),
      logicalIdPrefix: props.logicalIdPrefix,
      logRetentionDays: props.logRetentionDays,
      network: props.network,
    });
    props.apiTokenSecret.grantReadValue(this);
    props.rateLimitTable.grantDecide(this);
    props.outbox.grantConsume(this);
    props.eventBus.grantPublish(this);
    grantDirectory(this, props.tenant.directory, this);
    this.#addEventSource(props.outbox, props.deliveryConcurrency);
  }

  #addEventSource(outbox: Outbox, maxConcurrency: number): void {
    // By the alias, so that a new version gets its share of the messages. In the outbox's scope, so that its logical id stays as it was: CloudFormation creates a replacement before it
    // deletes, and Lambda rejects a second mapping from a queue to a function.
    new EventSourceMapping(outbox, 'Delivery', {
      target: this.liveFunction,
      eventSourceArn: outbox.queueArn,
      batchSize: BATCH_SIZE,
      maxConcurrency,
      // the messages of the batch that did not fail are deleted
      reportBatchItemFailures: true,
    });
  }
}

/** An empty text is as good as absent; it is declared for `sam local`, which overrides only what the template declares. */
function environmentOf(props: DeliverOutboxFunctionProps): Record<string, string> {
  return {
    STAGE: props.stage,
    API_TOKEN_SECRET_ID: props.apiTokenSecret.id,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: '',
    ...tenantEnvironment(props.tenant),
    ATTEMPTS_TABLE_NAME: props.rateLimitTable.tableName,
    AWS_ENDPOINT_URL_DYNAMODB: '',
    OUTBOX_QUEUE_URL: props.outbox.queueUrl,
    AWS_ENDPOINT_URL_SQS: '',
    OUTBOX_MAXIMUM_AGE_SECONDS: `${props.outboxMaximumAgeSeconds}`,
    EVENT_BUS_NAME: props.eventBus.eventBusName,
    INCLUDE_REFERENCE: `${props.includeReference}`,
    AWS_ENDPOINT_URL_EVENTBRIDGE: '',
  };
}
