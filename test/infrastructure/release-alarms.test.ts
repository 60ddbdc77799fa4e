import { describe, expect, test } from '@jest/globals';
import { METRICS_NAMESPACE, VERSION_FAILURE_METRICS } from '../../functions/runtime/metric-names.ts';
import { onlyPropertiesOf, recoveryTemplate } from './synthesis.ts';

const template = recoveryTemplate();

describe.each([
  ['ReleaseFailed', 'RecoverUserFunction', VERSION_FAILURE_METRICS.endpoint],
  ['DeliveryReleaseFailed', 'DeliverOutboxFunction', VERSION_FAILURE_METRICS.delivery],
])('the alarm %s', (name, functionId, ownMetric) => {
  const alarm = onlyPropertiesOf(template, 'AWS::CloudWatch::Alarm', `Alarms${name}`);
  const version = {
    'Fn::GetAtt': [expect.stringMatching(`^${functionId}CurrentVersion`), 'Version'],
  };
  const alias = [
    { Name: 'FunctionName', Value: { Ref: functionId } },
    { Name: 'Resource', Value: { 'Fn::Join': ['', [{ Ref: functionId }, ':live']] } },
  ];

  test.each([
    [
      'errors of the new version',
      'AWS/Lambda',
      'Errors',
      [{ Name: 'ExecutedVersion', Value: version }, ...alias],
    ],
    [
      'failures that the new version counts itself',
      METRICS_NAMESPACE,
      ownMetric,
      [
        { Name: 'service', Value: 'recover-user' },
        { Name: 'stage', Value: 'production' },
        { Name: 'version', Value: version },
      ],
    ],
    ['throttled invocations of the alias', 'AWS/Lambda', 'Throttles', alias],
  ])('is about %s', (_what, namespace, metricName, dimensions) => {
    expect(alarm['Metrics']).toContainEqual(
      expect.objectContaining({
        ReturnData: false,
        MetricStat: {
          Metric: { Namespace: namespace, MetricName: metricName, Dimensions: dimensions },
          Period: 60,
          Stat: 'Sum',
        },
      }),
    );
  });

  test('is raised by the first failure, within the time of the canary', () => {
    expect(alarm).toMatchObject({
      Threshold: 1,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
    expect(alarm['Metrics']).toContainEqual(
      expect.objectContaining({
        Expression: 'SUM([FILL(errors, 0), FILL(failures, 0), FILL(throttles, 0)])',
        ReturnData: true,
      }),
    );
  });
});
