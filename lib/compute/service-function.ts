import { join } from 'node:path';
import { CfnResource, type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { BUNDLING, PROJECT_ROOT } from './bundling.ts';

/** What differs from one function of the service to the other. */
export interface ServiceFunctionProps {
  /** The folder below `functions/`, with an `index.ts` that exports `handler`. */
  folder: string;
  description: string;
  /** What the role allows, for people who read it in IAM. */
  roleDescription: string;
  timeout: Duration;
  /** The most instances at a time; absent: whatever the account has left. */
  reservedConcurrency?: number | undefined;
  environment: Readonly<Record<string, string>>;
  /** Who invokes it, and why it therefore needs no destination for failed asynchronous invocations. */
  asyncInvokeNagReason: string;
  logRetentionDays: RetentionDays;
  /** Absent: for a function that finds users. */
  bundling?: BundlingOptions;
}

/**
 * A Lambda function of this service, with a role and a log group of its own. The role can write that log and send
 * traces, and nothing else until something is granted. The id of the construct is the logical id of the function:
 * `sam local` and its --env-vars file refer to the function by it.
 */
export class ServiceFunction extends Construct implements IGrantable {
  readonly lambda: NodejsFunction;
  /** The function's role. */
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      description: props.roleDescription,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    // beside this construct, and not in it, where it has another logical id: an update would delete the logs so far
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.lambda = new NodejsFunction(this, 'Function', {
      description: props.description,
      entry: join(PROJECT_ROOT, 'functions', props.folder, 'index.ts'),
      projectRoot: PROJECT_ROOT,
      depsLockFilePath: join(PROJECT_ROOT, 'package-lock.json'),
      bundling: props.bundling ?? BUNDLING,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // memory is bought for the share of a CPU that comes with it: a function needs about 80 MiB, and waits for the
      // network most of the time; 512 MB is 0.3 of a CPU, enough for its TLS handshakes (npm run bench -- memory)
      memorySize: 512,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
      // earlier versions stay, for a rollback by hand; that of a failed release goes, or Lambda would reject the next one
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
      environment: props.environment,
    });
    this.grantPrincipal = role;
    logGroup.grantWrite(role);
    nameForSamLocal(this.lambda, id);
    acknowledgeFindings(this.lambda, role, props.asyncInvokeNagReason);
  }
}

/** SAM's own name is the last id of the construct's path: both functions have the same, and SAM would keep one of them. */
function nameForSamLocal(lambda: NodejsFunction, id: string): void {
  const resource = lambda.node.defaultChild;
  if (CfnResource.isCfnResource(resource)) {
    resource.overrideLogicalId(id);
    resource.addMetadata('SamResourceId', id);
  }
}

function acknowledgeFindings(lambda: NodejsFunction, role: Role, asyncInvokeNagReason: string): void {
  Validations.of(lambda).acknowledge(
    { id: 'Serverless-LambdaDLQ', reason: asyncInvokeNagReason },
    { id: 'Serverless-LambdaAsyncFailureDestination', reason: asyncInvokeNagReason },
  );
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'The two actions of X-Ray that active tracing needs know no resources (AWS documents "*" as the only one).',
  });
}
