import { describe, expect, test } from '@jest/globals';
import { Annotations, Duration, NestedStack, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ConfigError } from '../../lib/config/config-error.ts';
import { deploymentIn, stackOfAnApp } from './construct-in-app.ts';
import { onlyPropertiesOf, propertiesOf, statementsOf } from './synthesis.ts';

const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0f0e0d0c-0b0a-4908-8706-050403020100';

describe('UserRecovery in a third-party CDK app', () => {
  test('says where requests go, and has the resources that others build on', () => {
    const stack = stackOfAnApp();
    const recovery = deploymentIn(stack);
    const { outbox, deadLetterQueue, table, auditLogGroup, eventBus, api } = recovery;
    expect(stack.resolve(recovery.endpointUrl)).toEqual({
      'Fn::Join': ['', expect.arrayContaining(['https://', '.execute-api.eu-west-1.'])],
    });
    for (const { node } of [outbox, deadLetterQueue, table, auditLogGroup, eventBus, api]) {
      expect(node.path).toMatch(/^Theirs\/Recovery\//);
    }
    expect(recovery.alarmTopic).toBeUndefined();
    expect(recovery.recoveryPageUrl).toBeUndefined();
    expect(recovery.customDomainTarget).toBeUndefined();
  });

  test('is named by stack and id in URL and metrics, unless it gets a stage', () => {
    expect(deploymentIn(stackOfAnApp()).stage).toBe('Theirs-Recovery');
    expect(deploymentIn(stackOfAnApp(), { stage: 'beta' }).stage).toBe('beta');
    const { namespace, dimensions } = deploymentIn(stackOfAnApp()).metricForwarded();
    expect([namespace, dimensions]).toEqual([
      'UserRecovery',
      { service: 'recover-user', stage: 'Theirs-Recovery' },
    ]);
  });

  test('rejects a stage that two deployments of a stack would share', () => {
    const stack = stackOfAnApp();
    deploymentIn(stack, { stage: 'beta' }, 'First');
    expect(() => deploymentIn(stack, { stage: 'beta' }, 'Second')).toThrow(
      'stage is "beta", as it is for Theirs/First; give each deployment of an account and region its own',
    );
  });

  test.each(['', 'two words', 'a/b', 'x'.repeat(65)])('rejects the stage %j, and names the fix', (stage) => {
    expect(() => deploymentIn(stackOfAnApp(), { stage })).toThrow(ConfigError);
    expect(() => deploymentIn(stackOfAnApp(), { stage })).toThrow(
      /^stage is ".*"; it must be 1 to 64 letters, digits, "-" and "_"$/,
    );
  });

  test('shares no name, metric or logical id with another one in the same stack', () => {
    const stack = stackOfAnApp();
    deploymentIn(stack, {}, 'First');
    deploymentIn(stack, {}, 'Second');
    const template = Template.fromStack(stack);
    const names = propertiesOf(template, 'AWS::ApiGateway::RestApi').map(({ Name }) => Name);
    expect(names.sort()).toEqual(['Theirs-First', 'Theirs-Second']);
    for (const [type, property] of [
      ['AWS::WAFv2::WebACL', 'Name'],
      ['AWS::CloudWatch::Dashboard', 'DashboardName'],
      ['AWS::CloudWatch::InsightRule', 'RuleName'],
      ['AWS::Events::Rule', 'Name'],
    ] as const) {
      const values = propertiesOf(template, type)
        .map((properties) => JSON.stringify(properties[property]))
        .filter((value) => value !== undefined);
      expect(values.length).toBeGreaterThan(1);
      expect([type, new Set(values).size]).toEqual([type, values.length]);
    }
    const environments = propertiesOf(template, 'AWS::Lambda::Function').map(({ Environment }) =>
      JSON.stringify(Environment),
    );
    expect(environments.filter((text) => text?.includes('"STAGE":"Theirs-First"'))).toHaveLength(2);
    expect(environments.filter((text) => text?.includes('"STAGE":"Theirs-Second"'))).toHaveLength(2);
  });

  test('takes an origin that is known at deployment only', () => {
    const stack = stackOfAnApp();
    const page = deploymentIn(stack, { recoveryPage: true }, 'WithPage');
    const origin = page.allowedOrigins[0] ?? '';
    expect(deploymentIn(stack, { allowedOrigins: [origin] }, 'Second').allowedOrigins).toEqual([origin]);
  });

  test('reports every bad property at once, with the name and the fix', () => {
    const bad = { mailboxAttemptsPerDay: 0, responseTimeMs: 20, allowedOrigins: ['example.com'] };
    expect(() => deploymentIn(stackOfAnApp(), bad)).toThrow(
      /allowedOrigins\[0\] is "example\.com"; it must be an origin.*responseTimeMs is 20; .*mailboxAttemptsPerDay is 0; /s,
    );
  });

  test('warns where nothing limits requests by client IP', () => {
    const stack = stackOfAnApp();
    const recovery = deploymentIn(stack, { webAcl: 'none' });
    const warnings = recovery.node.metadata.filter(({ type }) => type === 'aws:cdk:warning');
    expect(warnings).toEqual([
      expect.objectContaining({ data: expect.stringContaining('webAcl is "none"') }),
    ]);
    Annotations.of(recovery).acknowledgeWarning('user-recovery:no-web-acl');
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
    expect(JSON.stringify(template.toJSON())).not.toContain('WebAclBlocked');
  });

  test('has the metrics of requests, deliveries and the outbox', () => {
    const recovery = deploymentIn(stackOfAnApp());
    expect([
      recovery.metricOutcome('queued').metricName,
      recovery.metricDelivery('delivered').metricName,
      recovery.metricRateLimited().metricName,
      recovery.metricUpstreamLatency('p50').statistic,
      recovery.metricTokenDaysLeft().period.toSeconds(),
      recovery.metricOutboxAge(Duration.minutes(1)).period.toSeconds(),
      recovery.metricDeadLetters().metricName,
    ]).toEqual(['Queued', 'Delivered', 'RateLimited', 'p50', 3600, 60, 'ApproximateNumberOfMessagesVisible']);
  });
});

describe.each([
  [
    'grantLookup',
    ['logs:GetQueryResults', 'logs:StartQuery', 'secretsmanager:GetSecretValue', 'sqs:GetQueueAttributes'],
  ],
  [
    'grantRecover',
    ['events:DescribeEventBus', 'events:PutEvents', 'secretsmanager:GetSecretValue', 'sqs:SendMessage'],
  ],
  [
    'grantRedrive',
    [
      'events:DescribeEventBus',
      'events:PutEvents',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ],
  ],
] as const)('%s', (method, actions) => {
  test('allows what the command needs, and nothing else', () => {
    const stack = stackOfAnApp();
    const recovery = deploymentIn(stack);
    recovery[method](new Role(stack, 'Person', { assumedBy: new AccountPrincipal('123456789012') }));
    const statements = statementsOf(Template.fromStack(stack), 'Person', '');
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual(actions);
  });
});

test.each([
  ['grantLookup', 'kms:Decrypt'],
  ['grantRecover', ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*']],
] as const)('%s allows the use of the encryption key that the command needs', (method, actions) => {
  const stack = stackOfAnApp();
  const encryptionKey = Key.fromKeyArn(stack, 'Key', KEY);
  const recovery = deploymentIn(stack, { encryptionKey });
  recovery[method](new Role(stack, 'Person', { assumedBy: new AccountPrincipal('123456789012') }));
  expect(statementsOf(Template.fromStack(stack), 'Person', '')).toContainEqual({
    Effect: 'Allow',
    Action: actions,
    Resource: KEY,
  });
});

test('has names and a stage in a nested stack, whose own name is known at deployment only', () => {
  const nested = new NestedStack(stackOfAnApp(), 'Nested');
  const recovery = deploymentIn(nested);
  expect(recovery.stage).toMatch(/^Theirs-Nested-Recovery-?[0-9A-F]{8}$/);
});

test('has short names in a stack with a long one, and other names in another stack', () => {
  const [first, second] = ['web', 'api'].map((end) => {
    const stack = stackOfAnApp(`customer-identity-platform-production-eu-central-${end}`);
    return deploymentIn(stack, {}, 'AccountRecovery').stage;
  });
  expect(first).toHaveLength(49);
  expect(first).not.toBe(second);
});

test('rejects a stage that another stack of the same account and region has', () => {
  const stack = stackOfAnApp();
  deploymentIn(stack, { stage: 'beta' });
  const other = new Stack(stack.node.root, 'Other', {
    env: { account: stack.account, region: stack.region },
  });
  expect(() => deploymentIn(other, { stage: 'beta' })).toThrow(
    'stage is "beta", as it is for Theirs/Recovery',
  );
  const abroad = new Stack(stack.node.root, 'Abroad', {
    env: { account: stack.account, region: 'us-east-1' },
  });
  expect(deploymentIn(abroad, { stage: 'beta' }).stage).toBe('beta');
});

test('is deployed twice from one class of stacks without a common name', () => {
  const namesOf = (stackName: string) => {
    const { node } = stackOfAnApp();
    const stack = new Stack(node.root, 'Backend', { stackName });
    deploymentIn(stack);
    const template = Template.fromStack(stack);
    return [
      onlyPropertiesOf(template, 'AWS::Events::EventBus')['Name'],
      onlyPropertiesOf(template, 'AWS::Logs::ResourcePolicy')['PolicyName'],
    ];
  };
  expect(namesOf('backend-test')).toEqual(['backend-test-Recovery', 'backend-test-Recovery-audit-log']);
  expect(namesOf('backend-live')).toEqual(['backend-live-Recovery', 'backend-live-Recovery-audit-log']);
});

test('leaves the tags of an app as they are', () => {
  const stack = stackOfAnApp();
  Tags.of(stack).add('stage', 'theirs');
  deploymentIn(stack);
  for (const { Tags: tags } of propertiesOf(Template.fromStack(stack), 'AWS::SQS::Queue')) {
    expect(tags).toContainEqual({ Key: 'stage', Value: 'theirs' });
  }
});
