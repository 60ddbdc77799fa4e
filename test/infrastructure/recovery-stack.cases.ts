import { describe, expect, test } from '@jest/globals';
import { Capture, Match, type Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { readConfig as readFunctionSettings } from '../../functions/recover-user/config.ts';
import { problemDocument, RESPONSE_HEADERS } from '../../functions/recover-user/http/contract.ts';
import { TYPED_ADDRESS } from '../../functions/recover-user/http/email-address.ts';
import { OUTCOME_METRICS } from '../../functions/runtime/metric-names.ts';
import {
  environmentAsDeployed,
  environmentOf,
  onlyPropertiesOf,
  propertiesOf,
  recoveryTemplate,
  statementsOf,
} from './synthesis.ts';

const ORIGIN = 'https://www.example.com';
const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0e-1';
const headers = z.record(z.string(), z.string());
const gatewayResponse = z.object({
  ResponseType: z.string(),
  StatusCode: z.string(),
  ResponseTemplates: headers,
  ResponseParameters: headers,
});
const requestModel = z.looseObject({
  Schema: z.looseObject({
    properties: z.looseObject({ email: z.looseObject({ pattern: z.string() }) }),
  }),
});
const insightRule = z.looseObject({
  LogGroupNames: z.array(z.string()),
  Contribution: z.strictObject({
    Keys: z.array(z.string()),
    // CloudWatch takes ten values
    Filters: z.array(z.strictObject({ Match: z.string(), NotIn: z.array(z.string()).max(10) })),
  }),
});
const mockAnswer = gatewayResponse.omit({ ResponseType: true });
const mockMethod = z.object({
  Integration: z.object({
    Type: z.string(),
    PassthroughBehavior: z.string(),
    RequestTemplates: headers,
    IntegrationResponses: z.array(mockAnswer),
  }),
  MethodResponses: z.array(z.object({ ResponseParameters: z.record(z.string(), z.literal(true)) })),
});

const template = recoveryTemplate();
const everything = recoveryTemplate({
  allowedOrigins: [ORIGIN],
  alarmEmail: 'on-call@example.com',
  domainName: 'recovery.example.com',
  certificateArn: CERTIFICATE,
  apiTokenSecretName: 'shared/api-token',
  reservedConcurrency: 300,
  captcha: { provider: 'recaptcha', failureMode: 'open', minimumScore: 0.5 },
});

const FUNCTION = 'RecoverUserFunction';

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

  test('has the logical id that `sam local` is called with', () => {
    expect(Object.keys(template.findResources('AWS::Lambda::Function')).sort()).toEqual([
      'DeliverOutboxFunction',
      'RecoverUserFunction',
    ]);
  });

  test('is told everything by its environment; what is absent is empty, so that `sam local` can override it', () => {
    expect(environmentOf(template, FUNCTION)).toEqual({
      STAGE: 'production',
      DELIVERY: 'direct',
      API_TOKEN_SECRET_ID: { Ref: expect.stringMatching(/^ApiTokenSecret/) },
      PSEUDONYM_KEY_SECRET_ID: { Ref: expect.stringMatching(/^PseudonymKeySecret/) },
      CAPTCHA_SECRET_ID: '',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: '',
      BEYOND_IDENTITY_API_URL: 'https://api.byndid.com',
      ALLOWED_ORIGINS: '',
      RESPONSE_TIME_MS: '2000',
      ATTEMPTS_TABLE_NAME: { Ref: expect.stringMatching(/^RateLimitTable/) },
      AWS_ENDPOINT_URL_DYNAMODB: '',
      MAILBOX_COOLDOWN_SECONDS: '60',
      MAILBOX_ATTEMPTS_PER_DAY: '5',
      OUTBOX_QUEUE_URL: { Ref: expect.stringMatching(/^OutboxQueue/) },
      AWS_ENDPOINT_URL_SQS: '',
      AUDIT_LOG_GROUP_NAME: { Ref: expect.stringMatching(/^AuditLogEvents/) },
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: '',
      CAPTCHA_PROVIDER: '',
      CAPTCHA_FAILURE_MODE: '',
      CAPTCHA_MINIMUM_SCORE: '',
      CAPTCHA_VERIFY_URL: '',
      NODE_OPTIONS: '--enable-source-maps',
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
      expect(readFunctionSettings(environmentAsDeployed(stack, FUNCTION))).toMatchObject({
        secretIds: { apiToken: stack === template ? 'by-cloudformation' : 'shared/api-token' },
        responseTimeMs: 2000,
        limits: { cooldownMs: 60_000, perDay: 5 },
        attemptsTableName: 'by-cloudformation',
        outboxQueueUrl: 'https://by-cloudformation',
        auditLogGroupName: 'by-cloudformation',
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
    'may read %s, decide on attempts, send to the outbox, write its log and audit events and send traces, and nothing else',
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
          Resource: [
            { 'Fn::GetAtt': [expect.stringMatching(/^AuditLogEvents/), 'Arn'] },
            { 'Fn::GetAtt': [expect.stringMatching(/^RecoverUserFunctionLogs/), 'Arn'] },
          ],
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
      ]);
    },
  );
});

describe('the secret', () => {
  test('of our own holds no token until somebody stores one, and outlives the stack', () => {
    template.hasResource('AWS::SecretsManager::Secret', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        GenerateSecretString: {
          SecretStringTemplate: '{"API_TOKEN":""}',
          GenerateStringKey: 'UNUSED',
          ExcludePunctuation: true,
          PasswordLength: 64,
        },
      },
    });
  });

  test('that exists is used as it is', () => {
    everything.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(JSON.stringify(everything.findOutputs('ApiTokenSecretArn'))).toContain(':secret:shared/api-token');
  });

  test('of a CAPTCHA holds no key until somebody stores one, and only the endpoint can read it', () => {
    for (const delivery of ['direct', 'queued']) {
      const withCaptcha = recoveryTemplate({ delivery, captcha: { provider: 'turnstile' } });
      withCaptcha.hasResourceProperties('AWS::SecretsManager::Secret', {
        GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"CAPTCHA_SECRET":""}' }),
      });
      expect(environmentOf(withCaptcha, FUNCTION)).toMatchObject({
        CAPTCHA_SECRET_ID: { Ref: expect.stringMatching(/^CaptchaSecret/) },
      });
      expect(JSON.stringify(statementsOf(withCaptcha, FUNCTION))).toContain('CaptchaSecret');
      expect(JSON.stringify(statementsOf(withCaptcha, 'DeliverOutboxFunction'))).not.toContain(
        'CaptchaSecret',
      );
      expect(Object.keys(withCaptcha.findOutputs('CaptchaSecretArn'))).toHaveLength(1);
    }
  });
});

describe('the rate limiter', () => {
  test('is keyed by pseudonym, paid by request, forgets after the time to live, and can be restored', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'mailbox', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'mailbox', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 1 },
    });
  });

  test('goes with the stack: a day later nothing in it would count', () => {
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });
});

describe('the audit log', () => {
  test('is a log group of its own that outlives the stack', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { RetentionInDays: 90 },
    });
  });

  test('is counted by source, but for requests that the rate limiter did not admit', () => {
    const body = new Capture();
    template.hasResourceProperties('AWS::CloudWatch::InsightRule', {
      RuleName: 'RecoveryStack-attempts-by-source',
      RuleState: 'ENABLED',
      RuleBody: { 'Fn::Join': ['', body] },
    });
    const [before, group, after]: unknown[] = body.asArray();
    expect(group).toEqual({ Ref: expect.stringMatching(/^AuditLogEvents/) });
    const { LogGroupNames, Contribution, ...rest } = insightRule.parse(
      JSON.parse(`${before}the-group${after}`),
    );
    expect(LogGroupNames).toEqual(['the-group']);
    expect(rest).toEqual({
      Schema: { Name: 'CloudWatchLogRule', Version: 1 },
      LogFormat: 'JSON',
      AggregateOn: 'Count',
    });
    const { Keys, Filters } = Contribution;
    expect(Keys).toEqual(['$.sourceIp']);
    expect(Filters.map(({ Match }) => Match)).toEqual(['$.outcome']);
    const counted = Object.keys(OUTCOME_METRICS).filter((outcome) => !Filters[0]?.NotIn.includes(outcome));
    expect(counted.sort()).toEqual([
      'deadline-exceeded',
      'failed',
      'forwarded',
      'misconfigured',
      'not-recoverable',
      'outbox-failed',
      'queued',
      'token-refused',
      'token-unavailable',
      'upstream-failed',
    ]);
  });
});

describe('the endpoint', () => {
  test('is a regional REST API that refuses old TLS', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      DisableExecuteApiEndpoint: false,
    });
  });

  test('is throttled, traced and measured; nothing logs what a request held', () => {
    const format = new Capture();
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'production',
      TracingEnabled: true,
      AccessLogSetting: { Format: format },
      MethodSettings: [
        {
          HttpMethod: '*',
          ResourcePath: '/*',
          ThrottlingRateLimit: 50,
          ThrottlingBurstLimit: 200,
          MetricsEnabled: true,
          LoggingLevel: 'OFF',
          DataTraceEnabled: false,
        },
      ],
    });
    const fields = Object.values<unknown>(JSON.parse(format.asString()));
    expect(fields).toContain('$context.requestId');
    expect(fields).not.toContainEqual(
      expect.stringMatching(/validationErrorString|error\.message|\$context\.path/),
    );
  });

  test('checks the body with the schema of the contract', () => {
    template.hasResourceProperties('AWS::ApiGateway::RequestValidator', { ValidateRequestBody: true });
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST',
      AuthorizationType: 'NONE',
      Integration: { Type: 'AWS_PROXY' },
      RequestModels: { 'application/json': { Ref: Match.stringLikeRegexp('RequestModel') } },
      RequestValidatorId: { Ref: Match.stringLikeRegexp('RequestValidator') },
    });
    expect(onlyPropertiesOf(template, 'AWS::ApiGateway::Model')).toMatchObject({
      ContentType: 'application/json',
      Schema: {
        $schema: 'http://json-schema.org/draft-04/schema#',
        required: ['email'],
        properties: {
          email: { type: 'string', format: 'idn-email', maxLength: 254, pattern: TYPED_ADDRESS.source },
        },
      },
    });
  });

  test.each([
    ['jane@example.com', true],
    [' jane@bücher.example ', true],
    ['foo..bar@example.ne.jp', true],
    ['jane@exa\tmple.com', false],
    ['jane@exa\r\nmple.com', false],
    ['a@ä.com/\r\nSubject: x', false],
    ['jane@ü%41.com', false],
    ['jane', false],
  ])('has the gateway judge the address %j by its pattern: %j', (email, isAccepted) => {
    const { Schema } = requestModel.parse(onlyPropertiesOf(template, 'AWS::ApiGateway::Model'));
    expect(new RegExp(Schema.properties.email.pattern).test(email)).toBe(isAccepted);
  });

  test('has the function answer preflights, and only when there are allowed origins', () => {
    expect(methodsOf(template)).toEqual([
      ['ANY', 'MOCK'],
      ['POST', 'AWS_PROXY'],
    ]);
    expect(methodsOf(everything)).toEqual([
      ['ANY', 'MOCK'],
      ['POST', 'AWS_PROXY'],
      ['OPTIONS', 'AWS_PROXY'],
    ]);
  });

  test.each([
    ['no origin', template, "'POST'"],
    ['an origin', everything, "'POST, OPTIONS'"],
  ])('answers other methods with a 405, with %s', (_name, stack, allow) => {
    const answer = new Capture();
    stack.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'ANY',
      Integration: {
        Type: 'MOCK',
        PassthroughBehavior: 'NEVER',
        RequestTemplates: Match.objectLike({ 'application/json': '{"statusCode":405}' }),
        IntegrationResponses: [answer],
      },
      MethodResponses: [{ StatusCode: '405' }],
    });
    const { StatusCode, ResponseTemplates, ResponseParameters } = mockAnswer.parse(answer.asObject());
    expect(problemOf(ResponseTemplates)).toMatchObject({ status: Number(StatusCode) });
    expect(headersOf(ResponseParameters)).toMatchObject({ Allow: allow });
  });

  test.each([
    'application/json',
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/octet-stream',
    'application/xml',
    'text/plain',
    'text/xml',
  ])('answers another method with a 405 and not a 415 where the body is %s, without the function', (type) => {
    const { Integration } = mockMethod.parse(methodFor(template, 'ANY'));
    expect(Integration).toMatchObject({
      Type: 'MOCK',
      PassthroughBehavior: 'NEVER',
      RequestTemplates: { [type]: '{"statusCode":405}' },
    });
  });

  test('answers every content type that it names with the same 405', () => {
    const { RequestTemplates } = mockMethod.parse(methodFor(template, 'ANY')).Integration;
    expect(new Set(Object.values(RequestTemplates))).toEqual(new Set(['{"statusCode":405}']));
    // API Gateway compares without parameters, and would never find a name with one
    for (const type of Object.keys(RequestTemplates)) expect(type).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
  });

  test('tells `sam local`, by the 405, what preflights may be answered with; without an origin there are none', () => {
    const headers = headersOf(mockHeadersOf(everything));
    expect(headers).toMatchObject({
      'Access-Control-Allow-Origin': `'${ORIGIN}'`,
      'Access-Control-Allow-Headers': "'Content-Type'",
      'Access-Control-Allow-Methods': "'POST, OPTIONS'",
    });
    expect(JSON.stringify(mockHeadersOf(template))).not.toContain('Access-Control');
    // API Gateway sends only what the method declares
    const declared = mockMethod.parse(methodFor(everything, 'ANY')).MethodResponses[0]?.ResponseParameters;
    expect(Object.keys(declared ?? {})).toEqual(Object.keys(mockHeadersOf(everything)));
  });

  test('is served from a domain of ones own alone, when there is one', () => {
    everything.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
    everything.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'recovery.example.com',
      RegionalCertificateArn: CERTIFICATE,
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
    });
    everything.resourceCountIs('AWS::ApiGateway::BasePathMapping', 1);
    template.resourceCountIs('AWS::ApiGateway::DomainName', 0);
  });

  test('is deployed anew when a refusal or the request model changes', () => {
    const [deployment] = Object.entries(template.findResources('AWS::ApiGateway::Deployment'));
    const [other] = Object.entries(
      recoveryTemplate({ allowedOrigins: [ORIGIN] }).findResources('AWS::ApiGateway::Deployment'),
    );
    expect(deployment?.[0]).not.toBe(other?.[0]);
    const dependencies: unknown = deployment?.[1]['DependsOn'];
    for (const type of [
      'AWS::ApiGateway::GatewayResponse',
      'AWS::ApiGateway::Model',
      'AWS::ApiGateway::Method',
    ]) {
      expect(dependencies).toEqual(expect.arrayContaining(Object.keys(template.findResources(type))));
    }
  });
});

describe('refusals of the gateway itself', () => {
  const refusals = (stack: Template) =>
    propertiesOf(stack, 'AWS::ApiGateway::GatewayResponse').map((properties) =>
      gatewayResponse.parse(properties),
    );

  test.each(refusals(everything).map((refusal) => [refusal.ResponseType, refusal] as const))(
    '%s is a problem document that a page of the allowed origin can read',
    (_type, { StatusCode, ResponseTemplates, ResponseParameters }) => {
      expect(problemOf(ResponseTemplates)).toMatchObject({ type: 'about:blank', status: Number(StatusCode) });
      expect(headersOf(ResponseParameters)).toMatchObject({
        ...Object.fromEntries(Object.entries(RESPONSE_HEADERS).map(([name, value]) => [name, `'${value}'`])),
        'Content-Type': "'application/problem+json; charset=utf-8'",
        'X-Request-Id': 'context.requestId',
        'Access-Control-Allow-Origin': `'${ORIGIN}'`,
        'Access-Control-Expose-Headers': "'Retry-After, X-Request-Id'",
        Vary: "'Origin'",
      });
    },
  );

  test('cover all that can happen, the rest by two defaults', () => {
    expect(
      Object.fromEntries(
        refusals(template).map(({ ResponseType, StatusCode }) => [ResponseType, StatusCode]),
      ),
    ).toEqual({
      BAD_REQUEST_BODY: '400',
      ACCESS_DENIED: '403',
      WAF_FILTERED: '403',
      MISSING_AUTHENTICATION_TOKEN: '404',
      RESOURCE_NOT_FOUND: '404',
      REQUEST_TOO_LARGE: '413',
      UNSUPPORTED_MEDIA_TYPE: '415',
      THROTTLED: '429',
      QUOTA_EXCEEDED: '429',
      INTEGRATION_FAILURE: '502',
      INTEGRATION_TIMEOUT: '504',
      DEFAULT_4XX: '400',
      DEFAULT_5XX: '500',
    });
  });

  test('say when to try again, where it helps', () => {
    const throttled = refusals(template).find(({ ResponseType }) => ResponseType === 'THROTTLED');
    expect(headersOf(throttled?.ResponseParameters ?? {})).toMatchObject({ 'Retry-After': "'1'" });
  });

  test('carry no CORS headers without an allowed origin, and never an unchecked one', () => {
    expect(JSON.stringify(refusals(template))).not.toContain('Access-Control');
    const several = refusals(recoveryTemplate({ allowedOrigins: [ORIGIN, 'https://app.example.com'] }));
    expect(JSON.stringify(several)).not.toContain('method.request');
    for (const { ResponseParameters } of several) {
      expect(headersOf(ResponseParameters)).toMatchObject({ 'Access-Control-Allow-Origin': "'*'" });
    }
  });

  test('never echo the request', () => {
    for (const { ResponseTemplates } of refusals(template)) {
      expect(JSON.stringify(ResponseTemplates).match(/\$[\w.]+/g)).toEqual(['$context.requestId']);
    }
  });
});

describe('the stack', () => {
  test('has the outputs that others rely on', () => {
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
      'ApiTokenSecretArn',
      'AuditLogGroupName',
      'DashboardUrl',
      'DeadLetterQueueUrl',
      'EndpointUrl',
      'OutboxQueueUrl',
      'PseudonymKeySecretArn',
    ]);
    expect(JSON.stringify(template.findOutputs('EndpointUrl'))).toMatch(/\/recover-user"/);
    expect(everything.findOutputs('EndpointUrl')['EndpointUrl']).toMatchObject({
      Value: 'https://recovery.example.com/recover-user',
    });
    expect(Object.keys(everything.findOutputs('CustomDomainTarget'))).toEqual(['CustomDomainTarget']);
  });

  test('keeps its logs for as long as the settings say', () => {
    const stack = recoveryTemplate({ logRetentionDays: 7, auditRetentionDays: 365 });
    const retention = Object.entries(stack.findResources('AWS::Logs::LogGroup')).map(
      ([id, { Properties }]) => [id.replace(/[0-9A-F]{8}$/, ''), Properties.RetentionInDays],
    );
    expect(Object.fromEntries(retention)).toEqual({
      AuditLogEvents: 365,
      DeliverOutboxFunctionLogs: 7,
      RecoverUserFunctionLogs: 7,
      RecoveryEndpointAccessLog: 7,
      WebAclLog: 7,
    });
  });
});

/** The problem document that a template comes to, checked against the contract. */
function problemOf(templates: Record<string, string>) {
  const text = templates['application/json']?.replaceAll(
    '$context.requestId',
    'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
  );
  return problemDocument.parse(JSON.parse(text ?? ''));
}

/** Headers by their name alone, without `gatewayresponse.header.`. */
function headersOf(parameters: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name.replace(/^(gatewayresponse|method\.response)\.header\./, ''),
      value,
    ]),
  );
}

/** The only method of a verb. */
function methodFor(stack: Template, verb: string): unknown {
  return propertiesOf(stack, 'AWS::ApiGateway::Method').find(({ HttpMethod }) => HttpMethod === verb);
}

/** The headers that API Gateway answers other methods with, in its own notation. */
function mockHeadersOf(stack: Template): Record<string, string> {
  const [answer] = mockMethod.parse(methodFor(stack, 'ANY')).Integration.IntegrationResponses;
  return answer?.ResponseParameters ?? {};
}

/** Method and kind of integration, in the order of the template, in which `sam local` lets the last one win. */
function methodsOf(stack: Template): unknown[] {
  const method = z.object({ HttpMethod: z.string(), Integration: z.object({ Type: z.string() }) });
  return propertiesOf(stack, 'AWS::ApiGateway::Method')
    .map((properties) => method.parse(properties))
    .map(({ HttpMethod, Integration }) => [HttpMethod, Integration.Type]);
}
