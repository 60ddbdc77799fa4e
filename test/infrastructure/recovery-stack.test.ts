import { describe, expect, test } from '@jest/globals';
import { Capture, Match, type Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import {
  ANSWER_HEADERS,
  problemDocument,
  recoverUserRequest,
} from '../../functions/recover-user/contract.ts';
import { METRICS_NAMESPACE, SERVICE } from '../../functions/recover-user/metric-names.ts';
import { onlyPropertiesOf, propertiesOf, recoveryTemplate } from './synthesis.ts';

const ORIGIN = 'https://www.example.com';
const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0e-1';
const headers = z.record(z.string(), z.string());
const gatewayResponse = z.object({
  ResponseType: z.string(),
  StatusCode: z.string(),
  ResponseTemplates: headers,
  ResponseParameters: headers,
});
const mockAnswer = gatewayResponse.omit({ ResponseType: true });

const template = recoveryTemplate();
const everything = recoveryTemplate({
  allowedOrigins: [ORIGIN],
  alarmEmail: 'on-call@example.com',
  domainName: 'recovery.example.com',
  certificateArn: CERTIFICATE,
  apiTokenSecretName: 'shared/api-token',
  reservedConcurrency: 5,
});

describe('the function', () => {
  test('runs Node 24 on arm64 as an ES module, traced, logging JSON to a group of its own', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 15,
      MemorySize: 512,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: {
        LogFormat: 'JSON',
        LogGroup: { Ref: Match.stringLikeRegexp('^RecoverUserFunctionLogs') },
      },
      ReservedConcurrentExecutions: Match.absent(),
    });
    everything.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 5 });
  });

  test('has the logical id that `sam local` is called with', () => {
    expect(Object.keys(template.findResources('AWS::Lambda::Function'))).toEqual(['RecoverUserFunction']);
  });

  test('is told everything by its environment, and allowed origins only when there are any', () => {
    expect(onlyPropertiesOf(template, 'AWS::Lambda::Function')['Environment']).toEqual({
      Variables: {
        API_TOKEN_SECRET_ID: { Ref: expect.stringMatching(/^ApiTokenSecret/) },
        AWS_ENDPOINT_URL_SECRETS_MANAGER: '',
        BEYOND_IDENTITY_API_URL: 'https://api.byndid.com',
        NODE_OPTIONS: '--enable-source-maps',
      },
    });
    expect(onlyPropertiesOf(everything, 'AWS::Lambda::Function')['Environment']).toMatchObject({
      Variables: { API_TOKEN_SECRET_ID: 'shared/api-token', ALLOWED_ORIGINS: ORIGIN },
    });
  });

  test.each([
    ['its own secret', template, { Ref: expect.stringMatching(/^ApiTokenSecret/) }],
    [
      'the one existing secret',
      everything,
      {
        'Fn::Join': ['', expect.arrayContaining([expect.stringMatching(/:secret:shared\/api-token-\?{6}$/)])],
      },
    ],
  ])('may read %s, write its own log and send traces, and nothing else', (_name, stack, secret) => {
    expect(propertiesOf(stack, 'AWS::IAM::Policy')).toEqual([
      expect.objectContaining({
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Resource: '*' },
            { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secret },
            {
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource: { 'Fn::GetAtt': [expect.stringMatching(/^RecoverUserFunctionLogs/), 'Arn'] },
            },
          ],
        },
      }),
    ]);
  });
});

describe('the secret', () => {
  test('of our own holds no token until somebody stores one, and outlives the stack', () => {
    template.hasResource('AWS::SecretsManager::Secret', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        GenerateSecretString: {
          SecretStringTemplate: '{"API_TOKEN":""}',
          GenerateStringKey: 'PSEUDONYM_KEY',
          ExcludePunctuation: true,
          PasswordLength: 64,
        },
      },
    });
  });

  test('that exists is used as it is', () => {
    everything.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(everything.findOutputs('ApiTokenSecretName')['ApiTokenSecretName']).toMatchObject({
      Value: 'shared/api-token',
    });
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
          ThrottlingRateLimit: 10,
          ThrottlingBurstLimit: 20,
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
      Schema: z.toJSONSchema(recoverUserRequest, { io: 'input', target: 'draft-4' }),
    });
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
        RequestTemplates: { 'application/json': '{"statusCode":405}' },
        IntegrationResponses: [answer],
      },
      MethodResponses: [{ StatusCode: '405' }],
    });
    const { StatusCode, ResponseTemplates, ResponseParameters } = mockAnswer.parse(answer.asObject());
    expect(problemOf(ResponseTemplates)).toMatchObject({ status: Number(StatusCode) });
    expect(headersOf(ResponseParameters)).toMatchObject({ Allow: allow });
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
        ...Object.fromEntries(Object.entries(ANSWER_HEADERS).map(([name, value]) => [name, `'${value}'`])),
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

describe('alarms', () => {
  test.each(['TokenRefused', 'TokenUnavailable', 'UpstreamFailed', 'Failed'])(
    'watch the outcome %s',
    (metric) => {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: METRICS_NAMESPACE,
        MetricName: metric,
        Dimensions: [{ Name: 'service', Value: SERVICE }],
        Threshold: 1,
      });
    },
  );

  test.each([
    ['AWS/Lambda', 'Errors'],
    ['AWS/Lambda', 'Throttles'],
    ['AWS/ApiGateway', '5XXError'],
  ])('watch %s %s', (namespace, metric) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: namespace,
      MetricName: metric,
      Statistic: 'Sum',
    });
  });

  test('explain themselves and do not mind a day without requests', () => {
    const alarms = propertiesOf(template, 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(7);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        TreatMissingData: 'notBreaching',
        AlarmDescription: expect.stringMatching(/.{80}/),
      });
    }
  });

  test('tell somebody only when there is somebody to tell', () => {
    template.resourceCountIs('AWS::SNS::Topic', 0);
    template.resourceCountIs('AWS::KMS::Key', 0);
    for (const alarm of propertiesOf(template, 'AWS::CloudWatch::Alarm'))
      expect(alarm).not.toHaveProperty('AlarmActions');

    const topic = { Ref: expect.stringMatching(/^AlarmsTopic/) };
    for (const alarm of propertiesOf(everything, 'AWS::CloudWatch::Alarm')) {
      expect(alarm).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
    }
    everything.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
    });
  });

  test('go through a topic that is encrypted, takes TLS only, and that CloudWatch can use', () => {
    const fromThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };
    everything.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    everything.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: cloudWatch,
            Condition: fromThisAccount,
          }),
        ]),
      },
    });
    everything.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({ Principal: cloudWatch, Condition: fromThisAccount })]),
      },
    });
  });
});

describe('the stack', () => {
  test('has the outputs that others rely on', () => {
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
      'ApiTokenSecretName',
      'DashboardUrl',
      'EndpointUrl',
    ]);
    expect(JSON.stringify(template.findOutputs('EndpointUrl'))).toMatch(/\/recover-user"/);
    expect(everything.findOutputs('EndpointUrl')['EndpointUrl']).toMatchObject({
      Value: 'https://recovery.example.com/recover-user',
    });
    expect(Object.keys(everything.findOutputs('CustomDomainTarget'))).toEqual(['CustomDomainTarget']);
  });

  test('keeps its logs for as long as the setting says', () => {
    const groups = propertiesOf(recoveryTemplate({ logRetentionDays: 90 }), 'AWS::Logs::LogGroup');
    expect(groups).toEqual([{ RetentionInDays: 90 }, { RetentionInDays: 90 }]);
  });

  test('shows on a dashboard whether recovery works', () => {
    const body = JSON.stringify(onlyPropertiesOf(template, 'AWS::CloudWatch::Dashboard'));
    for (const metric of [
      'Forwarded',
      'NotRecoverable',
      'UpstreamLatency',
      '4XXError',
      '5XXError',
      'Throttles',
      'Duration',
    ]) {
      expect(body).toContain(metric);
    }
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

/** Method and kind of integration, in the order of the template, in which `sam local` lets the last one win. */
function methodsOf(stack: Template): unknown[] {
  const method = z.object({ HttpMethod: z.string(), Integration: z.object({ Type: z.string() }) });
  return propertiesOf(stack, 'AWS::ApiGateway::Method')
    .map((properties) => method.parse(properties))
    .map(({ HttpMethod, Integration }) => [HttpMethod, Integration.Type]);
}
