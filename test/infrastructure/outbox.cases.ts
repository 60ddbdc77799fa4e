import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { readDeliveryConfig } from '../../functions/deliver-outbox/config.ts';
import { worstCaseMs } from '../../functions/deliver-outbox/handler.ts';
import { readConfig as readFunctionConfig } from '../../functions/recover-user/config.ts';
import { TIMEOUTS as TIMING } from '../../functions/runtime/timeouts.ts';
import {
  environmentAsDeployed,
  environmentOf,
  onlyPropertiesOf,
  propertiesOf,
  recoveryTemplate,
  statementsOf,
} from './synthesis.ts';

const ENDPOINT = 'RecoverUserFunction';
const DELIVERY = 'DeliverOutboxFunction';
const HOUR_SECONDS = 3600;

const template = recoveryTemplate();
const queued = recoveryTemplate({ delivery: 'queued' });
const queue = z.looseObject({
  VisibilityTimeout: z.int(),
  MessageRetentionPeriod: z.int(),
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.unknown(), maxReceiveCount: z.int() }),
});

const arnOf = (logicalId: RegExp) => ({ 'Fn::GetAtt': [expect.stringMatching(logicalId), 'Arn'] });

describe('the outbox', () => {
  test.each(['OutboxQueue', 'OutboxDeadLetters'])('%s is encrypted, and takes TLS only', (id) => {
    const [queueId] = Object.keys(template.findResources('AWS::SQS::Queue')).filter((name) =>
      name.startsWith(id),
    );
    expect(onlyPropertiesOf(template, 'AWS::SQS::Queue', id)).toMatchObject({ SqsManagedSseEnabled: true });
    // whoever else is to be let in gets it from a policy of his own
    expect(onlyPropertiesOf(template, 'AWS::SQS::QueuePolicy', id)).toEqual({
      Queues: [{ Ref: queueId }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'sqs:*',
            Resource: { 'Fn::GetAtt': [queueId, 'Arn'] },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });

  test('keeps dead letters for as long as SQS does, and those of this queue only', () => {
    expect(onlyPropertiesOf(template, 'AWS::SQS::Queue', 'OutboxDeadLetters')).toMatchObject({
      MessageRetentionPeriod: 14 * 24 * HOUR_SECONDS,
      RedriveAllowPolicy: {
        redrivePermission: 'byQueue',
        // by name: a reference would go round in a circle
        sourceQueueArns: [{ 'Fn::Join': ['', expect.arrayContaining([':RecoveryStack-outbox'])] }],
      },
    });
    expect(onlyPropertiesOf(template, 'AWS::SQS::Queue', 'OutboxQueue')).toMatchObject({
      QueueName: 'RecoveryStack-outbox',
      RedrivePolicy: { deadLetterTargetArn: arnOf(/^OutboxDeadLetters/) },
    });
  });

  test('gives the delivery function the time that AWS asks for', () => {
    const { Timeout } = z
      .looseObject({ Timeout: z.int() })
      .parse(onlyPropertiesOf(template, 'AWS::Lambda::Function', DELIVERY));
    expect(Timeout).toBe(50);
    expect(outboxOf(template).VisibilityTimeout).toBe(6 * Timeout);
  });

  test('has a message that nothing can be made of in the dead-letter queue within half an hour', () => {
    const { RedrivePolicy, VisibilityTimeout } = outboxOf(template);
    expect(RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(5);
    expect(RedrivePolicy.maxReceiveCount * VisibilityTimeout).toBeLessThanOrEqual(1800);
  });

  test.each([60, 3600, 43_200])(
    'with a maximum age of %d s, keeps a request until it is dropped and counted, or a dead letter',
    (outboxMaximumAgeSeconds) => {
      const { RedrivePolicy, MessageRetentionPeriod, VisibilityTimeout } = outboxOf(
        recoveryTemplate({ outboxMaximumAgeSeconds }),
      );
      const deadLetterSeconds = RedrivePolicy.maxReceiveCount * VisibilityTimeout;
      expect(MessageRetentionPeriod).toBeGreaterThan(outboxMaximumAgeSeconds + deadLetterSeconds);
      expect(MessageRetentionPeriod).toBeLessThan(14 * 24 * HOUR_SECONDS);
    },
  );

  test('has the delivery function done with a batch in time, each delivery taking as long as it can', () => {
    const { Timeout } = z
      .looseObject({ Timeout: z.int() })
      .parse(onlyPropertiesOf(template, 'AWS::Lambda::Function', DELIVERY));
    expect(Timeout * 1000).toBeGreaterThan(2 * worstCaseMs(TIMING));
  });

  test('is fed to the delivery function in batches, which may fail in part, by few instances at a time', () => {
    expect(onlyPropertiesOf(template, 'AWS::Lambda::EventSourceMapping')).toEqual({
      EventSourceArn: arnOf(/^OutboxQueue/),
      FunctionName: { Ref: DELIVERY },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
      Tags: expect.any(Array),
    });
    expect(
      onlyPropertiesOf(recoveryTemplate({ deliveryConcurrency: 20 }), 'AWS::Lambda::EventSourceMapping'),
    ).toMatchObject({ ScalingConfig: { MaximumConcurrency: 20 } });
  });

  test('has outputs for the runbook', () => {
    expect(template.findOutputs('OutboxQueueUrl')['OutboxQueueUrl']).toMatchObject({
      Value: { Ref: expect.stringMatching(/^OutboxQueue/) },
    });
    expect(template.findOutputs('DeadLetterQueueUrl')['DeadLetterQueueUrl']).toMatchObject({
      Value: { Ref: expect.stringMatching(/^OutboxDeadLetters/) },
    });
  });
});

describe('the delivery function', () => {
  test('runs as the other one does', () => {
    expect(onlyPropertiesOf(template, 'AWS::Lambda::Function', DELIVERY)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: {
        LogFormat: 'JSON',
        LogGroup: { Ref: expect.stringMatching(/^DeliverOutboxFunctionLogs/) },
      },
    });
  });

  test.each([
    ['direct', template],
    ['queued', queued],
  ])('is told everything by its environment, with delivery %s', (_delivery, stack) => {
    expect(environmentOf(stack, DELIVERY)).toEqual({
      STAGE: 'production',
      API_TOKEN_SECRET_ID: { Ref: expect.stringMatching(/^ApiTokenSecret/) },
      AWS_ENDPOINT_URL_SECRETS_MANAGER: '',
      BEYOND_IDENTITY_API_URL: 'https://api.byndid.com',
      ATTEMPTS_TABLE_NAME: { Ref: expect.stringMatching(/^RateLimitTable/) },
      AWS_ENDPOINT_URL_DYNAMODB: '',
      OUTBOX_QUEUE_URL: { Ref: expect.stringMatching(/^OutboxQueue/) },
      AWS_ENDPOINT_URL_SQS: '',
      OUTBOX_MAXIMUM_AGE_SECONDS: '3600',
      NODE_OPTIONS: '--enable-source-maps',
    });
  });

  test('understands the environment that the template gives it', () => {
    const stack = recoveryTemplate({ outboxMaximumAgeSeconds: 7200 });
    expect(readDeliveryConfig(environmentAsDeployed(stack, DELIVERY))).toMatchObject({
      apiTokenSecretId: 'by-cloudformation',
      attemptsTableName: 'by-cloudformation',
      outboxQueueUrl: 'https://by-cloudformation',
      maximumAgeMs: 7_200_000,
    });
  });

  test('may read the API token, record deliveries, take requests out, write its log and send traces, and nothing else', () => {
    expect(statementsOf(template, DELIVERY)).toEqual([
      { Effect: 'Allow', Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: arnOf(/^DeliverOutboxFunctionLogs/),
      },
      {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: { Ref: expect.stringMatching(/^ApiTokenSecret/) },
      },
      { Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: arnOf(/^RateLimitTable/) },
      {
        Effect: 'Allow',
        Action: [
          'sqs:ChangeMessageVisibility',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:ReceiveMessage',
          'sqs:SendMessage',
        ],
        Resource: arnOf(/^OutboxQueue/),
      },
    ]);
  });
});

describe('with every request going through the outbox', () => {
  test.each([
    ['a secret of our own', {}, 'ApiTokenSecret'],
    ['an existing secret', { apiTokenSecretName: 'shared/api-token' }, 'shared/api-token'],
  ])("the endpoint's role cannot read the API token, with %s", (_name, settings, tokenSecret) => {
    const statementsIn = (delivery: string) =>
      JSON.stringify(statementsOf(recoveryTemplate({ ...settings, delivery }), ENDPOINT));
    expect(statementsIn('direct')).toContain(tokenSecret);
    expect(statementsIn('queued')).not.toContain(tokenSecret);
  });

  test('its only secret is the key of the pseudonyms, and no statement leaves the resource open', () => {
    const statements = statementsOf(queued, ENDPOINT);
    expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('secretsmanager'))).toEqual([
      {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: { Ref: expect.stringMatching(/^PseudonymKeySecret/) },
      },
    ]);
    expect(statements.filter(({ Resource }) => Resource === '*')).toEqual([
      expect.objectContaining({ Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'] }),
    ]);
    expect(onlyPropertiesOf(queued, 'AWS::IAM::Role', `${ENDPOINT}Role`)).not.toHaveProperty(
      'ManagedPolicyArns',
    );
    // no other policy is attached to the role
    expect(
      propertiesOf(queued, 'AWS::IAM::Policy').filter(({ Roles }) =>
        JSON.stringify(Roles).includes(`${ENDPOINT}Role`),
      ),
    ).toHaveLength(1);
  });

  test('the endpoint is told so', () => {
    expect(environmentOf(queued, ENDPOINT)).toMatchObject({
      DELIVERY: 'queued',
      API_TOKEN_SECRET_ID: '',
      PSEUDONYM_KEY_SECRET_ID: { Ref: expect.stringMatching(/^PseudonymKeySecret/) },
      OUTBOX_QUEUE_URL: { Ref: expect.stringMatching(/^OutboxQueue/) },
    });
    expect(readFunctionConfig(environmentAsDeployed(queued, ENDPOINT))).toMatchObject({
      secretIds: { pseudonymKey: 'by-cloudformation' },
      outboxQueueUrl: 'https://by-cloudformation',
    });
  });

  test('the key is generated, bare, and outlives the stack as the audit log does', () => {
    const [key] = Object.values(queued.findResources('AWS::SecretsManager::Secret')).filter(
      ({ Properties }) => Properties.GenerateSecretString.SecretStringTemplate === undefined,
    );
    expect(key).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 64 } },
    });
    template.resourceCountIs('AWS::SecretsManager::Secret', 2);
  });
});

function outboxOf(stack: Template) {
  return queue.parse(onlyPropertiesOf(stack, 'AWS::SQS::Queue', 'OutboxQueue'));
}
