import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { distributionOf, headersOf } from './deployed-page.ts';
import { onlyPropertiesOf, recoveryStack, recoveryTemplate } from './synthesis.ts';

const bucketPolicy = z.looseObject({
  PolicyDocument: z.looseObject({ Statement: z.array(z.looseObject({ Principal: z.unknown() })) }),
});

const stack = recoveryStack({ recoveryPage: true });
const template = recoveryTemplate({ recoveryPage: true });

describe('the recovery page', () => {
  test('is not deployed unless configured', () => {
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
    const bucket = stack.node.findAll().find(({ node }) => node.path.endsWith('/RecoveryPage/Bucket'));
    expect(bucket).toHaveProperty('isWebsite', false);
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
  });

  test('can be read there by its distribution only, and only with TLS', () => {
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

  test('has the headers that the page needs', () => {
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

  test('has names in CloudFront that are free in every region, though they are those of the account', () => {
    const name = { 'Fn::Join': ['', ['RecoveryStack-', { Ref: 'AWS::Region' }]] };
    expect(headersOf(template).Name).toEqual(name);
    template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: { Name: name },
    });
  });
});
