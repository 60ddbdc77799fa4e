import { describe, expect, test } from '@jest/globals';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { deploymentIn, stackOfAnApp } from './construct-in-app.ts';
import { onlyPropertiesOf, propertiesOf, recoveryTemplate, statementsOf } from './synthesis.ts';

const WEB_ACL = 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shared/0f0e-1';
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0f0e0d0c-0b0a-4908-8706-050403020100';

describe('a web ACL that is shared', () => {
  const template = recoveryTemplate({ webAcl: WEB_ACL });

  test('protects the API in place of one of its own', () => {
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.resourceCountIs('AWS::WAFv2::LoggingConfiguration', 0);
    expect(onlyPropertiesOf(template, 'AWS::WAFv2::WebACLAssociation')).toEqual({
      WebACLArn: WEB_ACL,
      ResourceArn: expect.anything(),
    });
  });

  test('has no alarm or graph: its metrics are about other APIs, too', () => {
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toContain('WebAclBlocked');
    expect(text).not.toContain('AWS/WAFV2');
  });
});

describe('a KMS key', () => {
  const template = recoveryTemplate({ encryptionKey: 'create', alarmEmail: 'on-call@example.com' });
  const stackKey = { 'Fn::GetAtt': [expect.stringMatching(/^EncryptionKey/), 'Arn'] };

  test.each([
    ['AWS::Logs::LogGroup', { KmsKeyId: stackKey }],
    ['AWS::SecretsManager::Secret', { KmsKeyId: stackKey }],
    [
      'AWS::DynamoDB::Table',
      { SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: stackKey } },
    ],
    ['AWS::SQS::Queue', { KmsMasterKeyId: stackKey }],
    ['AWS::Events::EventBus', { KmsKeyIdentifier: stackKey }],
    ['AWS::Events::Archive', { KmsKeyIdentifier: stackKey }],
    ['AWS::SNS::Topic', { KmsMasterKeyId: stackKey }],
  ])('encrypts every %s', (type, encryption) => {
    const resources = propertiesOf(template, type);
    expect(resources.length).toBeGreaterThan(0);
    for (const properties of resources) {
      expect(properties).toMatchObject(encryption);
      expect(properties).not.toHaveProperty('SqsManagedSseEnabled');
    }
  });

  test('is the only one, and is rotated', () => {
    expect(onlyPropertiesOf(template, 'AWS::KMS::Key')).toMatchObject({ EnableKeyRotation: true });
  });

  test('may be used by CloudWatch Logs, EventBridge and alarms of this account only', () => {
    const policy = JSON.stringify(onlyPropertiesOf(template, 'AWS::KMS::Key')['KeyPolicy']);
    for (const service of ['events.amazonaws.com', 'cloudwatch.amazonaws.com'])
      expect(policy).toContain(service);
    expect(policy).toMatch(/kms:EncryptionContext:aws:logs:arn.*log-group:\*/);
    expect(policy.match(/aws:SourceAccount/g)).toHaveLength(2);
  });

  test.each(['RecoverUserFunction', 'DeliverOutboxFunction'])('may be used by %s', (id) => {
    expect(statementsOf(template, id)).toContainEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: stackKey,
    });
  });

  test('of the account is used by its ARN', () => {
    const imported = recoveryTemplate({ encryptionKey: KEY });
    imported.resourceCountIs('AWS::KMS::Key', 0);
    expect(onlyPropertiesOf(imported, 'AWS::DynamoDB::Table')).toMatchObject({
      SSESpecification: { KMSMasterKeyId: KEY },
    });
  });
});

describe('existing resources of an app', () => {
  test('replace those that a deployment would create', () => {
    const stack = stackOfAnApp();
    const domain = {
      domainName: 'recovery.example.com',
      certificate: Certificate.fromCertificateArn(
        stack,
        'Certificate',
        'arn:aws:acm:eu-west-1:123456789012:certificate/0f0e-1',
      ),
    };
    const recovery = deploymentIn(stack, {
      apiTokenSecret: Secret.fromSecretAttributes(stack, 'Token', {
        secretCompleteArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf',
        encryptionKey: new Key(stack, 'TokenKey'),
      }),
      alarmTopic: new Topic(stack, 'Topic'),
      domain,
    });
    const template = Template.fromStack(stack);
    expect(recovery.endpointUrl).toBe('https://recovery.example.com/recover-user');
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    template.resourceCountIs('AWS::SNS::Topic', 1);
    for (const { AlarmActions } of propertiesOf(template, 'AWS::CloudWatch::Alarm')) {
      expect(AlarmActions).toEqual([{ Ref: expect.stringMatching(/^Topic/) }]);
    }
    expect(JSON.stringify(statementsOf(template, 'RecoveryRecoverUserFunction'))).toContain('kms:Decrypt');
  });

  test('a bus for events of others has an archive and an audit log of this deployment only', () => {
    const stack = stackOfAnApp();
    const eventBus = EventBus.fromEventBusName(stack, 'Bus', 'shared');
    deploymentIn(stack, { eventBus, stage: 'first' }, 'First');
    deploymentIn(stack, { eventBus, stage: 'second' }, 'Second');
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Events::EventBus', 0);
    const patterns = propertiesOf(template, 'AWS::Events::Archive').map(({ EventPattern }) => EventPattern);
    expect(patterns).toEqual(
      ['first', 'second'].map((stage) => ({ source: ['user-recovery'], detail: { stage: [stage] } })),
    );
    const rules = propertiesOf(template, 'AWS::Events::Rule').filter(({ EventBusName }) => EventBusName);
    expect(rules.map(({ EventPattern }) => EventPattern)).toEqual(patterns);
  });

  test('a VPC has both functions in it, with nothing but HTTPS out', () => {
    const stack = stackOfAnApp();
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0f0e0d0c0b0a09080',
      availabilityZones: ['eu-west-1a'],
      privateSubnetIds: ['subnet-0f0e0d0c0b0a09080'],
      privateSubnetRouteTableIds: ['rtb-0f0e0d0c0b0a09080'],
    });
    deploymentIn(stack, { vpc });
    const template = Template.fromStack(stack);
    const inVpc = Object.entries(template.findResources('AWS::Lambda::Function'))
      .filter(([, { Properties }]) => Properties.VpcConfig)
      .map(([id]) => id);
    expect(inVpc.sort()).toEqual(['RecoveryDeliverOutboxFunction', 'RecoveryRecoverUserFunction']);
    for (const id of inVpc) {
      const policies = JSON.stringify(onlyPropertiesOf(template, 'AWS::IAM::Role', id)['ManagedPolicyArns']);
      expect(policies).toContain('AWSLambdaVPCAccessExecutionRole');
    }
    expect(onlyPropertiesOf(template, 'AWS::EC2::SecurityGroup')).toMatchObject({
      SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }],
    });
    expect(onlyPropertiesOf(template, 'AWS::EC2::SecurityGroup')).not.toHaveProperty('SecurityGroupIngress');
  });

  test.each([RemovalPolicy.DESTROY, RemovalPolicy.RETAIN])(
    'the removal policy "%s" is for every store',
    (policy) => {
      const stack = stackOfAnApp();
      deploymentIn(stack, { removalPolicy: policy });
      const template = Template.fromStack(stack);
      // what a failed first deployment leaves would have the names that the next one needs
      const DeletionPolicy = policy === RemovalPolicy.DESTROY ? 'Delete' : 'RetainExceptOnCreate';
      for (const type of ['AWS::DynamoDB::Table', 'AWS::SecretsManager::Secret', 'AWS::SQS::Queue']) {
        template.allResources(type, { DeletionPolicy });
      }
      // its name is fixed, and what a failed deployment leaves would be in the way
      const logs = Object.entries(template.findResources('AWS::Logs::LogGroup'));
      for (const [id, resource] of logs) {
        expect(resource['DeletionPolicy']).toBe(id.includes('WebAcl') ? 'Delete' : DeletionPolicy);
      }
    },
  );

  test('no store has a snapshot', () => {
    expect(() => deploymentIn(stackOfAnApp(), { removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(
      'removalPolicy is "snapshot"; it must be DESTROY or RETAIN',
    );
  });

  test('the key of a directory table may be used by both functions', () => {
    const stack = stackOfAnApp();
    const table = Table.fromTableAttributes(stack, 'Users', {
      tableName: 'users',
      encryptionKey: Key.fromKeyArn(stack, 'UsersKey', KEY),
    });
    deploymentIn(stack, {
      directory: { type: 'dynamodb', table, addressAttribute: 'email', referenceAttribute: 'id' },
    });
    const template = Template.fromStack(stack);
    for (const id of ['RecoveryRecoverUserFunction', 'RecoveryDeliverOutboxFunction']) {
      expect(statementsOf(template, id)).toContainEqual({
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: KEY,
      });
    }
  });
});
