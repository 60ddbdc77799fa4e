import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  DELIVERY_METRICS,
  METRICS_NAMESPACE,
  OUTCOME_METRICS,
  SERVICE,
  TOKEN_DAYS_LEFT_METRIC,
  UPSTREAM_LATENCY_METRIC,
} from '../../functions/runtime/metric-names.ts';

/** The metrics that the functions of one stage publish. */
export interface RecoveryMetrics {
  /** How often something happened: an outcome, a cause, an exception. */
  count(metricName: string, period: Duration): Metric;
  /** How often this version of a function failed; `metricName` is one of `VERSION_FAILURE_METRICS`. */
  failuresOfVersion(metricName: string, version: string, period: Duration): Metric;
  /** Days until the API token expires; no value where it does not say. */
  tokenDaysLeft(period: Duration): Metric;
  /** Time that calls to Beyond Identity took, in milliseconds; `statistic` is p50 or p99, for example. */
  upstreamLatency(statistic: string, period: Duration): Metric;
}

/** The metrics of a stage: two stages of one account and region have the same names, and differ in this dimension. */
export function recoveryMetrics(stage: string): RecoveryMetrics {
  const where = { namespace: METRICS_NAMESPACE, dimensionsMap: { service: SERVICE, stage } };
  return {
    count: (metricName, period) => new Metric({ ...where, metricName, period, statistic: 'Sum' }),
    failuresOfVersion: (metricName, version, period) =>
      new Metric({
        ...where,
        dimensionsMap: { ...where.dimensionsMap, version },
        metricName,
        period,
        statistic: 'Sum',
      }),
    tokenDaysLeft: (period) =>
      new Metric({ ...where, metricName: TOKEN_DAYS_LEFT_METRIC, period, statistic: 'Minimum' }),
    upstreamLatency: (statistic, period) =>
      new Metric({ ...where, metricName: UPSTREAM_LATENCY_METRIC, period, statistic, label: statistic }),
  };
}

/**
 * How Beyond Identity took the requests of a period, by the names of metric math: for users it knows (`forwarded` by the
 * endpoint, `delivered` later from the outbox), and for others (`unknown`, `unknownLater`).
 */
export function lookupMetrics(metrics: RecoveryMetrics, period: Duration) {
  return {
    forwarded: metrics.count(OUTCOME_METRICS.forwarded, period),
    delivered: metrics.count(DELIVERY_METRICS.delivered, period),
    unknown: metrics.count(OUTCOME_METRICS['not-recoverable'], period),
    unknownLater: metrics.count(DELIVERY_METRICS['not-recoverable'], period),
  };
}
