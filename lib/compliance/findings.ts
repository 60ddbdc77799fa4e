/** A rule of a cdk-nag pack that some resources do not follow, and why that is right. */
export interface Finding {
  /** The ids of the rule, in each pack that has it. */
  rules: readonly string[];
  /** Paths of constructs below `UserRecovery`; what is below them is included. Constructs that a configuration lacks are left out. */
  at: readonly string[];
  reason: string;
}

/** The id of a rule in the two packs for regulated workloads. */
export function regulated(rule: string): string[] {
  return [`NIST.800.53.R5-${rule}`, `HIPAA.Security-${rule}`];
}

const API = 'RecoveryEndpoint/Api';
const ENDPOINT = 'RecoverUserFunction';
const DELIVERY = 'DeliverOutboxFunction';
const HOOKS = ['Release/PreTrafficHook', 'Release/PostTrafficHook'];
const ROLES = [ENDPOINT, DELIVERY, ...HOOKS, 'Release/Delivery', 'Release/Endpoint'];
const DISTRIBUTION = 'RecoveryPage/Distribution';
const BUCKET = 'RecoveryPage/Bucket';
const FAILURE_DESTINATIONS = ['Serverless-LambdaDLQ', 'Serverless-LambdaAsyncFailureDestination'];

/** Every rule of AwsSolutions, Serverless, NIST 800-53 r5 and HIPAA that a resource does not follow on purpose. */
export const FINDINGS: readonly Finding[] = [
  {
    rules: ['AwsSolutions-APIG4', 'AwsSolutions-COG4'],
    at: [API],
    reason:
      'Public by design: the caller is locked out and has nothing left to sign in with. The link goes to the registered address only, and every caller gets the same response.',
  },
  {
    rules: ['AwsSolutions-APIG6', ...regulated('APIGWExecutionLoggingEnabled')],
    at: [API],
    reason:
      "Execution logs quote what the request model rejects, that is an email address. The access log, the function's log and X-Ray show what happened to a request without it.",
  },
  {
    rules: regulated('APIGWCacheEnabledAndEncrypted'),
    at: [API],
    reason: 'There is nothing to cache: the API has one POST, whose responses say no-store.',
  },
  {
    rules: regulated('APIGWSSLEnabled'),
    at: [API],
    reason:
      'A client certificate proves API Gateway to an HTTP server behind it. Here it invokes a function, which lets nobody else in by its resource policy.',
  },
  {
    rules: [
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    ],
    at: [API],
    reason:
      'The policy that AWS made for this role, which belongs to API Gateway in this account and not to this stack.',
  },
  {
    rules: ['AwsSolutions-SMG4', ...regulated('SecretsManagerRotationEnabled')],
    at: ['ApiTokenSecret'],
    reason:
      'Only a person can issue an API token, in the Beyond Identity console: there is nothing that Secrets Manager could rotate. The function takes up a new token by itself.',
  },
  {
    rules: ['AwsSolutions-SMG4', ...regulated('SecretsManagerRotationEnabled')],
    at: ['CaptchaSecret'],
    reason:
      "Only a person can issue a secret key, in the provider's console. The function picks up a new one.",
  },
  {
    rules: ['AwsSolutions-SMG4', ...regulated('SecretsManagerRotationEnabled')],
    at: ['PseudonymKeySecret'],
    reason:
      'Under a new key every mailbox would have a new pseudonym: its limits would start anew, and the audit log could not be searched across the change.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    at: [ENDPOINT, DELIVERY, ...HOOKS],
    reason:
      'The actions of X-Ray that active tracing needs know no resources (AWS documents "*" as the only one), nor do those of network interfaces in a VPC.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    at: ['Release/Delivery', 'Release/Endpoint'],
    reason: 'Reading the state of alarms: CodeDeploy lists them, and a list knows no single resource.',
  },
  {
    rules: ['AwsSolutions-IAM5[Action::kms:GenerateDataKey*]', 'AwsSolutions-IAM5[Action::kms:ReEncrypt*]'],
    at: [ENDPOINT, DELIVERY],
    reason:
      'The two or three variants of one action that DynamoDB and SQS ask for, on the one key of this deployment.',
  },
  {
    rules: [
      `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole]`,
    ],
    at: [ENDPOINT, DELIVERY],
    reason:
      'The policy that AWS made for functions in a VPC: network interfaces have no ARN before they exist.',
  },
  {
    rules: regulated('IAMNoInlinePolicy'),
    at: ROLES,
    reason:
      'Each policy is for one role and goes with it: a managed policy could be attached to another one.',
  },
  {
    rules: [...FAILURE_DESTINATIONS, ...regulated('LambdaDLQ')],
    at: [ENDPOINT],
    reason:
      'API Gateway invokes it, and waits for the response; the schedule of the self-test does not, and a failure raises the alarm FunctionErrors.',
  },
  {
    rules: [...FAILURE_DESTINATIONS, ...regulated('LambdaDLQ')],
    at: [DELIVERY],
    reason:
      'The event source of the outbox invokes it, and waits for the response: what fails stays in the outbox, or goes to its dead-letter queue. The schedule of the self-test does not wait, and a failure raises the alarm DeliveryErrors.',
  },
  {
    rules: [...FAILURE_DESTINATIONS, ...regulated('LambdaDLQ')],
    at: HOOKS,
    reason:
      'CodeDeploy invokes it, and waits for its report: without one, the deployment fails and is rolled back.',
  },
  {
    rules: ['Serverless-LambdaEventSourceMappingDestination'],
    at: ['Outbox/Delivery'],
    reason:
      'Lambda has no such destination for SQS: what fails stays in the queue, whose own dead-letter queue takes it.',
  },
  {
    rules: regulated('LambdaConcurrency'),
    at: [DELIVERY],
    reason:
      'Its event source limits it to deliveryConcurrency instances; a reservation would take them from the rest of the account.',
  },
  {
    rules: regulated('LambdaConcurrency'),
    at: HOOKS,
    reason: 'CodeDeploy invokes it once for each release of a function.',
  },
  {
    rules: regulated('LambdaInsideVPC'),
    at: [ENDPOINT, DELIVERY],
    reason:
      'It calls AWS and Beyond Identity over TLS, and nothing in a VPC. The property vpc of the construct UserRecovery puts it into one.',
  },
  {
    rules: regulated('LambdaInsideVPC'),
    at: HOOKS,
    reason: 'It calls APIs of AWS and the public endpoint, and nothing in a VPC.',
  },
  {
    rules: ['Serverless-EventBusDLQ'],
    at: ['AuditLog'],
    reason:
      'The archive of the bus keeps every event for 30 days, and replays to this rule what it missed; an alarm counts that.',
  },
  {
    rules: ['Serverless-EventBusDLQ'],
    at: ['SelfTest'],
    reason: 'A self-test that is not made is made an hour later: an event of the past is worth nothing.',
  },
  {
    rules: ['Serverless-SNSRedrivePolicy'],
    at: ['Alarms/Topic'],
    reason:
      'The subscriber is a mailbox: nobody would read a queue of undelivered emails, and the alarms stay visible in CloudWatch.',
  },
  {
    rules: ['Serverless-SQSRedrivePolicy'],
    at: ['Outbox/DeadLetters'],
    reason: 'It is the dead-letter queue itself: an alarm reports each message in it.',
  },
  {
    rules: regulated('DynamoDBInBackupPlan'),
    at: ['RateLimit'],
    reason:
      'What is older than a day decides nothing any more: point-in-time recovery covers that day, and older backups would only keep pseudonyms.',
  },
  {
    rules: ['AwsSolutions-CFR1'],
    at: [DISTRIBUTION],
    reason: 'Users lose their devices on journeys too, in whatever country.',
  },
  {
    rules: ['AwsSolutions-CFR2'],
    at: [DISTRIBUTION],
    reason:
      'The page is the same few public files for everybody, from caches: a flood costs what CloudFront asks for requests, and takes nothing away. The endpoint has a web ACL and limits; one for CloudFront would have to live in us-east-1, in another stack.',
  },
  {
    rules: ['AwsSolutions-CFR3'],
    at: [DISTRIBUTION],
    reason:
      'A log of who looked at the page would hold the client IPs of people in trouble, and nothing about requests that the log of the endpoint does not have.',
  },
  {
    rules: ['AwsSolutions-CFR4'],
    at: [DISTRIBUTION],
    reason:
      "CloudFront's own certificate leaves no choice: for its own names it takes old versions of TLS too, which no browser that can show this page offers.",
  },
  {
    rules: ['AwsSolutions-S1', ...regulated('S3BucketLoggingEnabled')],
    at: [BUCKET],
    reason:
      'It holds what everybody may read, and nobody but CloudFront and the deployment may ask it for anything.',
  },
  {
    rules: [
      ...regulated('S3BucketReplicationEnabled'),
      ...regulated('S3BucketVersioningEnabled'),
      ...regulated('S3DefaultEncryptionKMS'),
    ],
    at: [BUCKET],
    reason:
      'Its few files are public, and every deployment writes them anew from the code: there is nothing to keep secret, to restore or to copy.',
  },
];
