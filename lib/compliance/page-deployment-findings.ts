import { CfnResource, Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { type Finding, regulated } from './findings.ts';

/** A finding about a resource that is not below `UserRecovery`. */
export type FindingAt = Omit<Finding, 'at'> & { at: IConstruct };

const IS_OF_THE_CDK =
  "It is the CDK's own function, which chooses its runtime, and gets a newer one with a newer CDK.";
const IS_WAITED_FOR =
  'CloudFormation invokes it at deployments, and waits for its response: a failure fails the deployment, and is in its log.';
const MAY_COPY =
  "The permissions that the CDK gives its own function: read what deployments uploaded, write this one bucket, and keep a log. The bucket holds nothing but the page's public files.";

/** Findings about the function that copies the files of the recovery page: the CDK's own, one for the stack. */
export function pageDeploymentFindings(recovery: Construct): FindingAt[] {
  const stack = Stack.of(recovery);
  const bucket = recovery.node.tryFindChild('RecoveryPage')?.node.tryFindChild('Bucket')?.node.defaultChild;
  const at = stack.node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
  if (!at || !CfnResource.isCfnResource(bucket)) return [];
  const permissions = [
    'Action::s3:Abort*',
    'Action::s3:DeleteObject*',
    'Action::s3:GetBucket*',
    'Action::s3:GetObject*',
    'Action::s3:List*',
    `Resource::<${stack.getLogicalId(bucket)}.Arn>/*`,
    `Resource::arn:<AWS::Partition>:s3:::cdk-${stack.synthesizer.bootstrapQualifier}-assets-<AWS::AccountId>-<AWS::Region>/*`,
  ];
  return [
    { at, rules: ['AwsSolutions-L1', 'Serverless-LambdaLatestVersion'], reason: IS_OF_THE_CDK },
    {
      at,
      rules: [
        'Serverless-LambdaDLQ',
        'Serverless-LambdaTracing',
        ...regulated('LambdaDLQ'),
        ...regulated('LambdaConcurrency'),
        ...regulated('LambdaInsideVPC'),
      ],
      reason: IS_WAITED_FOR,
    },
    {
      at,
      rules: [
        'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
        ...permissions.map((permission) => `AwsSolutions-IAM5[${permission}]`),
        ...regulated('IAMNoInlinePolicy'),
      ],
      reason: MAY_COPY,
    },
  ];
}
