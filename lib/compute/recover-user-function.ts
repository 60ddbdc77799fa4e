import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CaptchaConfig } from '../config/config.ts';
import type { RecoveryEventBus } from '../monitoring/event-bus.ts';
import type { ApiTokenSecret } from '../storage/api-token-secret.ts';
import type { CaptchaSecret } from '../storage/captcha-secret.ts';
import type { Outbox } from '../storage/outbox.ts';
import type { PseudonymKeySecret } from '../storage/pseudonym-key-secret.ts';
import type { RateLimitTable } from '../storage/rate-limit-table.ts';
import { grantDirectory } from './directory-access.ts';
import type { FunctionNetwork } from './function-network.ts';
import { ReleasedFunction } from './released-function.ts';
import type { FunctionSettings } from './service-function.ts';
import { type Tenant, tenantEnvironment } from './tenant-environment.ts';

/** What the function uses, and its part of the configuration. */
export interface RecoverUserFunctionProps extends FunctionSettings {
  /** Names the deployment in metrics. */
  stage: string;
  /** With it, the function forwards requests; absent: it sends every request straight to the outbox. */
  apiTokenSecret: ApiTokenSecret | undefined;
  /** Absent: the pseudonymization key is in the API token's secret, or derived from the token. */
  pseudonymKeySecret: PseudonymKeySecret | undefined;
  /** Absent: CAPTCHA disabled, or its secret key is in the API token's secret. */
  captchaSecret: CaptchaSecret | undefined;
  rateLimitTable: RateLimitTable;
  eventBus: RecoveryEventBus;
  /** Whether events hold the user's reference. */
  includeReference: boolean;
  /** Where requests go that were not forwarded. */
  outbox: Outbox;
  tenant: Tenant;
  allowedOrigins: readonly string[];
  /** The most instances at a time; absent: whatever the account has left. */
  reservedConcurrency?: number | undefined;
  /** When every valid request gets its response, in milliseconds from its start; 0: as soon as possible. */
  responseTimeMs: number;
  /** Seconds between two recovery emails to one mailbox. */
  mailboxCooldownSeconds: number;
  /** Recovery emails to one mailbox in any 24 hours. */
  mailboxAttemptsPerDay: number;
  /** The CAPTCHA that requests must pass; absent: none. */
  captcha?: CaptchaConfig | undefined;
  /** Absent: outside of any VPC. */
  network?: FunctionNetwork | undefined;
}

/** The Lambda function behind `POST /recover-user`. */
export class RecoverUserFunction extends ReleasedFunction {
  constructor(scope: Construct, id: string, props: RecoverUserFunctionProps) {
    super(scope, id, {
      bundle: props.apiTokenSecret ? 'recover-user' : 'recover-user-queued',
      description: 'Forwards recovery requests to Beyond Identity, or puts them into the outbox',
      roleDescription: `Recover-user function: reads ${props.apiTokenSecret ? 'the API token and ' : ''}the pseudonymization key, decides on attempts, sends to the outbox, publishes events, writes its log and traces`,
      timeout: Duration.seconds(15),
      reservedConcurrency: props.reservedConcurrency,
      environment: environmentOf(props),
      logicalIdPrefix: props.logicalIdPrefix,
      logRetentionDays: props.logRetentionDays,
      network: props.network,
    });
    props.apiTokenSecret?.grantReadValue(this);
    props.pseudonymKeySecret?.grantReadValue(this);
    props.captchaSecret?.grantReadValue(this);
    props.rateLimitTable.grantDecide(this);
    props.outbox.grantSend(this);
    props.eventBus.grantPublish(this);
    if (props.apiTokenSecret) grantDirectory(this, props.tenant.directory, this);
  }
}

/**
 * The function's environment. An empty text is as good as absent, for the function and for the SDK, which then goes to AWS;
 * it is declared nevertheless, because `sam local` overrides only what the template declares.
 */
function environmentOf(props: RecoverUserFunctionProps): Record<string, string> {
  const { captcha, apiTokenSecret, pseudonymKeySecret, captchaSecret } = props;
  return {
    STAGE: props.stage,
    DELIVERY: apiTokenSecret ? 'direct' : 'queued',
    API_TOKEN_SECRET_ID: apiTokenSecret?.id ?? '',
    PSEUDONYM_KEY_SECRET_ID: pseudonymKeySecret?.secretArn ?? '',
    CAPTCHA_SECRET_ID: captchaSecret?.secretArn ?? '',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: '',
    // where requests go straight to the outbox, only deliveries call Beyond Identity
    ...(apiTokenSecret && tenantEnvironment(props.tenant)),
    ALLOWED_ORIGINS: props.allowedOrigins.join(','),
    RESPONSE_TIME_MS: `${props.responseTimeMs}`,
    ATTEMPTS_TABLE_NAME: props.rateLimitTable.tableName,
    AWS_ENDPOINT_URL_DYNAMODB: '',
    MAILBOX_COOLDOWN_SECONDS: `${props.mailboxCooldownSeconds}`,
    MAILBOX_ATTEMPTS_PER_DAY: `${props.mailboxAttemptsPerDay}`,
    OUTBOX_QUEUE_URL: props.outbox.queueUrl,
    AWS_ENDPOINT_URL_SQS: '',
    EVENT_BUS_NAME: props.eventBus.eventBusName,
    INCLUDE_REFERENCE: `${props.includeReference}`,
    AWS_ENDPOINT_URL_EVENTBRIDGE: '',
    CAPTCHA_PROVIDER: captcha?.provider ?? '',
    CAPTCHA_FAILURE_MODE: captcha?.failureMode ?? '',
    CAPTCHA_MINIMUM_SCORE: `${captcha?.minimumScore ?? ''}`,
    CAPTCHA_VERIFY_URL: '',
  };
}
