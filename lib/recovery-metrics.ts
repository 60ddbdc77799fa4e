import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  METRICS_NAMESPACE,
  SERVICE,
  UPSTREAM_LATENCY_METRIC,
} from '../functions/recover-user/metric-names.ts';

const WHERE = { namespace: METRICS_NAMESPACE, dimensionsMap: { service: SERVICE } };

/** How often requests came to one of the outcomes that the function counts. */
export function outcomeMetric(metricName: string, period: Duration): Metric {
  return new Metric({ ...WHERE, metricName, period, statistic: 'Sum' });
}

/** Time that calls to Beyond Identity took, in milliseconds; `statistic` is p50 or p99, for example. */
export function upstreamLatencyMetric(statistic: string, period: Duration): Metric {
  return new Metric({ ...WHERE, metricName: UPSTREAM_LATENCY_METRIC, period, statistic, label: statistic });
}
