import { describe, expect, test } from '@jest/globals';
import { readDeliveryConfig } from '../../functions/deliver-outbox/config.ts';
import { V0_TENANT } from './config-with.ts';
import {
  environmentAsDeployed,
  environmentOf,
  onlyPropertiesOf,
  recoveryTemplate,
  statementsOf,
} from './synthesis.ts';

const DELIVERY = 'DeliverOutboxFunction';

const template = recoveryTemplate();
const queued = recoveryTemplate({ delivery: 'queued' });

const arnOf = (logicalId: RegExp) => ({ 'Fn::GetAtt': [expect.stringMatching(logicalId), 'Arn'] });

describe('the delivery function', () => {
  test('runs like the function of the endpoint', () => {
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
  ])('has the same environment with delivery %s', (_delivery, stack) => {
    expect(environmentOf(stack, DELIVERY)).toEqual({
      API_TOKEN_SECRET_ID: { Ref: expect.stringMatching(/^ApiTokenSecret/) },
      AWS_ENDPOINT_URL_SECRETS_MANAGER: '',
      ...V0_TENANT,
      ATTEMPTS_TABLE_NAME: { Ref: expect.stringMatching(/^RateLimitTable/) },
      AWS_ENDPOINT_URL_DYNAMODB: '',
      OUTBOX_QUEUE_URL: { Ref: expect.stringMatching(/^OutboxQueue/) },
      AWS_ENDPOINT_URL_SQS: '',
      OUTBOX_MAXIMUM_AGE_SECONDS: '3600',
      EVENT_BUS_NAME: { Ref: expect.stringMatching(/^EventsBus/) },
      INCLUDE_REFERENCE: 'false',
      AWS_ENDPOINT_URL_EVENTBRIDGE: '',
      STAGE: 'production',
    });
  });

  test('understands the environment that the template gives it', () => {
    const directory = { type: 'lambda', functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:find' };
    const stack = recoveryTemplate({ outboxMaximumAgeSeconds: 7200, includeReference: true, directory });
    expect(readDeliveryConfig(environmentAsDeployed(stack, DELIVERY))).toMatchObject({
      credentialSecretId: 'by-cloudformation',
      attemptsTableName: 'by-cloudformation',
      outboxQueueUrl: 'https://by-cloudformation',
      maximumAgeMs: 7_200_000,
      events: { busName: 'by-cloudformation', includeReference: true },
    });
  });

  test('may read the API token, record deliveries, consume the outbox, publish events, write its log and send traces, and nothing else', () => {
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
      { Effect: 'Allow', Action: 'events:PutEvents', Resource: arnOf(/^EventsBus/) },
    ]);
  });
});
