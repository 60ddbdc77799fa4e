import { ArnFormat, type Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnInsightRule, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, ResourcePolicy, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { RequestOutcome } from '../../functions/runtime/metric-names.ts';
import type { RecoveryEventBus } from './event-bus.ts';

/** The outcomes of requests that the rate limiter rejected, or that did not reach it. */
const NOT_ADMITTED = [
  'rate-limited',
  'captcha-failed',
  'captcha-unavailable',
  'refused',
] as const satisfies readonly RequestOutcome[];

/** What the audit log listens to, and its part of the configuration. */
export interface AuditLogProps {
  /** Names the rule of Contributor Insights. */
  name: string;
  /** Names the rule and the resource policy; absent: the ids of the constructs do. */
  ruleName?: string | undefined;
  eventBus: RecoveryEventBus;
  /** Days that the events are kept for. */
  retentionDays: RetentionDays;
}

/** How metrics and policies name a rule. */
interface RuleIdentity {
  eventBusName: string;
  ruleName: string;
}

/**
 * Every event of the bus, one JSON line each, apart from the functions' own logs, so that it can be kept longer and read by
 * others. The log group is the target of a rule like any other.
 */
export class AuditLog extends Construct {
  readonly #rule: RuleIdentity;
  readonly #attemptsByClientIp: string;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { name, ruleName, eventBus, retentionDays }: AuditLogProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Events', {
      retention: retentionDays,
      // evidence: it outlives the stack, and expires
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // A name of its own: the log group's policy names the rule before it exists, and the metrics by another name than
    // CloudFormation returns for a rule of a custom bus.
    this.#rule = {
      eventBusName: eventBus.eventBusName,
      ruleName: ruleName ?? Names.uniqueResourceName(this, { maxLength: 64 }),
    };
    this.#createRule(eventBus, ruleName);
    this.#attemptsByClientIp = this.#createAttemptsByClientIp(name);
  }

  /** Events that EventBridge gave up writing to the log group, after a day of retries or because it may not. */
  metricFailed(period: Duration): Metric {
    return new Metric({
      namespace: 'AWS/Events',
      metricName: 'FailedInvocations',
      dimensionsMap: { EventBusName: this.#rule.eventBusName, RuleName: this.#rule.ruleName },
      statistic: 'Sum',
      period,
    });
  }

  /** Attempts that the rate limiter admitted for the busiest client IP of the period. */
  metricBusiestClientIp(period: Duration): MathExpression {
    return new MathExpression({
      expression: `INSIGHT_RULE_METRIC("${this.#attemptsByClientIp}", "MaxContributorValue")`,
      label: 'attempts admitted, busiest client IP',
      period,
    });
  }

  /** Without the CDK's own target, which sets the resource policy by a Lambda function of its own. */
  #createRule({ bus, eventPattern }: RecoveryEventBus, policyName: string | undefined): void {
    const arn = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: this.logGroup.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const rule = new Rule(this, 'Rule', {
      ruleName: this.#rule.ruleName,
      description: 'Writes every event of user recovery to the audit log',
      eventBus: bus,
      eventPattern,
      targets: [{ bind: () => ({ arn }) }],
    });
    // events that come before the rule may write would be lost
    rule.node.addDependency(this.#allowRule(policyName));
  }

  /**
   * Lets this rule write to this log group; EventBridge names the rule when it writes, not when it creates a log stream.
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
   */
  #allowRule(policyName: string | undefined): ResourcePolicy {
    const { eventBusName, ruleName } = this.#rule;
    const ruleArn = Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: `${eventBusName}/${ruleName}`,
    });
    const principals = ['events.amazonaws.com', 'delivery.logs.amazonaws.com'].map(
      (service) => new ServicePrincipal(service),
    );
    const resources = [this.logGroup.logGroupArn];
    return new ResourcePolicy(this, 'Policy', {
      ...(policyName !== undefined && { resourcePolicyName: policyName }),
      policyStatements: [
        new PolicyStatement({ principals, resources, actions: ['logs:CreateLogStream'] }),
        new PolicyStatement({
          principals,
          resources,
          actions: ['logs:PutLogEvents'],
          conditions: { ArnEquals: { 'aws:SourceArn': ruleArn } },
        }),
      ],
    });
  }

  /**
   * Counts admitted attempts by client IP. The rate limiter admits a mailbox once per cooldown, so that within five minutes
   * they are as good as distinct mailboxes; CloudWatch cannot count distinct values by client IP.
   */
  #createAttemptsByClientIp(deployment: string): string {
    const name = `${deployment}-attempts-by-client-ip`;
    new CfnInsightRule(this, 'AttemptsByClientIp', {
      ruleName: name,
      ruleState: 'ENABLED',
      ruleBody: Stack.of(this).toJsonString({
        Schema: { Name: 'CloudWatchLogRule', Version: 1 },
        LogGroupNames: [this.logGroup.logGroupName],
        LogFormat: 'JSON',
        Contribution: {
          Keys: ['$.detail.sourceIp'],
          Filters: [
            // deliveries have none
            { Match: '$.detail.sourceIp', IsPresent: true },
            { Match: '$.detail.outcome', NotIn: NOT_ADMITTED },
          ],
        },
        AggregateOn: 'Count',
      }),
    });
    return name;
  }
}
