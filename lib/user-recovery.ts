import { Annotations, Duration, RemovalPolicies, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus, IEventBus } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DELIVERY_METRICS, OUTCOME_METRICS, SERVICE } from '../functions/runtime/metric-names.ts';
import manifest from '../package.json' with { type: 'json' };
import { acknowledgeFindings } from './compliance/acknowledge-findings.ts';
import { functionNetwork } from './compute/function-network.ts';
import { ConfigError } from './config/config-error.ts';
import { constructConfig } from './config/construct-config.ts';
import { concurrencyNote } from './config/lambda-concurrency.ts';
import { deploymentName } from './deployment-name.ts';
import { grantLookup, grantRecover, grantRedrive } from './operator-grants.ts';
import { createResources, type RecoveryResources } from './recovery-resources.ts';
import type { UserRecoveryProps } from './user-recovery-props.ts';

/** What becomes of these with the stack is what `removalPolicy` says; the bucket of the page holds nothing of its own. */
const STORES = [
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
];

/** What API Gateway takes as the name of a stage, and CloudWatch as the value of a dimension. */
const STAGE = /^[\w-]{1,64}$/;

/** The time over which a metric is counted where nobody says. */
const PERIOD = Duration.minutes(5);

/**
 * User recovery for a tenant of Beyond Identity: the endpoint, its outbox, limits, alarms and releases, in a stack of yours.
 * Several may be in one stack. Throws `ConfigError`, which names every property that is not valid, and the fix.
 *
 * Metrics are those of this deployment, over 5 minutes where no `period` is given; `metricTokenDaysLeft` over an hour.
 */
export class UserRecovery extends Construct {
  readonly #resources: RecoveryResources;
  /** Names the deployment in metrics, events and the URL. */
  readonly stage: string;
  /** POST recovery requests here. */
  readonly endpointUrl: string;
  /** Origins whose pages may call the endpoint, with that of the recovery page. */
  readonly allowedOrigins: readonly string[];
  /** The REST API, with its request model and its stage. */
  readonly api: RestApi;
  /** The function behind the endpoint, by the alias that releases move. */
  readonly function: IFunction;
  /** The function that delivers from the outbox, by the alias that releases move. */
  readonly deliveryFunction: IFunction;
  /** Requests that wait for Beyond Identity. */
  readonly outbox: Queue;
  /** Requests that could not be delivered at all. */
  readonly deadLetterQueue: Queue;
  /** Counts attempts by the pseudonym of a mailbox. */
  readonly table: Table;
  /** Every event, one line each. */
  readonly auditLogGroup: LogGroup;
  /** Requests, deliveries and what operators do are events here: docs/events.md. */
  readonly eventBus: IEventBus | EventBus;
  /** Holds the API token or the client credentials: to be filled after the first deployment, unless it is yours. */
  readonly apiTokenSecret: ISecret | Secret;
  /** Absent: the pseudonymization key is in `apiTokenSecret`. */
  readonly pseudonymKeySecret: Secret | undefined;
  /** To be filled with the provider's secret key. Absent: no CAPTCHA, or its key is in `apiTokenSecret`. */
  readonly captchaSecret: Secret | undefined;
  /** Notified by every alarm; absent: alarms are visible only in CloudWatch. */
  readonly alarmTopic: ITopic | undefined;
  /** The dashboard in the AWS console. */
  readonly dashboardUrl: string;
  /** Where users ask for the link; absent: no page is hosted. */
  readonly recoveryPageUrl: string | undefined;
  /** What the DNS record (CNAME or alias) of `domain` must point to; absent: there is no domain. */
  readonly customDomainTarget: string | undefined;

  constructor(scope: Construct, id: string, props: UserRecoveryProps) {
    super(scope, id);
    const { name, logicalIdPrefix } = deploymentName(this);
    const config = constructConfig(stageOf(this, props.stage ?? name), props);
    this.stage = config.stage;
    const tags = { service: SERVICE, stage: config.stage, version: manifest.version };
    // an app's own tags of these names win
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value, { priority: 50 });
    if (config.accountConcurrency === undefined) {
      Annotations.of(this).addInfoV2('user-recovery:lambda-concurrency', concurrencyNote(config));
    }
    const network = props.vpc && functionNetwork(this, props.vpc, props.vpcSubnets);
    const resources = createResources(this, config, {
      name,
      logicalIdPrefix,
      existing: { ...props, network, directoryKey: directoryKeyOf(props.directory) },
    });
    this.#resources = resources;
    if (props.removalPolicy) applyRemovalPolicy(this, props.removalPolicy);
    acknowledgeFindings(this);

    this.endpointUrl = resources.api.url;
    this.allowedOrigins = resources.allowedOrigins;
    this.api = resources.api.restApi;
    this.function = resources.endpoint.liveFunction;
    this.deliveryFunction = resources.delivery.liveFunction;
    this.outbox = resources.outbox.queue;
    this.deadLetterQueue = resources.outbox.deadLetterQueue;
    this.table = resources.rateLimitTable.table;
    this.auditLogGroup = resources.auditLog.logGroup;
    this.eventBus = resources.eventBus.bus;
    this.apiTokenSecret = resources.apiTokenSecret.secret;
    this.pseudonymKeySecret = resources.pseudonymKeySecret?.secret;
    this.captchaSecret = resources.captchaSecret?.secret;
    this.alarmTopic = resources.alarms.topic;
    this.dashboardUrl = resources.dashboard.url;
    this.recoveryPageUrl = resources.page?.url;
    this.customDomainTarget = resources.api.customDomainTarget;
  }

  /** How often requests had this outcome; the outcomes are those of docs/events.md. */
  metricOutcome(outcome: keyof typeof OUTCOME_METRICS, period: Duration = PERIOD): Metric {
    return this.#resources.metrics.count(OUTCOME_METRICS[outcome], period);
  }

  /** How often deliveries from the outbox had this outcome. */
  metricDelivery(outcome: keyof typeof DELIVERY_METRICS, period: Duration = PERIOD): Metric {
    return this.#resources.metrics.count(DELIVERY_METRICS[outcome], period);
  }

  /** Requests that Beyond Identity accepted at once: their recovery emails are on their way. */
  metricForwarded(period: Duration = PERIOD): Metric {
    return this.metricOutcome('forwarded', period);
  }

  /** Requests beyond the limits of their mailbox. */
  metricRateLimited(period: Duration = PERIOD): Metric {
    return this.metricOutcome('rate-limited', period);
  }

  /** Time that calls to Beyond Identity took, in milliseconds. */
  metricUpstreamLatency(statistic = 'p99', period: Duration = PERIOD): Metric {
    return this.#resources.metrics.upstreamLatency(statistic, period);
  }

  /** Days until the API token expires; no value where it does not say. */
  metricTokenDaysLeft(period: Duration = Duration.hours(1)): Metric {
    return this.#resources.metrics.tokenDaysLeft(period);
  }

  /** Age in seconds of the oldest request in the outbox that is not being consumed. */
  metricOutboxAge(period: Duration = PERIOD): Metric {
    return this.#resources.outbox.metricAge(period);
  }

  /** Requests that could not be delivered at all. */
  metricDeadLetters(period: Duration = PERIOD): Metric {
    return this.#resources.outbox.metricDeadLetters(period);
  }

  /**
   * Lets the grantee look up what became of a person's requests: what `npm run lookup` does. Reads the pseudonymization key,
   * which may be in `apiTokenSecret`, with the API token.
   */
  grantLookup(grantee: IGrantable): Grant {
    return grantLookup(grantee, this.#resources);
  }

  /**
   * Lets the grantee send a person a recovery past the rate limit: what `npm run recover` does. Reads the pseudonymization
   * key, which may be in `apiTokenSecret`, with the API token.
   */
  grantRecover(grantee: IGrantable): Grant {
    return grantRecover(grantee, this.#resources);
  }

  /** Lets the grantee put dead letters back into the outbox: what `npm run redrive` does. */
  grantRedrive(grantee: IGrantable): Grant {
    return grantRedrive(grantee, this.#resources);
  }
}

/** Throws {@link ConfigError} where the stage names another deployment, too: their metrics and alarms would be one. */
function stageOf(recovery: UserRecovery, stage: string): string {
  if (!STAGE.test(stage)) {
    throw new ConfigError(
      `stage is ${JSON.stringify(stage)}; it must be 1 to 64 letters, digits, "-" and "_"`,
    );
  }
  const { account, region } = Stack.of(recovery);
  const other = recovery.node.root.node
    .findAll()
    .find(
      (construct) =>
        construct instanceof UserRecovery &&
        construct.stage === stage &&
        Stack.of(construct).account === account &&
        Stack.of(construct).region === region,
    );
  if (other) {
    throw new ConfigError(
      `stage is ${JSON.stringify(stage)}, as it is for ${other.node.path}; give each deployment of an account and region its own`,
    );
  }
  return stage;
}

/** Applies a removal policy to what stores something. Throws {@link ConfigError} where CloudFormation has none like that for it. */
function applyRemovalPolicy(recovery: UserRecovery, policy: RemovalPolicy): void {
  if (policy === RemovalPolicy.SNAPSHOT) {
    throw new ConfigError(
      'removalPolicy is "snapshot"; it must be DESTROY or RETAIN: queues and logs have none',
    );
  }
  // what a first deployment leaves behind that failed would have the names that the next one needs
  const applied = policy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : policy;
  // the log of the web ACL is of blocked requests, and has to have a fixed name
  for (const child of recovery.node.children.filter(({ node }) => node.id !== 'WebAcl')) {
    RemovalPolicies.of(child).apply(applied, { applyToResourceTypes: STORES });
  }
}

/** The key of a directory's table of the app, which the functions have to use. */
function directoryKeyOf(directory: UserRecoveryProps['directory']): IKey | undefined {
  const isTable = directory?.type === 'dynamodb' && typeof directory.table !== 'string';
  return isTable ? directory.table.encryptionKey : undefined;
}
