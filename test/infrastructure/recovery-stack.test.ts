import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { configWith } from './config-with.ts';
import { EVERYTHING, newRecoveryStack, recoveryStack, recoveryTemplate } from './synthesis.ts';

const template = recoveryTemplate();
const everything = recoveryTemplate(EVERYTHING);

/** What holds data, has a URL or name that others know, or cannot exist twice while CloudFormation replaces it. */
const NOT_TO_BE_REPLACED = [
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::RestApi',
  'AWS::CloudFront::Distribution',
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
  'AWS::WAFv2::WebACL',
];

const tagList = z.array(z.object({ Key: z.string(), Value: z.string() }));
const taggedResource = z.object({ Properties: z.object({ Tags: z.unknown() }) });

/** The tags of every resource that has some, by its logical id. WAF, API Gateway and others differ in the notation. */
function tagsByResource(): [string, Record<string, unknown>][] {
  const resources = z.record(z.string(), z.unknown()).parse(everything.toJSON()['Resources']);
  return Object.entries(resources).flatMap(([id, resource]) => {
    const tags = taggedResource.safeParse(resource).data?.Properties.Tags;
    if (tags === undefined) return [];
    const list = tagList.safeParse(tags).data;
    const byName = list
      ? Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]))
      : z.record(z.string(), z.unknown()).parse(tags);
    return [[id, byName]];
  });
}

describe('the stack', () => {
  test('has the outputs that operators and commands rely on', () => {
    const outputs = [
      'AlarmNamePrefix',
      'ApiTokenSecretArn',
      'AuditLogGroupName',
      'DashboardUrl',
      'DeadLetterQueueUrl',
      'DeliverOutboxFunctionName',
      'EndpointUrl',
      'EventBusName',
      'OutboxQueueUrl',
      'PseudonymKeySecretArn',
      'RecoverUserFunctionName',
      'Version',
    ];
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual(outputs);
    expect(Object.keys(everything.findOutputs('*')).sort()).toEqual(
      [
        ...outputs,
        'AlarmTopicArn',
        'AllowedOrigins',
        'CaptchaSecretArn',
        'CustomDomainTarget',
        'RecoveryPageUrl',
      ].sort(),
    );
    expect(JSON.stringify(template.findOutputs('EndpointUrl'))).toMatch(/\/recover-user"/);
    expect(everything.findOutputs('EndpointUrl')['EndpointUrl']).toMatchObject({
      Value: 'https://recovery.example.com/recover-user',
    });
  });

  test('keeps its logs for as long as configured', () => {
    const stack = recoveryTemplate({ logRetentionDays: 7, auditRetentionDays: 365 });
    const retention = Object.entries(stack.findResources('AWS::Logs::LogGroup')).map(
      ([id, { Properties }]) => [id.replace(/[0-9A-F]{8}$/, ''), Properties.RetentionInDays],
    );
    expect(Object.fromEntries(retention)).toEqual({
      AuditLogEvents: 365,
      DeliverOutboxFunctionLogs: 7,
      RecoverUserFunctionLogs: 7,
      ReleasePostTrafficHookLogs: 7,
      ReleasePreTrafficHookLogs: 7,
      RecoveryEndpointAccessLog: 7,
      WebAclLog: 7,
    });
  });

  test('keeps the logical ids of all that an update must not replace', () => {
    const resources = z.record(z.string(), z.looseObject({ Type: z.string() }));
    const kept = Object.entries(resources.parse(everything.toJSON()['Resources']))
      .filter(([, { Type }]) => NOT_TO_BE_REPLACED.includes(Type))
      .map(([id]) => id);
    expect(kept.sort()).toEqual([
      'ApiTokenSecret4C09E1F1',
      'AuditLogEvents4ACA380F',
      'CaptchaSecret239191D8',
      'CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C81C01536',
      'CustomS3AutoDeleteObjectsCustomResourceProviderHandler9D90184F',
      'DeliverOutboxFunction',
      'DeliverOutboxFunctionAliasliveE0897D13',
      'DeliverOutboxFunctionLogs87334238',
      'EventsBus45DE4339',
      'OutboxDeadLetters97B842CA',
      'OutboxDelivery34C910B6',
      'OutboxQueueC2D1E7A1',
      'PostTrafficHook',
      'PreTrafficHook',
      'PseudonymKeySecretDCC420FB',
      'RateLimitTable75433626',
      'RecoverUserFunction',
      'RecoverUserFunctionAliaslive39AD56CE',
      'RecoverUserFunctionLogs0B0F47A9',
      'RecoveryEndpointAccessLog34EC3038',
      'RecoveryEndpointApiA0123D8E',
      'RecoveryEndpointApiCustomDomain1532D1C7',
      'RecoveryPageBucket3674B7FD',
      'RecoveryPageDeploymentLogs776E2070',
      'RecoveryPageDistributionE25B8C52',
      'ReleasePostTrafficHookLogs3E93AE7E',
      'ReleasePreTrafficHookLogs9C956106',
      'WebAcl9BD21CA7',
      'WebAclLog4028F6F7',
    ]);
  });

  test('is tagged with service, stage and version, and so is every resource that takes tags', () => {
    const tags = { service: 'recover-user', stage: 'production', version: manifest.version };
    expect(recoveryStack().tags.tagValues()).toEqual(tags);
    const tagged = tagsByResource();
    expect(tagged.length).toBeGreaterThan(40);
    for (const [id, ofResource] of tagged)
      expect([id, ofResource]).toEqual([id, expect.objectContaining(tags)]);
  });

  test('passes the properties of a stack through', () => {
    const stack = newRecoveryStack(configWith(), {
      env: { account: '123456789012', region: 'eu-west-1' },
      terminationProtection: true,
      description: 'the description of the team',
      tags: { team: 'identity' },
    });
    expect(stack).toMatchObject({
      account: '123456789012',
      region: 'eu-west-1',
      terminationProtection: true,
    });
    expect(stack.templateOptions.description).toBe('the description of the team');
    expect(stack.tags.tagValues()).toMatchObject({ team: 'identity', stage: 'production' });
  });

  test("sets the account's CloudWatch role of API Gateway only when configured", () => {
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
    everything.resourceCountIs('AWS::ApiGateway::Account', 1);
  });
});

test.each([
  ['as committed', {}],
  ['with every setting', { ...EVERYTHING, encryptionKey: 'create' }],
])('the template %s meets the rules of CloudFormation', (_name, settings) => {
  const stack = newRecoveryStack(configWith(settings));
  process.env['CDK_VALIDATION'] = 'true';
  try {
    expect(() => Template.fromStack(stack)).not.toThrow();
  } finally {
    process.env['CDK_VALIDATION'] = 'false';
  }
});
