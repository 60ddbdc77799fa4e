import { createHash } from 'node:crypto';
import { Names, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The id that the CDK leaves out of logical ids: a stack with this deployment has nothing else, and names things by itself. */
export const ONLY_DEPLOYMENT = 'Default';

/** CloudFront takes names of 64 characters, of which a dash and the longest region leave these; all other limits are greater. */
const MAXIMUM_LENGTH = 49;

/** What names the resources of a deployment. */
export interface DeploymentName {
  /** Begins the names of what needs one: the stack's name, and the ids from there to the construct; cut where it is too long. */
  name: string;
  /** Begins the logical ids of functions: those ids only. Empty where the stack has this deployment and nothing else. */
  logicalIdPrefix: string;
}

/** The name of the deployment of a construct, which an account and region should have once. */
export function deploymentName(scope: Construct): DeploymentName {
  const stack = Stack.of(scope);
  const path = scope.node.scopes
    .slice(stack.node.scopes.length)
    .map(({ node }) => node.id.replaceAll(/[^A-Za-z0-9]/g, ''))
    .filter((id) => id !== ONLY_DEPLOYMENT);
  const name = Token.isUnresolved(stack.stackName)
    ? // that of a nested stack is known at deployment only
      Names.uniqueResourceName(scope, { maxLength: MAXIMUM_LENGTH, separator: '-' })
    : shortened([stack.stackName, ...path].join('-'));
  return { name, logicalIdPrefix: path.join('') };
}

function shortened(name: string): string {
  if (name.length <= MAXIMUM_LENGTH) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, MAXIMUM_LENGTH - hash.length - 1)}-${hash}`;
}
