import { Aws, Duration, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { OUTCOME_METRICS } from '../functions/recover-user/metric-names.ts';
import { outcomeMetric, upstreamLatencyMetric } from './recovery-metrics.ts';

const PERIOD = Duration.minutes(5);
const HALF_WIDTH = 12;

export interface RecoveryDashboardProps {
  lambda: IFunction;
  api: RestApi;
}

/** One page that shows whether users are being recovered, and if not, where it stops. */
export class RecoveryDashboard extends Construct {
  /** Where it is in the AWS console. */
  readonly url: string;

  constructor(scope: Construct, id: string, { lambda, api }: RecoveryDashboardProps) {
    super(scope, id);
    const name = `${Stack.of(this).stackName}-${Aws.REGION}`;
    const dashboard = new Dashboard(this, 'Dashboard', { dashboardName: name });
    const stage = api.deploymentStage;
    const sum = { period: PERIOD, statistic: 'Sum' };
    dashboard.addWidgets(
      graph(
        'Requests by outcome',
        'count',
        Object.values(OUTCOME_METRICS).map((outcome) => outcomeMetric(outcome, PERIOD)),
      ),
      graph(
        'Beyond Identity: latency',
        'ms',
        ['p50', 'p99'].map((statistic) => upstreamLatencyMetric(statistic, PERIOD)),
      ),
      graph('API Gateway: requests and refusals', 'count', [
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
    );
    this.url = `https://${Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region=${Aws.REGION}#dashboards/dashboard/${name}`;
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
