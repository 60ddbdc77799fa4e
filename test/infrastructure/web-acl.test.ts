import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import {
  MAXIMUM_BODY_BYTES,
  problemDocument,
  RESPONSE_HEADERS,
} from '../../functions/recover-user/http/contract.ts';
import { EVERYTHING, onlyPropertiesOf, recoveryTemplate } from './synthesis.ts';

const ORIGIN = 'https://www.example.com';

const statement = z.record(z.string(), z.unknown());
const rateLimit = z.strictObject({
  AggregateKeyType: z.string(),
  EvaluationWindowSec: z.number(),
  Limit: z.number(),
  ScopeDownStatement: statement,
});
const customResponse = z.strictObject({
  ResponseCode: z.int(),
  CustomResponseBodyKey: z.string(),
  ResponseHeaders: z.array(z.strictObject({ Name: z.string(), Value: z.string().min(1).max(255) })),
});
const action = z.union([
  z.strictObject({ Block: z.strictObject({ CustomResponse: customResponse }) }),
  z.strictObject({ Allow: z.strictObject({}) }),
]);
const webAcl = z.looseObject({
  Rules: z.array(
    z.looseObject({
      Name: z.string(),
      Priority: z.int(),
      Statement: statement,
      Action: action.optional(),
      OverrideAction: z.unknown().optional(),
      VisibilityConfig: z.unknown(),
    }),
  ),
  CustomResponseBodies: z.record(
    z.string(),
    z.strictObject({ ContentType: z.string(), Content: z.string() }),
  ),
});

const template = recoveryTemplate();
const forPages = recoveryTemplate({ allowedOrigins: [ORIGIN], requestsPerClientIp: 40 });

const isPreflight = {
  ByteMatchStatement: {
    FieldToMatch: { Method: {} },
    PositionalConstraint: 'EXACTLY',
    SearchString: 'OPTIONS',
    TextTransformations: [{ Priority: 0, Type: 'NONE' }],
  },
};

describe('the web ACL', () => {
  test('protects the stage and lets through what no rule blocks', () => {
    expect(onlyPropertiesOf(template, 'AWS::WAFv2::WebACL')).toMatchObject({
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
    });
    const association = JSON.stringify(onlyPropertiesOf(template, 'AWS::WAFv2::WebACLAssociation'));
    expect(association).toMatch(
      /"RecoveryEndpointApi\w+"\},"\/stages\/",\{"Ref":"RecoveryEndpointApiDeploymentStage/,
    );
    expect(association).toMatch(/"WebACLArn":\{"Fn::GetAtt":\["WebAcl\w+","Arn"\]/);
  });

  test('orders its rules so that no rule blocks a preflight without a readable response', () => {
    expect(webAclOf(template).Rules.map(({ Name }) => Name)).toEqual([
      'RequestsPerClientIp',
      'PreflightsPerSource',
      'BodySize',
      'Preflights',
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
    ]);
    expect(webAclOf(template).Rules.map(({ Priority }) => Priority)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(ruleOf(template, 'Preflights')).toMatchObject({ Statement: isPreflight, Action: { Allow: {} } });
  });

  test.each([
    ['RequestsPerClientIp', { NotStatement: { Statement: isPreflight } }, 100, 40],
    ['PreflightsPerSource', isPreflight, 200, 80],
  ])('%s counts by the address of the connection in five minutes', (name, scope, byDefault, limit) => {
    for (const [stack, expected] of [
      [template, byDefault],
      [forPages, limit],
    ] as const) {
      expect(rateLimit.parse(ruleOf(stack, name).Statement['RateBasedStatement'])).toEqual({
        AggregateKeyType: 'IP',
        EvaluationWindowSec: 300,
        Limit: expected,
        ScopeDownStatement: scope,
      });
    }
    expect(JSON.stringify(webAclOf(template))).not.toContain('Forwarded');
  });

  test('blocks bodies that the function would not read, and those longer than it inspects', () => {
    expect(ruleOf(template, 'BodySize').Statement).toEqual({
      SizeConstraintStatement: {
        FieldToMatch: { Body: { OversizeHandling: 'MATCH' } },
        ComparisonOperator: 'GT',
        Size: MAXIMUM_BODY_BYTES,
        TextTransformations: [{ Priority: 0, Type: 'NONE' }],
      },
    });
  });

  test('allows larger bodies where they hold the token of a CAPTCHA', () => {
    const checked = recoveryTemplate(EVERYTHING);
    expect(JSON.stringify(ruleOf(checked, 'BodySize').Statement)).toContain('"Size":8192');
  });

  test('leaves the response to what managed groups block to API Gateway', () => {
    const groups = webAclOf(template).Rules.filter(({ Name }) => Name.startsWith('AWS'));
    expect(groups).toHaveLength(3);
    for (const { Name, Statement, Action, OverrideAction } of groups) {
      expect(Statement).toEqual({ ManagedRuleGroupStatement: { VendorName: 'AWS', Name } });
      expect(Action).toBeUndefined();
      expect(OverrideAction).toEqual({ None: {} });
    }
  });

  test.each([
    ['RequestsPerClientIp', 429],
    ['PreflightsPerSource', 429],
    ['BodySize', 413],
  ])(
    '%s responds with %d and a problem document that a page of the allowed origin can read',
    (name, status) => {
      const { ResponseCode, CustomResponseBodyKey, ResponseHeaders } = responseOf(forPages, name);
      expect(ResponseCode).toBe(status);
      const body = webAclOf(forPages).CustomResponseBodies[CustomResponseBodyKey];
      expect(body?.ContentType).toBe('APPLICATION_JSON');
      expect(problemDocument.parse(JSON.parse(body?.Content ?? ''))).toMatchObject({
        type: 'about:blank',
        status,
        instance: '/recover-user',
      });
      expect(headersOf(ResponseHeaders)).toEqual({
        ...RESPONSE_HEADERS,
        'Access-Control-Allow-Origin': ORIGIN,
        'Access-Control-Expose-Headers': 'Retry-After, X-Request-Id',
        Vary: 'Origin',
        ...(status === 429 && { 'Retry-After': '300' }),
      });
    },
  );

  test('stays within what WAF takes of custom responses', () => {
    const { Rules, CustomResponseBodies } = webAclOf(forPages);
    for (const { Content } of Object.values(CustomResponseBodies)) expect(Content.length).toBeLessThan(4096);
    const headers = Rules.flatMap(({ Action }) =>
      Action && 'Block' in Action ? Action.Block.CustomResponse.ResponseHeaders : [],
    );
    expect(headers.length).toBeLessThanOrEqual(100);
    expect(headers.map(({ Name }) => Name.toLowerCase())).not.toContain('content-type');
  });

  test('carries no CORS headers without an allowed origin', () => {
    expect(JSON.stringify(webAclOf(template))).not.toContain('Access-Control');
  });

  test('is measured, and keeps no samples of requests', () => {
    const parts = [
      webAcl.parse(onlyPropertiesOf(template, 'AWS::WAFv2::WebACL')),
      ...webAclOf(template).Rules,
    ];
    for (const { VisibilityConfig } of parts) {
      expect(VisibilityConfig).toMatchObject({
        CloudWatchMetricsEnabled: true,
        SampledRequestsEnabled: false,
      });
    }
  });
});

describe("the web ACL's log", () => {
  test('goes to a group that WAF takes, and keeps what was blocked or would be', () => {
    const [group] = Object.keys(
      template.findResources('AWS::Logs::LogGroup', {
        Properties: { LogGroupName: 'aws-waf-logs-RecoveryStack', RetentionInDays: 30 },
      }),
    );
    const logging = onlyPropertiesOf(template, 'AWS::WAFv2::LoggingConfiguration');
    // the ARN without ":*" at its end
    expect(logging['LogDestinationConfigs']).toEqual([
      { 'Fn::Join': ['', expect.arrayContaining([':log-group:', { Ref: group }])] },
    ]);
    expect(JSON.stringify(logging['LogDestinationConfigs'])).not.toContain('*');
    expect(logging['LoggingFilter']).toEqual({
      DefaultBehavior: 'DROP',
      Filters: [
        {
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: ['BLOCK', 'COUNT', 'EXCLUDED_AS_COUNT'].map((Action) => ({
            ActionCondition: { Action },
          })),
        },
      ],
    });
  });

  test('holds nothing that the client controls: no body, header, cookie, query or path', () => {
    expect(onlyPropertiesOf(template, 'AWS::WAFv2::WebACL')['DataProtectionConfig']).toEqual({
      DataProtections: ['BODY', 'QUERY_STRING', 'SINGLE_HEADER', 'SINGLE_COOKIE'].map((FieldType) => ({
        Action: 'SUBSTITUTION',
        // without names: every header, every cookie
        Field: { FieldType },
      })),
    });
    expect(onlyPropertiesOf(template, 'AWS::WAFv2::LoggingConfiguration')['RedactedFields']).toEqual([
      { UriPath: {} },
      { QueryString: {} },
    ]);
  });
});

function webAclOf(stack: Template) {
  return webAcl.parse(onlyPropertiesOf(stack, 'AWS::WAFv2::WebACL'));
}

function ruleOf(stack: Template, name: string) {
  const rule = webAclOf(stack).Rules.find(({ Name }) => Name === name);
  if (!rule) throw new Error(`no rule ${name}`);
  return rule;
}

function responseOf(stack: Template, name: string) {
  const { Action } = ruleOf(stack, name);
  if (!Action || !('Block' in Action)) throw new Error(`${name} blocks nothing`);
  return Action.Block.CustomResponse;
}

function headersOf(headers: z.infer<typeof customResponse>['ResponseHeaders']): Record<string, string> {
  return Object.fromEntries(headers.map(({ Name, Value }) => [Name, Value]));
}
