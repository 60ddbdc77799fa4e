import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ApiTokenSecret } from '../storage/api-token-secret.ts';
import { DELIVERY_TIMEOUT, type Outbox } from '../storage/outbox.ts';
import type { RateLimitTable } from '../storage/rate-limit-table.ts';
import { ServiceFunction } from './service-function.ts';

export interface DeliverOutboxFunctionProps {
  /** Names the deployment in metrics. */
  stage: string;
  apiTokenSecret: ApiTokenSecret;
  /** Its table says too what has been delivered, so that nothing is delivered twice. */
  rateLimitTable: RateLimitTable;
  outbox: Outbox;
  /** Base URL of Beyond Identity's API. */
  apiUrl: string;
  /** Seconds after which a request is dropped: a recovery email that late alarms the user instead of helping. */
  outboxMaximumAgeSeconds: number;
  /** The most instances that deliver at a time, so that a recovering Beyond Identity is not flooded. */
  deliveryConcurrency: number;
  logRetentionDays: RetentionDays;
}

/** The Lambda function that delivers requests from the outbox to Beyond Identity. */
export class DeliverOutboxFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, props: DeliverOutboxFunctionProps) {
    super(scope, id, {
      folder: 'deliver-outbox',
      description: 'Delivers recovery requests from the outbox to Beyond Identity',
      roleDescription:
        'Deliver-outbox function: reads the API token, takes requests out of the outbox, records deliveries, writes its log and traces',
      timeout: DELIVERY_TIMEOUT,
      environment: environmentOf(props),
      whyNeverAsynchronous:
        'Only the event source of the outbox invokes it, and waits for the response: what fails stays in the outbox, or goes to its dead-letter queue.',
      logRetentionDays: props.logRetentionDays,
    });
    props.apiTokenSecret.grantReadValue(this);
    props.rateLimitTable.grantDecide(this);
    props.outbox.deliverThrough(this, props.deliveryConcurrency);
  }
}

/** An empty text is as good as absent; it is declared for `sam local`, which overrides only what the template declares. */
function environmentOf(props: DeliverOutboxFunctionProps): Record<string, string> {
  return {
    STAGE: props.stage,
    API_TOKEN_SECRET_ID: props.apiTokenSecret.id,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: '',
    BEYOND_IDENTITY_API_URL: props.apiUrl,
    ATTEMPTS_TABLE_NAME: props.rateLimitTable.tableName,
    AWS_ENDPOINT_URL_DYNAMODB: '',
    OUTBOX_QUEUE_URL: props.outbox.queueUrl,
    AWS_ENDPOINT_URL_SQS: '',
    OUTBOX_MAXIMUM_AGE_SECONDS: `${props.outboxMaximumAgeSeconds}`,
  };
}
