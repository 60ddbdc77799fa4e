import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnInsightRule, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { RequestOutcome } from '../../functions/runtime/metric-names.ts';

/** The outcomes of requests that the rate limiter rejected, or that did not reach it. */
const NOT_ADMITTED = [
  'rate-limited',
  'captcha-failed',
  'captcha-unavailable',
  'refused',
] as const satisfies readonly RequestOutcome[];

/** The audit log's part of the configuration. */
export interface AuditLogProps {
  /** Days that the events are kept for. */
  retentionDays: RetentionDays;
}

/**
 * One JSON line a request, apart from the function's own log, so that it can be kept longer and read by others:
 * `outcome`, `mailbox` (a pseudonym), `sourceIp` (the client IP) and `requestId`.
 */
export class AuditLog extends Construct {
  readonly #logGroup: LogGroup;
  readonly #attemptsByClientIp: string;
  /** What the function names the log group by. */
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, { retentionDays }: AuditLogProps) {
    super(scope, id);
    this.#logGroup = new LogGroup(this, 'Events', {
      retention: retentionDays,
      // evidence: it outlives the stack, and expires
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.logGroupName = this.#logGroup.logGroupName;
    this.#attemptsByClientIp = this.#createAttemptsByClientIp();
  }

  /** Lets the grantee write events, and neither read nor delete them. */
  grantWrite(grantee: IGrantable): Grant {
    return this.#logGroup.grantWrite(grantee);
  }

  /** Attempts that the rate limiter admitted for the busiest client IP of the period. */
  metricBusiestClientIp(period: Duration): MathExpression {
    return new MathExpression({
      expression: `INSIGHT_RULE_METRIC("${this.#attemptsByClientIp}", "MaxContributorValue")`,
      label: 'attempts admitted, busiest client IP',
      period,
    });
  }

  /**
   * Counts admitted attempts by client IP. The rate limiter admits a mailbox once per cooldown, so that within five minutes
   * they are as good as distinct mailboxes; CloudWatch cannot count distinct values by client IP.
   */
  #createAttemptsByClientIp(): string {
    const name = `${Stack.of(this).stackName}-attempts-by-client-ip`;
    new CfnInsightRule(this, 'AttemptsByClientIp', {
      ruleName: name,
      ruleState: 'ENABLED',
      ruleBody: Stack.of(this).toJsonString({
        Schema: { Name: 'CloudWatchLogRule', Version: 1 },
        LogGroupNames: [this.logGroupName],
        LogFormat: 'JSON',
        Contribution: {
          Keys: ['$.sourceIp'],
          Filters: [{ Match: '$.outcome', NotIn: NOT_ADMITTED }],
        },
        AggregateOn: 'Count',
      }),
    });
    return name;
  }
}
