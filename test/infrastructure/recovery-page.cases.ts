import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { readConfig as readFunctionSettings } from '../../functions/recover-user/config.ts';
import {
  environmentAsDeployed,
  environmentOf,
  onlyPropertiesOf,
  propertiesOf,
  recoveryStack,
  recoveryTemplate,
} from './synthesis.ts';

const ORIGIN = 'https://app.example.com';
const PAGE_ORIGIN = 'https://d111111abcdef8.cloudfront.net';
const ENDPOINT_ORIGIN = 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com';
const FUNCTION = 'RecoverUserFunction';

/** Longest of all that a Content-Security-Policy may be in a response headers policy, unless AWS raises it for the account. */
const MAXIMUM_POLICY_LENGTH = 1783;

/** What CloudFormation fills in, by the beginning of the name that is referred to. */
const FILLED_IN = {
  'AWS::Region': 'eu-west-1',
  'AWS::URLSuffix': 'amazonaws.com',
  RecoveryEndpointApiDeploymentStage: 'production',
  RecoveryEndpointApi: 'a1b2c3d4e5',
  RecoveryPageDistribution: 'd111111abcdef8.cloudfront.net',
};

const intrinsic = z.union([
  z.strictObject({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z
    .strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('DomainName')]) })
    .transform((value) => value['Fn::GetAtt'][0]),
]);
const joined = z.strictObject({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });

const headersPolicy = z.strictObject({
  ResponseHeadersPolicyConfig: z.looseObject({
    Name: z.unknown(),
    SecurityHeadersConfig: z.looseObject({
      ContentSecurityPolicy: z.strictObject({ ContentSecurityPolicy: z.unknown(), Override: z.boolean() }),
    }),
    CustomHeadersConfig: z.unknown(),
  }),
});
const distribution = z.looseObject({ DistributionConfig: z.record(z.string(), z.unknown()) });
const files = z.looseObject({
  SourceObjectKeys: z.array(z.string()),
  SourceMarkers: z.array(z.record(z.string(), z.unknown())).default([]),
});
const bucketPolicy = z.looseObject({
  PolicyDocument: z.looseObject({ Statement: z.array(z.looseObject({ Principal: z.unknown() })) }),
});
const gatewayResponse = z.looseObject({ ResponseParameters: z.record(z.string(), z.unknown()) });
const method = z.looseObject({ HttpMethod: z.string() });

const stack = recoveryStack({ recoveryPage: true });
const template = Template.fromStack(stack);
const besidesAnother = recoveryTemplate({ recoveryPage: true, allowedOrigins: [ORIGIN] });

describe('the recovery page', () => {
  test('is not there unless asked for', () => {
    for (const settings of [{}, { recoveryPage: false }]) {
      const without = recoveryTemplate(settings);
      for (const type of [
        'AWS::S3::Bucket',
        'AWS::CloudFront::Distribution',
        'AWS::CloudFront::ResponseHeadersPolicy',
        'Custom::CDKBucketDeployment',
      ]) {
        without.resourceCountIs(type, 0);
      }
      expect(Object.keys(without.findOutputs('RecoveryPageUrl'))).toEqual([]);
    }
  });

  test('is in a private, encrypted bucket that goes with the stack', () => {
    expect(onlyPropertiesOf(template, 'AWS::S3::Bucket')).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(onlyPropertiesOf(template, 'AWS::S3::Bucket')).not.toHaveProperty('WebsiteConfiguration');
    expect(stack.node.findChild('RecoveryPage').node.findChild('Bucket')).toHaveProperty('isWebsite', false);
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
  });

  test('can be read there by its distribution only, and by nobody without TLS', () => {
    const { Statement } = bucketPolicy.parse(
      onlyPropertiesOf(template, 'AWS::S3::BucketPolicy'),
    ).PolicyDocument;
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
    const [reader, ...others] = Statement.filter(({ Principal }) =>
      JSON.stringify(Principal).includes('Service'),
    );
    expect(others).toEqual([]);
    expect(reader).toMatchObject({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Condition: {
        StringEquals: {
          'AWS:SourceArn': {
            'Fn::Join': [
              '',
              expect.arrayContaining([{ Ref: expect.stringMatching(/^RecoveryPageDistribution/) }]),
            ],
          },
        },
      },
    });
  });

  test('is served over HTTPS only, signed to the bucket, compressed, by HTTP/2 and 3, to GET and HEAD', () => {
    expect(distributionOf(template)).toMatchObject({
      Enabled: true,
      DefaultRootObject: 'index.html',
      HttpVersion: 'http2and3',
      DefaultCacheBehavior: {
        ViewerProtocolPolicy: 'redirect-to-https',
        AllowedMethods: ['GET', 'HEAD'],
        Compress: true,
        ResponseHeadersPolicyId: { Ref: expect.stringMatching(/^RecoveryPageHeaders/) },
      },
      Origins: [
        {
          OriginAccessControlId: {
            'Fn::GetAtt': [expect.stringMatching(/^RecoveryPageOriginAccessControl/), 'Id'],
          },
          S3OriginConfig: { OriginAccessIdentity: '' },
        },
      ],
    });
    template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: {
        OriginAccessControlOriginType: 's3',
        SigningBehavior: 'always',
        SigningProtocol: 'sigv4',
      },
    });
  });

  test('sends what the page asks for as headers, whatever the bucket says', () => {
    const { SecurityHeadersConfig, CustomHeadersConfig } = headersOf(template);
    expect(SecurityHeadersConfig).toMatchObject({
      ContentSecurityPolicy: { Override: true },
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY', Override: true },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
      StrictTransportSecurity: {
        AccessControlMaxAgeSec: 31_536_000,
        Override: true,
      },
    });
    expect(CustomHeadersConfig).toEqual({
      Items: [{ Header: 'Cross-Origin-Opener-Policy', Value: 'same-origin', Override: true }],
    });
  });

  test('may run its own script and call the endpoint, and nothing else', () => {
    const policy = policyOf(template);
    expect(policy).not.toContain('unsafe-');
    expect(policy).toContain("default-src 'none';");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`connect-src 'self' ${ENDPOINT_ORIGIN};`);
    expect(policy).toContain("frame-ancestors 'none'");
  });

  test('has names in CloudFront that are free in every region, though they are those of the account', () => {
    const name = { 'Fn::Join': ['', ['RecoveryStack-', { Ref: 'AWS::Region' }]] };
    expect(headersOf(template).Name).toEqual(name);
    template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: { Name: name },
    });
  });

  test('is asked for anew by browsers each time, and kept by CloudFront for a minute', () => {
    template.hasResourceProperties('Custom::CDKBucketDeployment', {
      Prune: true,
      SystemMetadata: { 'cache-control': 'max-age=0, s-maxage=60, must-revalidate' },
      DistributionId: Match.absent(),
    });
    // CloudFront's own policy "CachingOptimized": no header, cookie or query string makes a copy of its own
    expect(distributionOf(template)['DefaultCacheBehavior']).toMatchObject({
      CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
    });
  });

  test('says of other names that they are not there, in words', () => {
    expect(distributionOf(template)['CustomErrorResponses']).toEqual([
      { ErrorCode: 403, ResponseCode: 404, ResponsePagePath: '/not-found.html' },
    ]);
    expect(deployedFiles()['not-found.html']).toContain('<a href="/">');
  });

  test("is deployed with the endpoint's URL in it, and all that it loads", () => {
    const { 'index.html': html, ...others } = deployedFiles();
    expect(html).toContain(`endpoint="${ENDPOINT_ORIGIN}/production/recover-user" resend-after="60"`);
    expect(html).toContain(`connect-src 'self' ${ENDPOINT_ORIGIN};`);
    expect(html).not.toMatch(/\$\{Token|<<marker|\{\{|captcha|site-key/);
    const loaded = [...(html ?? '').matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name);
    expect(loaded.length).toBeGreaterThan(1);
    expect(Object.keys(others)).toEqual(expect.arrayContaining(loaded));
  });

  test('calls the domain of its own that the endpoint has', () => {
    const withDomain = recoveryStack({
      recoveryPage: true,
      domainName: 'recovery.example.com',
      certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0e-1',
    });
    const domainTemplate = Template.fromStack(withDomain);
    expect(policyOf(domainTemplate)).toContain("connect-src 'self' https://recovery.example.com;");
    expect(deployedFiles(withDomain, domainTemplate)['index.html']).toContain(
      'endpoint="https://recovery.example.com/recover-user"',
    );
  });

  test.each([
    ['turnstile', undefined, 'turnstile', 'https://challenges.cloudflare.com'],
    ['hcaptcha', undefined, 'hcaptcha', 'https://hcaptcha.com'],
    ['recaptcha', undefined, 'recaptcha', 'https://www.google.com/recaptcha/'],
    ['recaptcha', 0.5, 'recaptcha-v3', 'https://www.google.com/recaptcha/'],
  ])(
    'shows the CAPTCHA of %s (least score: %p), and may load it',
    (provider, minimumScore, widget, source) => {
      const siteKey = '10000000-ffff-ffff-ffff-000000000001';
      const checked = recoveryStack({
        recoveryPage: true,
        captcha: { provider, siteKey, ...(minimumScore !== undefined && { minimumScore }) },
      });
      const checkedTemplate = Template.fromStack(checked);
      expect(deployedFiles(checked, checkedTemplate)['index.html']).toContain(
        `captcha="${widget}" site-key="${siteKey}"`,
      );
      const policy = policyOf(checkedTemplate);
      expect(policy).toMatch(new RegExp(`script-src 'self' ${source}`));
      expect(policy).not.toContain('unsafe-');
      expect(policy.length).toBeLessThanOrEqual(MAXIMUM_POLICY_LENGTH);
      expect(environmentOf(checkedTemplate, FUNCTION)['CAPTCHA_PROVIDER']).toBe(provider);
    },
  );

  test('is where the output says', () => {
    expect(asDeployed(template.findOutputs('RecoveryPageUrl')['RecoveryPageUrl']?.['Value'])).toBe(
      `${PAGE_ORIGIN}/`,
    );
  });

  test('is copied by a function that logs for as long as the others', () => {
    const short = recoveryTemplate({ recoveryPage: true, logRetentionDays: 7 });
    short.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    const [group = ''] = Object.keys(short.findResources('AWS::Logs::LogGroup')).filter((id) =>
      id.startsWith('RecoveryPage'),
    );
    expect(onlyPropertiesOf(short, 'AWS::Logs::LogGroup', 'RecoveryPage')['RetentionInDays']).toBe(7);
    expect(
      onlyPropertiesOf(short, 'AWS::Lambda::Function', 'CustomCDKBucketDeployment')['LoggingConfig'],
    ).toEqual({ LogGroup: { Ref: group } });
  });
});

describe("the recovery page's origin", () => {
  test('is one that the function answers, beside the others', () => {
    for (const [of, origins] of [
      [template, [PAGE_ORIGIN]],
      [besidesAnother, [ORIGIN, PAGE_ORIGIN]],
    ] as const) {
      const allowedOrigins = asDeployed(environmentOf(of, FUNCTION)['ALLOWED_ORIGINS']);
      expect(allowedOrigins).toBe(origins.join(','));
      const environment = { ...environmentAsDeployed(of, FUNCTION), ALLOWED_ORIGINS: allowedOrigins };
      expect(readFunctionSettings(environment).allowedOrigins).toEqual(origins);
    }
  });

  test('is answered when it asks beforehand', () => {
    expect(methodsOf(template)).toEqual(['ANY', 'OPTIONS', 'POST']);
    expect(methodsOf(recoveryTemplate())).toEqual(['ANY', 'POST']);
  });

  test("can read the API's own refusals", () => {
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

  test("can read the web ACL's refusals", () => {
    const headers = JSON.stringify(onlyPropertiesOf(template, 'AWS::WAFv2::WebACL')).match(
      /\{"Name":"Access-Control-Allow-Origin","Value":\{"Fn::Join":\["",\["https:\/\/",\{"Fn::GetAtt":\["RecoveryPageDistribution\w+","DomainName"\]/g,
    );
    expect(headers).toHaveLength(3);
  });
});

/** A value of a template as CloudFormation would fill it in. */
function asDeployed(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = joined.safeParse(value);
  if (join.success) return join.data['Fn::Join'][1].map(asDeployed).join('');
  const name = intrinsic.parse(value);
  const [, filledIn] = Object.entries(FILLED_IN).find(([beginning]) => name.startsWith(beginning)) ?? [];
  if (filledIn === undefined) throw new Error(`what is ${name}?`);
  return filledIn;
}

/** The files as they lie in the bucket, by name: those that the CDK uploads, with what its handler puts into them. */
function deployedFiles(from = stack, of = template): Record<string, string> {
  const { SourceObjectKeys, SourceMarkers } = files.parse(
    onlyPropertiesOf(of, 'Custom::CDKBucketDeployment'),
  );
  const outputDirectory = Stage.of(from)?.outdir ?? '';
  const found = SourceObjectKeys.flatMap((key, index) => {
    const directory = join(outputDirectory, `asset.${key.replace(/\.zip$/, '')}`);
    return readdirSync(directory).map((name) => {
      let content = readFileSync(join(directory, name), 'utf8');
      for (const [marker, value] of Object.entries(SourceMarkers[index] ?? {})) {
        content = content.replaceAll(marker, () => asDeployed(value));
      }
      return [name, content];
    });
  });
  return Object.fromEntries(found);
}

function headersOf(of: Template) {
  const policy = onlyPropertiesOf(of, 'AWS::CloudFront::ResponseHeadersPolicy');
  return headersPolicy.parse(policy).ResponseHeadersPolicyConfig;
}

/** The Content-Security-Policy that browsers get. */
function policyOf(of: Template): string {
  return asDeployed(headersOf(of).SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy);
}

function distributionOf(of: Template): Record<string, unknown> {
  return distribution.parse(onlyPropertiesOf(of, 'AWS::CloudFront::Distribution')).DistributionConfig;
}

function methodsOf(of: Template): string[] {
  return propertiesOf(of, 'AWS::ApiGateway::Method')
    .map((properties) => method.parse(properties).HttpMethod)
    .sort();
}
