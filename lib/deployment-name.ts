import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The id that the CDK leaves out of logical ids: a stack with this deployment has nothing else, and names things by itself. */
export const ONLY_DEPLOYMENT = 'Default';

/** What names the resources of a deployment. */
export interface DeploymentName {
  /** Begins the names of what needs one: the stack's name, and the ids from there to the construct. */
  name: string;
  /** Begins the logical ids of functions: those ids only. */
  logicalIdPrefix: string;
}

/** The name of the deployment of a construct, as unique in an account and region as the stack's name is. */
export function deploymentName(scope: Construct): DeploymentName {
  const stack = Stack.of(scope);
  const path = scope.node.scopes
    .slice(stack.node.scopes.length)
    .map(({ node }) => node.id.replaceAll(/[^A-Za-z0-9]/g, ''))
    .filter((id) => id !== ONLY_DEPLOYMENT);
  return { name: [stack.stackName, ...path].join('-'), logicalIdPrefix: path.join('') };
}
