import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { readConfig as readFunctionConfig } from '../../functions/recover-user/config.ts';
import { V0_TENANT } from './config-with.ts';
import {
  environmentAsDeployed,
  environmentOf,
  onlyPropertiesOf,
  recoveryTemplate,
  statementsOf,
} from './synthesis.ts';

const ORIGIN = 'https://www.example.com';
const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0e-1';
const FUNCTION = 'RecoverUserFunction';

const template = recoveryTemplate();
/** A stack with every optional setting that concerns the endpoint. */
const everything = recoveryTemplate({
  allowedOrigins: [ORIGIN],
  alarmEmail: 'on-call@example.com',
  domainName: 'recovery.example.com',
  certificateArn: CERTIFICATE,
  apiTokenSecretName: 'shared/api-token',
  reservedConcurrency: 300,
  captcha: { provider: 'recaptcha', failureMode: 'open', minimumScore: 0.5 },
});

describe("the endpoint's function", () => {
  test('runs Node 24 on arm64 as an ES module, traced, logging JSON to a group of its own', () => {
    expect(onlyPropertiesOf(template, 'AWS::Lambda::Function', FUNCTION)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 15,
      MemorySize: 512,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: {
        LogFormat: 'JSON',
        LogGroup: { Ref: expect.stringMatching(/^RecoverUserFunctionLogs/) },
      },
    });
  });

  test('has all the instances that the account has left, unless some are reserved', () => {
    const reserved = (stack: Template) =>
      onlyPropertiesOf(stack, 'AWS::Lambda::Function', FUNCTION)['ReservedConcurrentExecutions'];
    expect(reserved(template)).toBeUndefined();
    expect(reserved(everything)).toBe(300);
  });

  test('has its construct id as its logical id and as its id in SAM, and so has every other function', () => {
    const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
    expect(functions.map(([id, { Metadata }]) => [id, Metadata])).toEqual([
      ['RecoverUserFunction', expect.objectContaining({ SamResourceId: 'RecoverUserFunction' })],
      ['DeliverOutboxFunction', expect.objectContaining({ SamResourceId: 'DeliverOutboxFunction' })],
      ['PreTrafficHook', expect.objectContaining({ SamResourceId: 'PreTrafficHook' })],
      ['PostTrafficHook', expect.objectContaining({ SamResourceId: 'PostTrafficHook' })],
    ]);
  });

  test('declares every variable, and leaves absent ones empty, so that `sam local` can override them', () => {
    expect(environmentOf(template, FUNCTION)).toEqual({
      DELIVERY: 'direct',
      API_TOKEN_SECRET_ID: { Ref: expect.stringMatching(/^ApiTokenSecret/) },
      PSEUDONYM_KEY_SECRET_ID: { Ref: expect.stringMatching(/^PseudonymKeySecret/) },
      CAPTCHA_SECRET_ID: '',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: '',
      ...V0_TENANT,
      ALLOWED_ORIGINS: '',
      RESPONSE_TIME_MS: '2000',
      ATTEMPTS_TABLE_NAME: { Ref: expect.stringMatching(/^RateLimitTable/) },
      AWS_ENDPOINT_URL_DYNAMODB: '',
      MAILBOX_COOLDOWN_SECONDS: '60',
      MAILBOX_ATTEMPTS_PER_DAY: '5',
      OUTBOX_QUEUE_URL: { Ref: expect.stringMatching(/^OutboxQueue/) },
      AWS_ENDPOINT_URL_SQS: '',
      EVENT_BUS_NAME: { Ref: expect.stringMatching(/^EventsBus/) },
      INCLUDE_REFERENCE: 'false',
      AWS_ENDPOINT_URL_EVENTBRIDGE: '',
      CAPTCHA_PROVIDER: '',
      CAPTCHA_FAILURE_MODE: '',
      CAPTCHA_MINIMUM_SCORE: '',
      CAPTCHA_VERIFY_URL: '',
      STAGE: 'production',
    });
    expect(environmentOf(everything, FUNCTION)).toMatchObject({
      API_TOKEN_SECRET_ID: 'shared/api-token',
      PSEUDONYM_KEY_SECRET_ID: '',
      CAPTCHA_SECRET_ID: '',
      ALLOWED_ORIGINS: ORIGIN,
      CAPTCHA_PROVIDER: 'recaptcha',
      CAPTCHA_FAILURE_MODE: 'open',
      CAPTCHA_MINIMUM_SCORE: '0.5',
    });
  });

  test('understands the environment that the template gives it', () => {
    for (const stack of [template, everything]) {
      expect(readFunctionConfig(environmentAsDeployed(stack, FUNCTION))).toMatchObject({
        forwarding: {
          credentialSecretId: stack === template ? 'by-cloudformation' : 'shared/api-token',
        },
        pseudonymKeySecretId: stack === template ? 'by-cloudformation' : undefined,
        responseTimeMs: 2000,
        limits: { cooldownMs: 60_000, perDay: 5 },
        attemptsTableName: 'by-cloudformation',
        outboxQueueUrl: 'https://by-cloudformation',
        events: { busName: 'by-cloudformation', includeReference: false },
        captcha:
          stack === template ? undefined : { provider: 'recaptcha', failureMode: 'open', minimumScore: 0.5 },
      });
    }
  });

  test.each([
    [
      'its own secrets',
      template,
      [
        { Ref: expect.stringMatching(/^ApiTokenSecret/) },
        { Ref: expect.stringMatching(/^PseudonymKeySecret/) },
      ],
    ],
    [
      'the one existing secret',
      everything,
      {
        'Fn::Join': ['', expect.arrayContaining([expect.stringMatching(/:secret:shared\/api-token-\?{6}$/)])],
      },
    ],
  ])(
    'may read %s, decide on attempts, send to the outbox, publish events, write its log and traces, and nothing else',
    (_name, stack, secret) => {
      expect(statementsOf(stack, FUNCTION)).toEqual([
        {
          Effect: 'Allow',
          Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
          Resource: '*',
        },
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: { 'Fn::GetAtt': [expect.stringMatching(/^RecoverUserFunctionLogs/), 'Arn'] },
        },
        { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secret },
        {
          Effect: 'Allow',
          Action: 'dynamodb:UpdateItem',
          Resource: { 'Fn::GetAtt': [expect.stringMatching(/^RateLimitTable/), 'Arn'] },
        },
        {
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Resource: { 'Fn::GetAtt': [expect.stringMatching(/^OutboxQueue/), 'Arn'] },
        },
        {
          Effect: 'Allow',
          Action: 'events:PutEvents',
          Resource: { 'Fn::GetAtt': [expect.stringMatching(/^EventsBus/), 'Arn'] },
        },
      ]);
    },
  );
});
