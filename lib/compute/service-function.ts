import { CfnResource, type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { functionCode } from '#function-code';
import type { BundleName } from './bundle-function.ts';
import type { FunctionNetwork } from './function-network.ts';

/** What all functions of a deployment share. */
export interface FunctionSettings {
  /** What the logical ids of functions begin with; empty where the stack is one deployment and nothing else. */
  logicalIdPrefix: string;
  logRetentionDays: RetentionDays;
}

/** What differs from one function of the service to the other. */
export interface ServiceFunctionProps extends FunctionSettings {
  bundle: BundleName;
  description: string;
  /** What the role allows, for people who read it in IAM. */
  roleDescription: string;
  timeout: Duration;
  /** The most instances at a time; absent: whatever the account has left. */
  reservedConcurrency?: number | undefined;
  environment: Readonly<Record<string, string>>;
  /** Absent: outside of any VPC. */
  network?: FunctionNetwork | undefined;
}

/**
 * A Lambda function of this service, with a role and a log group of its own. The role can write that log and send
 * traces, and nothing else until something is granted. The logical id of the function is the id of the construct after
 * the prefix: `sam local` and its --env-vars file refer to the function by it.
 */
export class ServiceFunction extends Construct implements IGrantable {
  readonly lambda: LambdaFunction;
  /** The function's role. */
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      description: props.roleDescription,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      // the CDK adds it to a role of its own only
      managedPolicies: props.network
        ? [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaVPCAccessExecutionRole')]
        : [],
    });
    // beside this construct, and not in it, where it has another logical id: an update would delete the logs so far
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: functionCode(props.bundle),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // memory is bought for the share of a CPU that comes with it: a function needs about 120 MiB, and waits for the
      // network most of the time; 512 MB is 0.3 of a CPU, enough for its TLS handshakes (npm run bench -- memory)
      memorySize: 512,
      timeout: props.timeout,
      ...props.network,
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
    nameForSamLocal(this.lambda, `${props.logicalIdPrefix}${id}`);
  }
}

/** SAM's own name is the last id of the construct's path: both functions have the same, and SAM would keep one of them. */
function nameForSamLocal(lambda: LambdaFunction, id: string): void {
  const resource = lambda.node.defaultChild;
  if (CfnResource.isCfnResource(resource)) {
    resource.overrideLogicalId(id);
    resource.addMetadata('SamResourceId', id);
  }
}
