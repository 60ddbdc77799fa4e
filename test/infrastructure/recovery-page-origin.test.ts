import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { readConfig as readFunctionConfig } from '../../functions/recover-user/config.ts';
import { asDeployed, PAGE_ORIGIN } from './deployed-page.ts';
import {
  environmentAsDeployed,
  environmentOf,
  onlyPropertiesOf,
  propertiesOf,
  recoveryTemplate,
} from './synthesis.ts';

const ORIGIN = 'https://app.example.com';
const FUNCTION = 'RecoverUserFunction';

const gatewayResponse = z.looseObject({ ResponseParameters: z.record(z.string(), z.unknown()) });
const method = z.looseObject({ HttpMethod: z.string() });

const template = recoveryTemplate({ recoveryPage: true });
const besidesAnother = recoveryTemplate({ recoveryPage: true, allowedOrigins: [ORIGIN] });

describe("the recovery page's origin", () => {
  test('is allowed by the function, beside the others', () => {
    for (const [of, origins] of [
      [template, [PAGE_ORIGIN]],
      [besidesAnother, [ORIGIN, PAGE_ORIGIN]],
    ] as const) {
      const allowedOrigins = asDeployed(environmentOf(of, FUNCTION)['ALLOWED_ORIGINS']);
      expect(allowedOrigins).toBe(origins.join(','));
      const environment = { ...environmentAsDeployed(of, FUNCTION), ALLOWED_ORIGINS: allowedOrigins };
      expect(readFunctionConfig(environment).allowedOrigins).toEqual(origins);
    }
  });

  test('gets its preflights routed to the function', () => {
    expect(methodsOf(template)).toEqual(['ANY', 'OPTIONS', 'POST']);
    expect(methodsOf(recoveryTemplate())).toEqual(['ANY', 'POST']);
  });

  test("can read the API's own error responses", () => {
    for (const [of, allowed] of [
      [template, `'${PAGE_ORIGIN}'`],
      [besidesAnother, "'*'"],
    ] as const) {
      const responses = propertiesOf(of, 'AWS::ApiGateway::GatewayResponse');
      expect(responses.length).toBeGreaterThan(10);
      for (const response of responses) {
        const { ResponseParameters } = gatewayResponse.parse(response);
        expect(asDeployed(ResponseParameters['gatewayresponse.header.Access-Control-Allow-Origin'])).toBe(
          allowed,
        );
      }
    }
  });

  test("can read the web ACL's error responses", () => {
    const headers = JSON.stringify(onlyPropertiesOf(template, 'AWS::WAFv2::WebACL')).match(
      /\{"Name":"Access-Control-Allow-Origin","Value":\{"Fn::Join":\["",\["https:\/\/",\{"Fn::GetAtt":\["RecoveryPageDistribution\w+","DomainName"\]/g,
    );
    expect(headers).toHaveLength(3);
  });
});

function methodsOf(of: Template): string[] {
  return propertiesOf(of, 'AWS::ApiGateway::Method')
    .map((properties) => method.parse(properties).HttpMethod)
    .sort();
}
