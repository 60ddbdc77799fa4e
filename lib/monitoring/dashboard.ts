import { Aws, Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import {
  CAPTCHA_SKIPPED_METRIC,
  CAUSE_METRICS,
  DELIVERY_METRICS,
  EVENT_FAILED_METRIC,
  FORBIDDEN_USER_METRIC,
  OUTCOME_METRICS,
  RATE_LIMITER_FALLBACK_METRIC,
  VERSION_FAILURE_METRICS,
} from '../../functions/runtime/metric-names.ts';
import { unknownUsersMetric } from './alarms/abuse-alarms.ts';
import type { MonitoredResources } from './alarms/alarm-definition.ts';
import { releaseFailures } from './alarms/release-alarms.ts';

const PERIOD = Duration.minutes(5);
const HALF_WIDTH = 12;

/** What the dashboard shows. */
export interface RecoveryDashboardProps extends MonitoredResources {
  /** Names the dashboard, with the region: dashboards are those of the account, in all of its regions. */
  name: string;
}

/** One page that shows whether users are being recovered, if not, where it stops, and whether anybody abuses it. */
export class RecoveryDashboard extends Construct {
  /** Where it is in the AWS console. */
  readonly url: string;

  constructor(
    scope: Construct,
    id: string,
    { name, metrics, lambda, delivery, live, outbox, api, auditLog, webAcl }: RecoveryDashboardProps,
  ) {
    super(scope, id);
    const dashboardName = `${name}-${Aws.REGION}`;
    const dashboard = new Dashboard(this, 'Dashboard', { dashboardName });
    const stage = api.deploymentStage;
    const sum = { period: PERIOD, statistic: 'Sum' };
    dashboard.addWidgets(
      graph(
        'Requests by outcome',
        'count',
        Object.values(OUTCOME_METRICS).map((outcome) => metrics.count(outcome, PERIOD)),
      ),
      graph(
        'Why requests were not forwarded, by the endpoint and by deliveries',
        'count',
        Object.values(CAUSE_METRICS).map((cause) => metrics.count(cause, PERIOD)),
      ),
      graph(
        'Beyond Identity: latency',
        'ms',
        ['p50', 'p99'].map((statistic) => metrics.upstreamLatency(statistic, PERIOD)),
      ),
      graph(
        'Deliveries from the outbox by outcome',
        'count',
        Object.values(DELIVERY_METRICS).map((outcome) => metrics.count(outcome, PERIOD)),
      ),
      graph('Outbox: requests', 'count', outbox.metricsOfDepth(PERIOD)),
      graph('Outbox: age of the oldest request that is not being consumed', 's', [outbox.metricAge(PERIOD)]),
      graph('Delivery function: errors and throttles', 'count', [
        delivery.metricErrors({ ...sum, label: 'errors' }),
        delivery.metricThrottles({ ...sum, label: 'throttles' }),
      ]),
      graph('API Gateway: requests and error responses', 'count', [
        stage.metricCount({ ...sum, label: 'requests' }),
        stage.metricClientError({ ...sum, label: '4xx' }),
        stage.metricServerError({ ...sum, label: '5xx' }),
      ]),
      graph(
        'API Gateway: latency',
        'ms',
        ['p50', 'p99'].map((statistic) =>
          stage.metricLatency({ period: PERIOD, statistic, label: statistic }),
        ),
      ),
      graph('Attempts admitted for the busiest client IP', 'count', [auditLog.metricBusiestClientIp(PERIOD)]),
      graph('Requests for unknown users in an hour', '%', [unknownUsersMetric(metrics, Duration.hours(1))]),
      ...(webAcl
        ? [
            graph('Web ACL: requests blocked', 'count', [
              webAcl.metricBlockedRequests(PERIOD).with({ label: 'by any rule' }),
              webAcl.metricBlockedByRate(PERIOD).with({ label: 'too many from one client IP' }),
            ]),
          ]
        : []),
      graph('Exceptions: fallbacks, unpublished events, skipped CAPTCHAs, forbidden users', 'count', [
        metrics.count(RATE_LIMITER_FALLBACK_METRIC, PERIOD),
        metrics.count(EVENT_FAILED_METRIC, PERIOD),
        auditLog.metricFailed(PERIOD).with({ label: 'not in the audit log' }),
        metrics.count(CAPTCHA_SKIPPED_METRIC, PERIOD),
        metrics.count(FORBIDDEN_USER_METRIC, PERIOD),
      ]),
      graph('Function: errors and throttles', 'count', [
        lambda.metricErrors({ ...sum, label: 'errors' }),
        lambda.metricThrottles({ ...sum, label: 'throttles' }),
      ]),
      graph(
        'Function: duration',
        'ms',
        ['p50', 'p99'].map((statistic) =>
          lambda.metricDuration({ period: PERIOD, statistic, label: statistic }),
        ),
      ),
      graph('Endpoint: failures of the newest version', 'count', [
        releaseFailures(live.endpoint, VERSION_FAILURE_METRICS.endpoint, metrics, PERIOD),
      ]),
      graph('Delivery function: failures of the newest version', 'count', [
        releaseFailures(live.delivery, VERSION_FAILURE_METRICS.delivery, metrics, PERIOD),
      ]),
    );
    this.url = `https://${Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region=${Aws.REGION}#dashboards/dashboard/${dashboardName}`;
  }
}

function graph(title: string, unit: string, metrics: IMetric[]): GraphWidget {
  return new GraphWidget({
    title,
    left: metrics,
    leftYAxis: { label: unit, showUnits: false, min: 0 },
    width: HALF_WIDTH,
  });
}
