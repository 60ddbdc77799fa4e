import type { RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { CustomDomain } from './api/custom-domain.ts';

/** A tenant of Beyond Identity's older platform, `api.byndid.com`. */
export interface V0Tenant {
  /** The older platform. */
  readonly platform: 'v0';
  /** Where the tenant lives. Set this or `apiUrl`. */
  readonly region?: 'us' | 'eu' | undefined;
  /** Base URL of Beyond Identity's API, instead of `region`. */
  readonly apiUrl?: string | undefined;
}

/** A tenant of Beyond Identity's current platform: Secure Access, Secure Customers. */
export interface V1Tenant {
  /** The current platform. */
  readonly platform: 'v1';
  /** Where the tenant lives. */
  readonly region: 'us' | 'eu' | 'us-gov';
  /** The id of the tenant. */
  readonly tenantId: string;
  /** The id of the users' realm. */
  readonly realmId: string;
  /** The id of the authenticator config whose invoke URL the emailed link opens. */
  readonly authenticatorConfigId: string;
  /** The application whose client credentials are in the secret. Absent: it holds a console token. */
  readonly applicationId?: string | undefined;
  /** The id of the realm of that application, often the admin realm. */
  readonly applicationRealmId?: string | undefined;
  /** With `create-email` the narrower scope `credential-binding-jobs:create-email` is tried first. */
  readonly jobScope?: 'create' | 'create-email' | undefined;
  /** Where the vendor's SDK sends the person after binding; one of the authenticator config's. */
  readonly postBindingRedirectUri?: string | undefined;
}

/** The email address is the user's reference: external id (v0) or user name (v1). */
export interface EmailDirectory {
  /** No lookup of yours. */
  readonly type: 'email';
}

/** A DynamoDB table has the user's reference. */
export interface DynamoDbDirectory {
  /** A table of yours. */
  readonly type: 'dynamodb';
  /** The table, or its name (in the account and region of the stack) or ARN. */
  readonly table: ITable | string;
  /** A global secondary index with the address as its partition key. Absent: it is the key of the table. */
  readonly indexName?: string | undefined;
  /** The attribute with the email address. */
  readonly addressAttribute: string;
  /** The attribute with the user's reference. */
  readonly referenceAttribute: string;
  /** On v1: whether references are user names (default) or ids of identities. */
  readonly reference?: 'user-name' | 'identity-id' | undefined;
}

/** A Lambda function finds the user's reference: docs/directories.md. */
export interface LambdaDirectory {
  /** A function of yours. */
  readonly type: 'lambda';
  /** The function, or its ARN. */
  readonly function: IFunction | string;
  /** On v1: whether references are user names (default) or ids of identities. */
  readonly reference?: 'user-name' | 'identity-id' | undefined;
}

/** The CAPTCHA that requests must pass: docs/captcha.md. */
export interface Captcha {
  /** Who verifies the tokens. */
  readonly provider: 'turnstile' | 'hcaptcha' | 'recaptcha';
  /** What happens to requests while the provider is unavailable. Absent: `closed`, they are rejected. */
  readonly failureMode?: 'open' | 'closed' | undefined;
  /** reCAPTCHA v3 only: the lowest score that passes. */
  readonly minimumScore?: number | undefined;
  /** The public site key, only with `recoveryPage`. */
  readonly siteKey?: string | undefined;
}

/** Where the links of the ready recovery page lead. */
export interface RecoveryPageLinks {
  /** The page's link "Back to sign-in". Absent: no link. */
  readonly signInUrl?: string | undefined;
  /** Where users get help: an https, mailto: or tel: URL. Absent: no link. */
  readonly supportUrl?: string | undefined;
}

/** How a new version takes over: docs/deployment.md. */
export interface Canary {
  /** The share of requests that it gets at first, in percent. */
  readonly percent: number;
  /** Minutes until it gets all of them. */
  readonly minutes: number;
}

/** The limits of a deployment. Each has the default of docs/configuration.md. */
export interface RecoveryLimits {
  /** When every well-formed request gets its response, in milliseconds. Absent: 2000. */
  readonly responseTimeMs?: number | undefined;
  /** Seconds between two recovery emails to one user. Absent: 60. */
  readonly mailboxCooldownSeconds?: number | undefined;
  /** Recovery emails to one user in any 24 hours. Absent: 5. */
  readonly mailboxAttemptsPerDay?: number | undefined;
  /** Requests from one client IP in five minutes, with the default web ACL. Absent: 100. */
  readonly requestsPerClientIp?: number | undefined;
  /** Requests a second that the API serves, all callers together. Absent: 50. */
  readonly throttleRequestsPerSecond?: number | undefined;
  /** Requests that may come at once above that rate. Absent: 200. */
  readonly throttleBurst?: number | undefined;
  /** The most instances of the endpoint's function at a time. Absent: the account's limit. */
  readonly reservedConcurrency?: number | undefined;
  /** The account's Lambda concurrency quota: synthesis fails where it does not suffice. Absent: unknown. */
  readonly accountConcurrency?: number | undefined;
  /** Instances of the delivery function at a time. Absent: 2. */
  readonly deliveryConcurrency?: number | undefined;
  /** Seconds after which a request in the outbox is dropped. Absent: 3600. */
  readonly outboxMaximumAgeSeconds?: number | undefined;
  /** Days that every log is kept but the audit log. Absent: 30. */
  readonly logRetentionDays?: number | undefined;
  /** Days that the audit log is kept. Absent: 90. */
  readonly auditRetentionDays?: number | undefined;
}

/** Resources of your app that a deployment uses. Each may be absent. */
export interface UsedResources {
  /** Holds the API token or the client credentials, `PSEUDONYM_KEY` and `CAPTCHA_SECRET`. Absent: secrets are made, to be filled. */
  readonly apiTokenSecret?: ISecret | undefined;
  /** A domain of the API. Absent: API Gateway's. */
  readonly domain?: CustomDomain | undefined;
  /** The web ACL of the API: `default` makes one, an ARN shares one, `none` has none: docs/cost.md. Absent: `default`. */
  readonly webAcl?: 'default' | 'none' | string | undefined;
  /** Notified by every alarm. Absent: one is made if there is an `alarmEmail`. */
  readonly alarmTopic?: ITopic | undefined;
  /** Address that receives alarm notifications. Absent: nobody. */
  readonly alarmEmail?: string | undefined;
  /** Where events are published. Absent: a bus is made. */
  readonly eventBus?: IEventBus | undefined;
  /** Encrypts logs, secrets, table, queues and events. Absent: each service's own key. */
  readonly encryptionKey?: IKey | undefined;
  /** What becomes of table, queues, secrets and logs with the stack. Absent: secrets and the audit log stay. */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /** Where both functions run; its subnets need a way to AWS and to Beyond Identity. Absent: outside of any VPC. */
  readonly vpc?: IVpc | undefined;
  /** Absent: the private subnets of `vpc`. */
  readonly vpcSubnets?: SubnetSelection | undefined;
}

/** The properties of `UserRecovery`. A value that is not valid throws `ConfigError` with the name and the fix. */
export interface UserRecoveryProps extends RecoveryLimits, UsedResources {
  /** The tenant whose users recover. */
  readonly beyondIdentity: V0Tenant | V1Tenant;
  /** From the address to the user's reference. */
  readonly directory: EmailDirectory | DynamoDbDirectory | LambdaDirectory;
  /** Origins whose pages may call the endpoint, besides that of `recoveryPage`; `[]`: no CORS headers. */
  readonly allowedOrigins: readonly string[];
  /** Names the deployment in metrics, events and the URL; unique in an account and region. Absent: from stack and id. */
  readonly stage?: string | undefined;
  /** Where an admitted request goes first: to Beyond Identity, or always to the outbox. Absent: `direct`. */
  readonly delivery?: 'direct' | 'queued' | undefined;
  /** The CAPTCHA that requests must pass. Absent: none. */
  readonly captcha?: Captcha | undefined;
  /** Whether the ready recovery page is hosted, and where its links lead. Absent: it is not. */
  readonly recoveryPage?: boolean | RecoveryPageLinks | undefined;
  /** The share of requests that a new version gets at first; `null`: all at once. Absent: 10 % for 5 minutes. */
  readonly canary?: Canary | null | undefined;
  /** Whether this one deployment moves all requests at once, and untested. Absent: it does not. */
  readonly isHotfix?: boolean | undefined;
  /** Whether events hold the reference of a user whose request Beyond Identity accepted. Absent: they do not. */
  readonly includeReference?: boolean | undefined;
  /** Whether the account's role is set by which API Gateway writes access logs. Absent: it is not. */
  readonly accountCloudWatchRole?: boolean | undefined;
}
