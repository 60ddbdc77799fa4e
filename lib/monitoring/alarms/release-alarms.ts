import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { VERSION_FAILURE_METRICS } from '../../../functions/runtime/metric-names.ts';
import type { RecoveryMetrics } from '../recovery-metrics.ts';
import type { AlarmDefinition, MonitoredResources } from './alarm-definition.ts';

/** Short, so that a release is rolled back while its new version has few of the requests. */
const MINUTE = Duration.minutes(1);

// FILL, because a metric without a value would make the sum have none
const FAILURES = 'SUM([FILL(errors, 0), FILL(failures, 0), FILL(throttles, 0)])';

/** Alarms about the version that was released last; CodeDeploy takes a release back while one is raised. */
export function releaseAlarms({
  metrics,
  live,
}: MonitoredResources): Record<'ReleaseFailed' | 'DeliveryReleaseFailed', AlarmDefinition> {
  return {
    ReleaseFailed: {
      metric: releaseFailures(live.endpoint, VERSION_FAILURE_METRICS.endpoint, metrics, MINUTE),
      description:
        'The new version of the function behind the endpoint ended with an error, responded with a 5xx, or was throttled. CodeDeploy moves all requests back to the previous version, and the deployment fails. The log of the function says what happened. Fix it, and deploy again.',
    },
    DeliveryReleaseFailed: {
      metric: releaseFailures(live.delivery, VERSION_FAILURE_METRICS.delivery, metrics, MINUTE),
      description:
        'The new version of the delivery function ended with an error, could not read a message, or was throttled. CodeDeploy moves all messages back to the previous version, and the deployment fails. The log of the function says what happened. Fix it, and deploy again.',
    },
  };
}

/**
 * How often the newest version failed: its errors while it shares the requests with the previous one, what it counts by
 * version itself, and throttled invocations of the alias.
 */
export function releaseFailures(
  alias: Alias,
  ownMetric: string,
  metrics: RecoveryMetrics,
  period: Duration,
): MathExpression {
  const { functionName } = alias.lambda;
  const { version } = alias.version;
  return new MathExpression({
    expression: FAILURES,
    usingMetrics: {
      // CloudWatch has this dimension of an alias with two versions
      errors: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Errors',
        dimensionsMap: {
          FunctionName: functionName,
          Resource: `${functionName}:${alias.aliasName}`,
          ExecutedVersion: version,
        },
        statistic: 'Sum',
        period,
      }),
      failures: metrics.failuresOfVersion(ownMetric, version, period),
      throttles: alias.metricThrottles({ period }),
    },
    label: 'failures of the newest version',
    period,
  });
}
