import { describe, expect, test } from '@jest/globals';
import { Capture, Match, type Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { TYPED_ADDRESS } from '../../functions/recover-user/http/email-address.ts';
import { onlyPropertiesOf, propertiesOf, recoveryTemplate } from './synthesis.ts';

const ORIGIN = 'https://www.example.com';
const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0e-1';
const requestModel = z.looseObject({
  Schema: z.looseObject({
    properties: z.looseObject({ email: z.looseObject({ pattern: z.string() }) }),
  }),
});

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

describe('the endpoint', () => {
  test('is a regional REST API that rejects old TLS', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      DisableExecuteApiEndpoint: false,
    });
  });

  test('is throttled, traced and measured, and logs no content of requests', () => {
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

  test('validates the body with the schema of the contract', () => {
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
  ])('validates the address %j by its pattern in the gateway: %j', (email, isAccepted) => {
    const { Schema } = requestModel.parse(onlyPropertiesOf(template, 'AWS::ApiGateway::Model'));
    expect(new RegExp(Schema.properties.email.pattern).test(email)).toBe(isAccepted);
  });

  test('routes preflights to the function only when there are allowed origins', () => {
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

  test('is served only from the custom domain when configured', () => {
    everything.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
    everything.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'recovery.example.com',
      RegionalCertificateArn: CERTIFICATE,
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
    });
    everything.resourceCountIs('AWS::ApiGateway::BasePathMapping', 1);
    template.resourceCountIs('AWS::ApiGateway::DomainName', 0);
  });

  test('creates a new deployment when an error response or the request model changes', () => {
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

/** Method and kind of integration, in the order of the template, in which `sam local` lets the last one win. */
function methodsOf(stack: Template): unknown[] {
  const method = z.object({ HttpMethod: z.string(), Integration: z.object({ Type: z.string() }) });
  return propertiesOf(stack, 'AWS::ApiGateway::Method')
    .map((properties) => method.parse(properties))
    .map(({ HttpMethod, Integration }) => [HttpMethod, Integration.Type]);
}
