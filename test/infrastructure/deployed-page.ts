import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import type { RecoveryStack } from '../../lib/recovery-stack.ts';
import { onlyPropertiesOf } from './synthesis.ts';

/** The origin of the page, once it is deployed. */
export const PAGE_ORIGIN = 'https://d111111abcdef8.cloudfront.net';
/** The origin of the endpoint, once it is deployed. */
export const ENDPOINT_ORIGIN = 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com';

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

/** A value of a template as CloudFormation would fill it in. */
export function asDeployed(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = joined.safeParse(value);
  if (join.success) return join.data['Fn::Join'][1].map(asDeployed).join('');
  const name = intrinsic.parse(value);
  const [, filledIn] = Object.entries(FILLED_IN).find(([beginning]) => name.startsWith(beginning)) ?? [];
  if (filledIn === undefined) throw new Error(`no value for ${name}`);
  return filledIn;
}

/** The files in the bucket, by name: those that the CDK uploads, with the values that its handler inserts. */
export function deployedFiles(from: RecoveryStack, of: Template): Record<string, string> {
  const { SourceObjectKeys, SourceMarkers } = files.parse(
    onlyPropertiesOf(of, 'Custom::CDKBucketDeployment'),
  );
  const outputDirectory = Stage.of(from)?.outdir ?? '';
  const found = SourceObjectKeys.flatMap((key, index) => {
    const directory = join(outputDirectory, `asset.${key.replace(/\.zip$/, '')}`);
    const names = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(directory, join(parentPath, name)));
    return names.map((name) => {
      let content = readFileSync(join(directory, name), 'utf8');
      for (const [marker, value] of Object.entries(SourceMarkers[index] ?? {})) {
        content = content.replaceAll(marker, () => asDeployed(value));
      }
      return [name, content];
    });
  });
  return Object.fromEntries(found);
}

/** The response headers policy of the distribution. */
export function headersOf(of: Template) {
  const policy = onlyPropertiesOf(of, 'AWS::CloudFront::ResponseHeadersPolicy');
  return headersPolicy.parse(policy).ResponseHeadersPolicyConfig;
}

/** The Content-Security-Policy that browsers get. */
export function policyOf(of: Template): string {
  return asDeployed(headersOf(of).SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy);
}

/** The configuration of the distribution. */
export function distributionOf(of: Template): Record<string, unknown> {
  return distribution.parse(onlyPropertiesOf(of, 'AWS::CloudFront::Distribution')).DistributionConfig;
}
