import { type AwsResponse, element, queryError, queryResult } from './aws-response.ts';
import type { Deployment, DeploymentFaults } from './deployment.ts';

const CREATED_AT = '2026-01-01T00:00:00Z';

/** CloudFormation's DescribeStacks, for the emulated stack. */
export function describeStacks(
  parameters: URLSearchParams,
  { stackName, outputs }: Deployment,
  faults: DeploymentFaults,
): AwsResponse {
  const wanted = parameters.get('StackName') ?? '';
  if (wanted !== stackName) return queryError('ValidationError', `Stack with id ${wanted} does not exist`);
  const members = Object.entries({ ...outputs, ...faults.outputs }).map(([key, value]) =>
    value === null ? '' : `<member>${element('OutputKey', key)}${element('OutputValue', value)}</member>`,
  );
  const stack = [
    element('StackName', stackName),
    element('CreationTime', CREATED_AT),
    element('StackStatus', 'CREATE_COMPLETE'),
    `<Outputs>${members.join('')}</Outputs>`,
  ];
  return queryResult('DescribeStacks', `<Stacks><member>${stack.join('')}</member></Stacks>`);
}
