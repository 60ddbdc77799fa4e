import { CfnResource, Validations } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { FINDINGS } from './findings.ts';
import { pageDeploymentFindings } from './page-deployment-findings.ts';

const ANY_VERSION =
  'Any version of this one function: each release has another one, and a policy that changes with it would apply too late.';

/** Acknowledges every finding of cdk-nag's packs that the constructs of `UserRecovery` have on purpose, with its reason. */
export function acknowledgeFindings(recovery: Construct): void {
  for (const { rules, at, reason } of FINDINGS) {
    for (const path of at) acknowledge(constructAt(recovery, path), rules, reason);
  }
  for (const { rules, at, reason } of pageDeploymentFindings(recovery)) acknowledge(at, rules, reason);
  acknowledge(constructAt(recovery, 'Release/PreTrafficHook'), versionPermissions(recovery), ANY_VERSION);
}

function acknowledge(construct: IConstruct | undefined, rules: readonly string[], reason: string): void {
  if (construct) Validations.of(construct).acknowledge(...rules.map((id) => ({ id, reason })));
}

/** cdk-nag names the permission to invoke a function by the function's logical id. */
function versionPermissions(recovery: Construct): string[] {
  return ['RecoverUserFunction', 'DeliverOutboxFunction'].flatMap((id) => {
    const lambda = constructAt(recovery, `${id}/Function`)?.node.defaultChild;
    return CfnResource.isCfnResource(lambda)
      ? [`AwsSolutions-IAM5[Resource::<${lambda.stack.resolve(lambda.logicalId)}.Arn>:*]`]
      : [];
  });
}

function constructAt(scope: IConstruct, path: string): IConstruct | undefined {
  return path
    .split('/')
    .reduce<IConstruct | undefined>((construct, id) => construct?.node.tryFindChild(id), scope);
}
