import { fileURLToPath } from 'node:url';
import { CfnResource, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, Charset, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ApiTokenSecret } from './api-token-secret.ts';
import type { AttemptLedger } from './attempt-ledger.ts';
import type { AuditLog } from './audit-log.ts';
import type { HumanCheckSettings } from './settings.ts';

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The file that exports `handler`. */
export const ENTRY = fileURLToPath(new URL('../functions/recover-user/index.ts', import.meta.url));

/** How the function is bundled: one ES module with everything in it. Paths are relative to the project's root. */
export const BUNDLING = {
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  // the copy of the SDK in Lambda's runtime is older, and slower to load than one that is bundled
  bundleAwsSDK: true,
  minify: true,
  charset: Charset.UTF8,
  sourceMap: true,
  sourcesContent: false,
  esbuildArgs: {
    '--alias:node:http': './functions/recover-user/node-http.ts',
    '--alias:@aws-sdk/credential-provider-node': './functions/recover-user/lambda-credentials.ts',
  },
} as const satisfies BundlingOptions;

export interface RecoverUserFunctionProps {
  apiTokenSecret: ApiTokenSecret;
  attemptLedger: AttemptLedger;
  auditLog: AuditLog;
  /** Base URL of Beyond Identity's API. */
  apiUrl: string;
  allowedOrigins: readonly string[];
  /** The most instances at a time; absent: whatever the account has left. */
  reservedConcurrency?: number | undefined;
  /** When every well-formed request is answered, in milliseconds from its start; 0: as soon as possible. */
  responseTimeMs: number;
  /** Seconds that must lie between two recovery mails to one mailbox. */
  mailboxCooldownSeconds: number;
  /** Recovery mails that one mailbox may be sent within any 24 hours. */
  mailboxAttemptsPerDay: number;
  /** How people are told from programs; absent: not at all. */
  humanCheck?: HumanCheckSettings | undefined;
  logRetentionDays: RetentionDays;
}

/** The Lambda function behind `POST /recover-user`, with a role and a log group of its own. */
export class RecoverUserFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: RecoverUserFunctionProps) {
    const role = new Role(scope, `${id}Role`, {
      description:
        'Recover-user function: reads the API token, decides on attempts, writes audit events, its log and traces',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    super(scope, id, {
      description: 'Has Beyond Identity mail a recovery link to a user',
      entry: ENTRY,
      projectRoot: PROJECT_ROOT,
      depsLockFilePath: fileURLToPath(new URL('../package-lock.json', import.meta.url)),
      bundling: BUNDLING,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // memory is bought for the share of a CPU that comes with it: the function needs about 80 MiB, and waits for the
      // network most of the time; 512 MB is 0.3 of a CPU, enough for its two TLS handshakes
      memorySize: 512,
      timeout: Duration.seconds(15),
      tracing: Tracing.ACTIVE,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
      environment: environmentOf(props),
    });
    props.apiTokenSecret.grantReadValue(role);
    props.attemptLedger.grantDecide(role);
    props.auditLog.grantWrite(role);
    logGroup.grantWrite(role);
    // `sam local` and its --env-vars file know a function by its logical id
    const resource = this.node.defaultChild;
    if (CfnResource.isCfnResource(resource)) resource.overrideLogicalId(id);
    acknowledgeFindings(this, role);
  }
}

/**
 * What the function is told. An empty text is as good as absent, for the function and for the SDK, which then goes to AWS;
 * it is declared nevertheless, because `sam local` overrides only what the template declares.
 */
function environmentOf(props: RecoverUserFunctionProps): Record<string, string> {
  const { humanCheck } = props;
  return {
    API_TOKEN_SECRET_ID: props.apiTokenSecret.id,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: '',
    BEYOND_IDENTITY_API_URL: props.apiUrl,
    ALLOWED_ORIGINS: props.allowedOrigins.join(','),
    RESPONSE_TIME_MS: `${props.responseTimeMs}`,
    ATTEMPTS_TABLE_NAME: props.attemptLedger.tableName,
    AWS_ENDPOINT_URL_DYNAMODB: '',
    MAILBOX_COOLDOWN_SECONDS: `${props.mailboxCooldownSeconds}`,
    MAILBOX_ATTEMPTS_PER_DAY: `${props.mailboxAttemptsPerDay}`,
    AUDIT_LOG_GROUP_NAME: props.auditLog.logGroupName,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: '',
    HUMAN_CHECK_PROVIDER: humanCheck?.provider ?? '',
    HUMAN_CHECK_WHEN_DOWN: humanCheck?.whenDown ?? '',
    HUMAN_CHECK_MINIMUM_SCORE: `${humanCheck?.minimumScore ?? ''}`,
    HUMAN_CHECK_VERIFY_URL: '',
    NODE_OPTIONS: '--enable-source-maps',
  };
}

function acknowledgeFindings(lambda: NodejsFunction, role: Role): void {
  const synchronous =
    'Only API Gateway invokes it, and waits for the answer: no asynchronous invocation can fail unseen.';
  Validations.of(lambda).acknowledge(
    { id: 'Serverless-LambdaDLQ', reason: synchronous },
    { id: 'Serverless-LambdaAsyncFailureDestination', reason: synchronous },
  );
  const tracing =
    'The two actions of X-Ray that active tracing needs know no resources (AWS documents "*" as the only one).';
  Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: tracing });
}
