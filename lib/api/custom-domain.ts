import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';

/** A domain of one's own for the API. */
export interface CustomDomain {
  /** Lowercase, such as `recovery.example.com`. */
  readonly domainName: string;
  /** In AWS Certificate Manager, in the region of the API. */
  readonly certificate: ICertificate;
}
