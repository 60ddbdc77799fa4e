import { RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** A private bucket for the files of a page, which goes with the stack. It is empty until somebody deploys to it. */
export class PageBucket extends Bucket {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      // what is in it comes from this repository, at every deployment
      versioned: false,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
  }

  /** Why this extends `Bucket`: without the override, it is no `IBucket` to TypeScript's `exactOptionalPropertyTypes`. */
  override get isWebsite(): boolean {
    return false;
  }
}
