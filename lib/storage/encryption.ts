import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnArchive, CfnEventBus } from 'aws-cdk-lib/aws-events';
import { type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * Encrypts with this key what the constructs below a scope store: log groups, secrets, the table, the queues, the event bus
 * and its archive. Lets the services and the grantees use the key; the policy of an imported key has to do so already. The
 * files of the recovery page are public, and have S3's own key.
 */
export function encryptWith(key: IKey, scope: Construct, grantees: readonly IGrantable[]): void {
  for (const resource of scope.node.findAll()) encryptResource(resource, key.keyArn);
  for (const statement of keyPolicy(Stack.of(scope))) key.addToResourcePolicy(statement);
  for (const grantee of grantees) key.grantEncryptDecrypt(grantee);
}

function encryptResource(resource: unknown, keyArn: string): void {
  if (resource instanceof CfnLogGroup) resource.kmsKeyId = keyArn;
  if (resource instanceof CfnSecret) resource.kmsKeyId = keyArn;
  if (resource instanceof CfnTable) {
    resource.sseSpecification = { sseEnabled: true, sseType: 'KMS', kmsMasterKeyId: keyArn };
  }
  if (resource instanceof CfnQueue) {
    resource.addPropertyDeletionOverride('SqsManagedSseEnabled');
    resource.kmsMasterKeyId = keyArn;
  }
  if (resource instanceof CfnEventBus || resource instanceof CfnArchive) {
    resource.kmsKeyIdentifier = keyArn;
  }
}

/**
 * What CloudWatch Logs and EventBridge may do with the key, for resources of this account only.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html
 */
function keyPolicy({ account, region, partition }: Stack): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'EncryptLogsOfUserRecovery',
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
        },
      },
    }),
    new PolicyStatement({
      sid: 'EncryptEventsOfUserRecovery',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncrypt*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  ];
}
