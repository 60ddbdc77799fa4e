import { fileURLToPath } from 'node:url';
import { CfnResource, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, Charset, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ApiTokenSecret } from './api-token-secret.ts';

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
  /** Base URL of Beyond Identity's API. */
  apiUrl: string;
  allowedOrigins: readonly string[];
  /** The most instances at a time; absent: whatever the account has left. */
  reservedConcurrency?: number | undefined;
  logRetentionDays: RetentionDays;
}

/** The Lambda function behind `POST /recover-user`, with a role and a log group of its own. */
export class RecoverUserFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: RecoverUserFunctionProps) {
    const role = new Role(scope, `${id}Role`, {
      description: 'Recover-user function: reads the API token, writes its log and traces',
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
      environment: {
        API_TOKEN_SECRET_ID: props.apiTokenSecret.id,
        // empty: the SDK goes to AWS; declared, because `sam local` overrides only what the template declares
        AWS_ENDPOINT_URL_SECRETS_MANAGER: '',
        BEYOND_IDENTITY_API_URL: props.apiUrl,
        ...(props.allowedOrigins.length > 0 && { ALLOWED_ORIGINS: props.allowedOrigins.join(',') }),
        NODE_OPTIONS: '--enable-source-maps',
      },
    });
    props.apiTokenSecret.grantReadValue(role);
    logGroup.grantWrite(role);
    // `sam local` and its --env-vars file know a function by its logical id
    const resource = this.node.defaultChild;
    if (CfnResource.isCfnResource(resource)) resource.overrideLogicalId(id);
    acknowledgeFindings(this, role);
  }
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
