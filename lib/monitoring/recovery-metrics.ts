import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS_NAMESPACE, SERVICE, UPSTREAM_LATENCY_METRIC } from '../../functions/runtime/metric-names.ts';

const WHERE = { namespace: METRICS_NAMESPACE, dimensionsMap: { service: SERVICE } };

/** How often something happened that the function counts: an outcome of a request, or a fault on the way. */
export function countMetric(metricName: string, period: Duration): Metric {
  return new Metric({ ...WHERE, metricName, period, statistic: 'Sum' });
}

/** Time that calls to Beyond Identity took, in milliseconds; `statistic` is p50 or p99, for example. */
export function upstreamLatencyMetric(statistic: string, period: Duration): Metric {
  return new Metric({ ...WHERE, metricName: UPSTREAM_LATENCY_METRIC, period, statistic, label: statistic });
}
