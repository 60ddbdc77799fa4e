import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { FIXED } from '../../bin/cost-model.ts';
import {
  CAPTCHA_SKIPPED_METRIC,
  CAUSE_METRICS,
  DELIVERY_METRICS,
  EVENT_FAILED_METRIC,
  METRICS_NAMESPACE,
  OUTCOME_METRICS,
  RATE_LIMITER_FALLBACK_METRIC,
  SELF_TEST_FAILED_METRIC,
  SERVICE,
  TOKEN_DAYS_LEFT_METRIC,
} from '../../functions/runtime/metric-names.ts';
import { EVERYTHING, propertiesOf, recoveryTemplate } from './synthesis.ts';

const DIMENSIONS = [
  { Name: 'service', Value: SERVICE },
  { Name: 'stage', Value: 'production' },
];

const template = recoveryTemplate();
const withCaptcha = recoveryTemplate(EVERYTHING);

describe('alarms', () => {
  test.each([
    CAUSE_METRICS['token-refused'],
    CAUSE_METRICS['token-unavailable'],
    CAUSE_METRICS['upstream-failed'],
    CAUSE_METRICS.misconfigured,
    CAUSE_METRICS['directory-unavailable'],
    SELF_TEST_FAILED_METRIC,
    OUTCOME_METRICS.failed,
    OUTCOME_METRICS['outbox-failed'],
    DELIVERY_METRICS.failed,
  ])('cover %s, from the first one on', (metric) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: METRICS_NAMESPACE,
      MetricName: metric,
      Dimensions: DIMENSIONS,
      Threshold: 1,
    });
  });

  test('cover an API token that expires within 14 days', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: METRICS_NAMESPACE,
      MetricName: TOKEN_DAYS_LEFT_METRIC,
      Dimensions: DIMENSIONS,
      Threshold: 14,
      Statistic: 'Minimum',
      ComparisonOperator: 'LessThanThreshold',
    });
  });

  test.each([
    ['rate-limited attempts', template, OUTCOME_METRICS['rate-limited'], 20, 300],
    ['a rate limiter that is down', template, RATE_LIMITER_FALLBACK_METRIC, 3, 3600],
    ['events that are not published, more than a blip', template, EVENT_FAILED_METRIC, 3, 3600],
    ['CAPTCHAs that fail', withCaptcha, OUTCOME_METRICS['captcha-failed'], 20, 300],
    ['a CAPTCHA that is down', withCaptcha, OUTCOME_METRICS['captcha-unavailable'], 1, 300],
    ['CAPTCHAs that are skipped', withCaptcha, CAPTCHA_SKIPPED_METRIC, 1, 300],
  ])('cover %s', (_what, stack, metric, threshold, period) => {
    stack.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: METRICS_NAMESPACE,
      MetricName: metric,
      Dimensions: DIMENSIONS,
      Threshold: threshold,
      Period: period,
      Statistic: 'Sum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  });

  test.each([
    ['requests that were dropped', DELIVERY_METRICS.dropped, 1],
    ['messages that cannot be read', DELIVERY_METRICS.malformed, 1],
    // a first failure is usually over within seconds
    ['deliveries that fail for more than ten minutes', DELIVERY_METRICS.postponed, 3],
  ])('cover %s', (_what, metric, periods) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: METRICS_NAMESPACE,
      MetricName: metric,
      Dimensions: DIMENSIONS,
      Statistic: 'Sum',
      Period: 300,
      Threshold: 1,
      EvaluationPeriods: periods,
    });
  });

  test.each([
    ['the dead-letter queue', 'ApproximateNumberOfMessagesVisible', /^OutboxDeadLetters/, 1],
    ['requests that are not being consumed', 'ApproximateAgeOfOldestMessage', /^OutboxQueue/, 600],
  ])('cover %s', (_what, metric, queue, threshold) => {
    expect(propertiesOf(template, 'AWS::CloudWatch::Alarm')).toContainEqual(
      expect.objectContaining({
        Namespace: 'AWS/SQS',
        MetricName: metric,
        Dimensions: [
          { Name: 'QueueName', Value: { 'Fn::GetAtt': [expect.stringMatching(queue), 'QueueName'] } },
        ],
        Statistic: 'Maximum',
        Threshold: threshold,
      }),
    );
  });

  test('cover no CAPTCHA when there is none', () => {
    expect(JSON.stringify(propertiesOf(template, 'AWS::CloudWatch::Alarm'))).not.toContain('Captcha');
  });

  test('cover how many mailboxes one client IP requests', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: [
        Match.objectLike({
          Expression: 'INSIGHT_RULE_METRIC("RecoveryStack-attempts-by-client-ip", "MaxContributorValue")',
          Period: 300,
        }),
      ],
      Threshold: 20,
    });
  });

  test('cover events that EventBridge cannot write to the audit log', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Events',
      MetricName: 'FailedInvocations',
      // a rule of a custom bus has both dimensions
      Dimensions: [
        { Name: 'EventBusName', Value: { Ref: Match.stringLikeRegexp('^EventsBus') } },
        { Name: 'RuleName', Value: Match.stringLikeRegexp('^RecoveryStackAuditLog') },
      ],
      Statistic: 'Sum',
      Threshold: 1,
    });
  });

  test('cover what the web ACL blocks', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/WAFV2',
      MetricName: 'BlockedRequests',
      // the names of metrics, not of resources
      Dimensions: [
        { Name: 'Region', Value: { Ref: 'AWS::Region' } },
        { Name: 'Rule', Value: 'ALL' },
        { Name: 'WebACL', Value: 'RecoveryStack' },
      ],
    });
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      VisibilityConfig: { MetricName: 'RecoveryStack' },
    });
  });

  test.each(['RecoverUserFunction', 'DeliverOutboxFunction'])('cover errors and throttles of %s', (id) => {
    for (const metric of ['Errors', 'Throttles']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'AWS/Lambda',
        MetricName: metric,
        Dimensions: [{ Name: 'FunctionName', Value: { Ref: id } }],
        Statistic: 'Sum',
        Threshold: 1,
      });
    }
  });

  test('cover server errors of API Gateway', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/ApiGateway',
      MetricName: '5XXError',
      Statistic: 'Sum',
    });
  });

  test('are as many metrics as the cost model has', () => {
    const metrics = z.array(z.object({ Expression: z.optional(z.string()) }));
    const paid = propertiesOf(
      recoveryTemplate({ alarmEmail: 'on-call@example.com' }),
      'AWS::CloudWatch::Alarm',
    )
      .map(({ Metrics }) => metrics.parse(Metrics ?? [{}]))
      // an expression is free of charge, unless it is itself the metric
      .flatMap((of) => of.filter(({ Expression = 'INSIGHT' }) => Expression.startsWith('INSIGHT')));
    expect(paid).toHaveLength(FIXED.alarmMetrics);
  });

  test('say what to do and where the runbook is, and treat a day without requests as normal', () => {
    expect(propertiesOf(template, 'AWS::CloudWatch::Alarm')).toHaveLength(30);
    const alarms = propertiesOf(withCaptcha, 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(33);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        TreatMissingData: 'notBreaching',
        // CloudWatch takes 1,024 characters
        AlarmDescription: expect.stringMatching(/^.{80,980} Runbook: docs\/operations\.md#[a-z]+$/),
      });
    }
  });
});
