import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  type IResponseHeadersPolicy,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import * as z from 'zod';
import { buildRecoveryPage } from '../../web/build-recovery-page.ts';
import type { RecoveryApi } from '../api/recovery-api.ts';
import type { CaptchaConfig } from '../config/config.ts';
import { widgetOf } from './captcha-widget.ts';
import { PageBucket } from './page-bucket.ts';

const NOT_FOUND = {
  name: 'not-found.html',
  content:
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Not found</title><p>Not found. <a href="/">Recover your account</a></p></html>\n',
};

/**
 * The names of the files stay the same from one deployment to the next, so browsers ask each time whether theirs are still
 * good. CloudFront keeps them for a minute, so that nothing needs the permission to empty its caches, which would be one
 * for every distribution of the account, and no deployment waits for that, or fails with it.
 */
const CACHE_CONTROL = [
  CacheControl.maxAge(Duration.seconds(0)),
  CacheControl.sMaxAge(Duration.minutes(1)),
  CacheControl.mustRevalidate(),
];

/** The page's headers, as far as CloudFront has settings of their own for them; it takes any other header by its name. */
const headersSchema = z
  .object({
    'Content-Security-Policy': z.string(),
    'Referrer-Policy': z.enum(HeadersReferrerPolicy),
    'Strict-Transport-Security': z.string().regex(/^max-age=\d+$/),
    'X-Content-Type-Options': z.literal('nosniff'),
    'X-Frame-Options': z.enum(HeadersFrameOption),
  })
  .catchall(z.string());

/** What the page calls, and its part of the configuration. */
export interface RecoveryPageProps {
  /** Names what CloudFront needs a name for, with the region: those are the account's, for all of its regions. */
  name: string;
  /** Where "Back to sign-in" leads; absent: no link. */
  signInUrl?: string | undefined;
  /** Where users get help; absent: no link. */
  supportUrl?: string | undefined;
  /** The CAPTCHA that requests must pass; absent: none. */
  captcha?: CaptchaConfig | undefined;
  /** What the page calls. */
  api: RecoveryApi;
  /** Seconds until a mailbox may get another email. */
  mailboxCooldownSeconds: number;
  logRetentionDays: RetentionDays;
}

/**
 * The page on which users ask for the recovery link: a private bucket behind CloudFront, under a name of CloudFront's.
 * It needs the API without its methods, so that the function behind them can allow the page's origin.
 */
export class RecoveryPage extends Construct {
  /** Where users ask for the link. */
  readonly url: string;
  /** What browsers send as the page's origin. */
  readonly origin: string;

  constructor(scope: Construct, id: string, props: RecoveryPageProps) {
    super(scope, id);
    const { api, name, logRetentionDays } = props;
    const page = buildRecoveryPage({
      endpoint: api.url,
      endpointOrigin: api.origin,
      resendAfterSeconds: props.mailboxCooldownSeconds,
      captcha: widgetOf(props.captcha),
      signInUrl: props.signInUrl,
      supportUrl: props.supportUrl,
    });
    const bucket = new PageBucket(this, 'Bucket');
    const globalName = `${name}-${Stack.of(this).region}`;
    const headers = this.#createHeaders(globalName, page.headers);
    const distribution = this.#createDistribution(globalName, bucket, headers);
    this.#deploy({ ...page.files, [NOT_FOUND.name]: NOT_FOUND.content }, bucket, logRetentionDays);
    this.origin = `https://${distribution.distributionDomainName}`;
    this.url = `${this.origin}/`;
  }

  #createHeaders(
    responseHeadersPolicyName: string,
    headers: Readonly<Record<string, string>>,
  ): IResponseHeadersPolicy {
    const {
      'Content-Security-Policy': contentSecurityPolicy,
      'Referrer-Policy': referrerPolicy,
      'Strict-Transport-Security': transportSecurity,
      'X-Content-Type-Options': _nosniff,
      'X-Frame-Options': frameOption,
      ...others
    } = headersSchema.parse(headers);
    const override = true;
    return new ResponseHeadersPolicy(this, 'Headers', {
      responseHeadersPolicyName,
      comment: 'Security headers of the recovery page',
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy, override },
        contentTypeOptions: { override },
        frameOptions: { frameOption, override },
        referrerPolicy: { referrerPolicy, override },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.seconds(Number(transportSecurity.replace('max-age=', ''))),
          override,
        },
      },
      customHeadersBehavior: {
        customHeaders: Object.entries(others).map(([header, value]) => ({ header, value, override })),
      },
    });
  }

  #createDistribution(
    originAccessControlName: string,
    bucket: PageBucket,
    responseHeadersPolicy: IResponseHeadersPolicy,
  ): Distribution {
    const originAccessControl = new S3OriginAccessControl(this, 'OriginAccessControl', {
      originAccessControlName,
    });
    return new Distribution(this, 'Distribution', {
      comment: 'The page on which users ask for the recovery link',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket, { originAccessControl }),
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        compress: true,
        responseHeadersPolicy,
      },
      // what S3 says of a name that is not there, to those who may not list what is
      errorResponses: [{ httpStatus: 403, responseHttpStatus: 404, responsePagePath: `/${NOT_FOUND.name}` }],
    });
  }

  #deploy(files: Readonly<Record<string, string>>, bucket: PageBucket, retention: RetentionDays): void {
    new BucketDeployment(this, 'Files', {
      destinationBucket: bucket,
      sources: Object.entries(files).map(([name, content]) => Source.data(name, content)),
      cacheControl: CACHE_CONTROL,
      prune: true,
      // the memory is the CDK's own choice, for the share of a CPU that comes with it: the AWS CLI is what runs there
      logGroup: new LogGroup(this, 'DeploymentLogs', { retention, removalPolicy: RemovalPolicy.DESTROY }),
    });
  }
}
