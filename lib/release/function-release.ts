import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type ILambdaApplication,
  type ILambdaDeploymentConfig,
  LambdaDeploymentGroup,
} from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type Alias, CfnAlias, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** How a function is released. */
export interface FunctionReleaseProps {
  application: ILambdaApplication;
  /** What moves to the new version. */
  live: Alias;
  /** How fast it moves. */
  deploymentConfig: ILambdaDeploymentConfig;
  /** Whether it moves at once, and without CodeDeploy. */
  isHotfix: boolean;
  /** Raised when the new version fails; takes the release back. */
  alarm: IAlarm;
  preTrafficHook: IFunction;
  /** Absent: nothing is tested after the last request of the old version. */
  postTrafficHook?: IFunction;
}

/** Has CodeDeploy move the alias of a function to each new version, and back if the version is bad. */
export class FunctionRelease extends Construct {
  constructor(scope: Construct, id: string, props: FunctionReleaseProps) {
    super(scope, id);
    const { live, alarm, preTrafficHook, postTrafficHook, isHotfix, ...rest } = props;
    const hooks = [preTrafficHook, ...(postTrafficHook ? [postTrafficHook] : [])];
    const role = this.#createRole(live, hooks);
    const group = new LambdaDeploymentGroup(this, 'DeploymentGroup', {
      ...rest,
      alias: live,
      alarms: [alarm],
      preHook: preTrafficHook,
      ...(postTrafficHook && { postHook: postTrafficHook }),
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      // without AWS's own policy, which is about every function of the account
      role: role.withoutPolicyUpdates(),
    });
    // the deployment begins with the update of the alias, and needs all of it: what the role may do, hooks and alarm as well
    live.node.addDependency(role, group);
    const resource = live.node.defaultChild;
    if (isHotfix && resource instanceof CfnAlias) delete resource.cfnOptions.updatePolicy;
  }

  #createRole({ lambda, aliasName }: Alias, hooks: readonly IFunction[]): Role {
    const role = new Role(this, 'Role', {
      description: 'CodeDeploy: moves the alias, invokes the hooks, reads the state of alarms',
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
        resources: [lambda.functionArn, `${lambda.functionArn}:${aliasName}`],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: hooks.map(({ functionArn }) => functionArn),
      }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
    return role;
  }
}
