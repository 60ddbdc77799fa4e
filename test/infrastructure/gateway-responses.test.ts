import { describe, expect, test } from '@jest/globals';
import { Capture, Match, type Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { RESPONSE_HEADERS } from '../../functions/recover-user/http/contract.ts';
import { gatewayResponse, headersOf, problemOf } from './gateway-templates.ts';
import { propertiesOf, recoveryTemplate } from './synthesis.ts';

const ORIGIN = 'https://www.example.com';
const headers = z.record(z.string(), z.string());
const mockResponse = gatewayResponse.omit({ ResponseType: true });
const mockMethod = z.object({
  Integration: z.object({
    Type: z.string(),
    PassthroughBehavior: z.string(),
    RequestTemplates: headers,
    IntegrationResponses: z.array(mockResponse),
  }),
  MethodResponses: z.array(z.object({ ResponseParameters: z.record(z.string(), z.literal(true)) })),
});

const template = recoveryTemplate();
const everything = recoveryTemplate({ allowedOrigins: [ORIGIN] });

describe('methods other than POST', () => {
  test.each([
    ['no origin', template, "'POST'"],
    ['an origin', everything, "'POST, OPTIONS'"],
  ])('get a 405 without the function, with %s', (_name, stack, allow) => {
    const response = new Capture();
    stack.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'ANY',
      Integration: {
        Type: 'MOCK',
        PassthroughBehavior: 'NEVER',
        RequestTemplates: Match.objectLike({ 'application/json': '{"statusCode":405}' }),
        IntegrationResponses: [response],
      },
      MethodResponses: [{ StatusCode: '405' }],
    });
    const { StatusCode, ResponseTemplates, ResponseParameters } = mockResponse.parse(response.asObject());
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
  ])('get a 405 and not a 415 where the body is %s', (type) => {
    const { Integration } = mockMethod.parse(methodFor(template, 'ANY'));
    expect(Integration).toMatchObject({
      Type: 'MOCK',
      PassthroughBehavior: 'NEVER',
      RequestTemplates: { [type]: '{"statusCode":405}' },
    });
  });

  test('get the same 405 for every content type that is named', () => {
    const { RequestTemplates } = mockMethod.parse(methodFor(template, 'ANY')).Integration;
    expect(new Set(Object.values(RequestTemplates))).toEqual(new Set(['{"statusCode":405}']));
    // API Gateway compares without parameters, and would never find a name with one
    for (const type of Object.keys(RequestTemplates)) expect(type).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
  });

  test('get the CORS headers that `sam local` copies for preflights, and none without an allowed origin', () => {
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
});

describe('gateway responses', () => {
  const responses = (stack: Template) =>
    propertiesOf(stack, 'AWS::ApiGateway::GatewayResponse').map((properties) =>
      gatewayResponse.parse(properties),
    );

  test.each(responses(everything).map((response) => [response.ResponseType, response] as const))(
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
        responses(template).map(({ ResponseType, StatusCode }) => [ResponseType, StatusCode]),
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
    const throttled = responses(template).find(({ ResponseType }) => ResponseType === 'THROTTLED');
    expect(headersOf(throttled?.ResponseParameters ?? {})).toMatchObject({ 'Retry-After': "'1'" });
  });

  test('carry no CORS headers without an allowed origin, and never an unchecked one', () => {
    expect(JSON.stringify(responses(template))).not.toContain('Access-Control');
    const several = responses(recoveryTemplate({ allowedOrigins: [ORIGIN, 'https://app.example.com'] }));
    expect(JSON.stringify(several)).not.toContain('method.request');
    for (const { ResponseParameters } of several) {
      expect(headersOf(ResponseParameters)).toMatchObject({ 'Access-Control-Allow-Origin': "'*'" });
    }
  });

  test('never echo the request', () => {
    for (const { ResponseTemplates } of responses(template)) {
      expect(JSON.stringify(ResponseTemplates).match(/\$[\w.]+/g)).toEqual(['$context.requestId']);
    }
  });
});

/** The only method of a verb. */
function methodFor(stack: Template, verb: string): unknown {
  return propertiesOf(stack, 'AWS::ApiGateway::Method').find(({ HttpMethod }) => HttpMethod === verb);
}

/** The headers that API Gateway responds to other methods with, in its own notation. */
function mockHeadersOf(stack: Template): Record<string, string> {
  const [response] = mockMethod.parse(methodFor(stack, 'ANY')).Integration.IntegrationResponses;
  return response?.ResponseParameters ?? {};
}
