import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import {
  AUDIT_FAILED_METRIC,
  CAPTCHA_SKIPPED_METRIC,
  CAUSE_METRICS,
  DELIVERY_METRICS,
  FORBIDDEN_USER_METRIC,
  METRICS_NAMESPACE,
  OUTCOME_METRICS,
  RATE_LIMITER_FALLBACK_METRIC,
  SERVICE,
} from '../../functions/runtime/metric-names.ts';
import { onlyPropertiesOf, propertiesOf, recoveryTemplate } from './synthesis.ts';

const template = recoveryTemplate();
const told = recoveryTemplate({ alarmEmail: 'on-call@example.com', captcha: { provider: 'turnstile' } });
const query = z.object({ Id: z.string(), Expression: z.string().optional() });

describe('alarms', () => {
  test.each([
    CAUSE_METRICS['token-refused'],
    CAUSE_METRICS['token-unavailable'],
    CAUSE_METRICS['upstream-failed'],
    CAUSE_METRICS.misconfigured,
    OUTCOME_METRICS.failed,
    OUTCOME_METRICS['outbox-failed'],
    DELIVERY_METRICS.failed,
  ])('watch %s, from the first one on', (metric) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: METRICS_NAMESPACE,
      MetricName: metric,
      Dimensions: [
        { Name: 'service', Value: SERVICE },
        { Name: 'stage', Value: 'production' },
      ],
      Threshold: 1,
    });
  });

  test.each([
    ['refused attempts', template, OUTCOME_METRICS['rate-limited'], 20, 300],
    ['a rate limiter that is down', template, RATE_LIMITER_FALLBACK_METRIC, 3, 3600],
    ['audit events that are lost, more than a blip', template, AUDIT_FAILED_METRIC, 3, 3600],
    ['CAPTCHAs that fail', told, OUTCOME_METRICS['captcha-failed'], 20, 300],
    ['a CAPTCHA that is down', told, OUTCOME_METRICS['captcha-unavailable'], 1, 300],
    ['CAPTCHAs that are skipped', told, CAPTCHA_SKIPPED_METRIC, 1, 300],
  ])('watch %s', (_what, stack, metric, threshold, period) => {
    stack.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: METRICS_NAMESPACE,
      MetricName: metric,
      Dimensions: [
        { Name: 'service', Value: SERVICE },
        { Name: 'stage', Value: 'production' },
      ],
      Threshold: threshold,
      Period: period,
      Statistic: 'Sum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  });

  test.each([
    ['requests that came to nothing', DELIVERY_METRICS.dropped, 1],
    ['messages that cannot be read', DELIVERY_METRICS.malformed, 1],
    // a first failure is usually fixed within seconds
    ['deliveries that fail for more than ten minutes', DELIVERY_METRICS.postponed, 3],
  ])('watch %s', (_what, metric, periods) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: METRICS_NAMESPACE,
      MetricName: metric,
      Dimensions: [
        { Name: 'service', Value: SERVICE },
        { Name: 'stage', Value: 'production' },
      ],
      Statistic: 'Sum',
      Period: 300,
      Threshold: 1,
      EvaluationPeriods: periods,
    });
  });

  test.each([
    ['the dead-letter queue', 'ApproximateNumberOfMessagesVisible', /^OutboxDeadLetters/, 1],
    ['requests that are not being consumed', 'ApproximateAgeOfOldestMessage', /^OutboxQueue/, 600],
  ])('watch %s', (_what, metric, queue, threshold) => {
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

  test('watch no CAPTCHA when there is none', () => {
    expect(JSON.stringify(propertiesOf(template, 'AWS::CloudWatch::Alarm'))).not.toContain('CaptchaVerifier');
  });

  test('watch how many mailboxes one source is after', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: [
        Match.objectLike({
          Expression: 'INSIGHT_RULE_METRIC("RecoveryStack-attempts-by-source", "MaxContributorValue")',
          Period: 300,
        }),
      ],
      Threshold: 20,
    });
  });

  test.each([
    ['nobody asks', {}, 0],
    ['a few ask, all unknown', { forwarded: 0, unknown: 19 }, 0],
    ['all are unknown and nothing was forwarded at all', { unknown: 20 }, 100],
    ['half are unknown', { forwarded: 10, unknown: 10 }, 50],
    ['all are known', { forwarded: 30 }, 0],
    ['a tenth is unknown', { forwarded: 90, unknown: 10 }, 10],
    ['all go through the outbox', { delivered: 30, unknownLater: 10 }, 25],
    ['some go through the outbox', { forwarded: 10, delivered: 15, unknown: 20, unknownLater: 5 }, 50],
  ])('watch the share of unknown users in an hour: %s', (_when, counted, share) => {
    const alarm = propertiesOf(template, 'AWS::CloudWatch::Alarm').find((properties) =>
      JSON.stringify(properties).includes('>= 20'),
    );
    expect(alarm).toMatchObject({ Threshold: 50 });
    const queries = z.array(query).parse(alarm?.['Metrics']);
    expect(JSON.stringify(alarm)).toContain('"Period":3600');
    const names = ['forwarded', 'delivered', 'unknown', 'unknownLater'];
    expect(queries.map(({ Id }) => Id)).toEqual(['expr_1', ...names]);
    const expression = queries[0]?.Expression ?? '';
    const metrics = Object.fromEntries(names.map((name) => [name, undefined]));
    expect(metricMath(expression, { ...metrics, ...counted })).toBe(share);
  });

  test.each([
    ['nobody asks', {}, 0],
    ['everybody is rejected', { unknown: 3, unknownLater: 1, misconfigured: 1 }, 5],
    ['everybody is unknown', { unknown: 5 }, 5],
    ['one is recovered', { forwarded: 1, unknown: 50 }, 0],
    ['one is recovered from the outbox', { delivered: 1, misconfigured: 50 }, 0],
  ])('watch whether nobody is recovered in an hour: %s', (_when, counted, rejected) => {
    const alarm = propertiesOf(template, 'AWS::CloudWatch::Alarm').find(
      (properties) => 'Metrics' in properties && JSON.stringify(properties).includes('CauseMisconfigured'),
    );
    expect(alarm).toMatchObject({ Threshold: 5 });
    expect(JSON.stringify(alarm)).toContain('"Period":3600');
    const names = ['forwarded', 'delivered', 'unknown', 'unknownLater', 'misconfigured'];
    const metrics = Object.fromEntries(names.map((name) => [name, undefined]));
    const expression = z.array(query).parse(alarm?.['Metrics'])[0]?.Expression ?? '';
    expect(metricMath(expression, { ...metrics, ...counted })).toBe(rejected);
  });

  test('watch what the web ACL blocks', () => {
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

  test.each(['RecoverUserFunction', 'DeliverOutboxFunction'])('watch errors and throttles of %s', (id) => {
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

  test.each([['AWS/ApiGateway', '5XXError']])('watch %s %s', (namespace, metric) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: namespace,
      MetricName: metric,
      Statistic: 'Sum',
    });
  });

  test('explain themselves and do not mind a day without requests', () => {
    expect(propertiesOf(template, 'AWS::CloudWatch::Alarm')).toHaveLength(24);
    const alarms = propertiesOf(told, 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(27);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        TreatMissingData: 'notBreaching',
        // CloudWatch takes 1,024 characters
        AlarmDescription: expect.stringMatching(/^.{80,980} Runbook: docs\/operations\.md#[a-z]+$/),
      });
    }
  });

  test('tell somebody only when there is somebody to tell', () => {
    template.resourceCountIs('AWS::SNS::Topic', 0);
    template.resourceCountIs('AWS::KMS::Key', 0);
    for (const alarm of propertiesOf(template, 'AWS::CloudWatch::Alarm'))
      expect(alarm).not.toHaveProperty('AlarmActions');

    const topic = { Ref: expect.stringMatching(/^AlarmsTopic/) };
    for (const alarm of propertiesOf(told, 'AWS::CloudWatch::Alarm')) {
      expect(alarm).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
    }
    told.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
    });
  });

  test('go through a topic that is encrypted, takes TLS only, and that CloudWatch can use', () => {
    const fromThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };
    told.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    told.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: cloudWatch,
            Condition: fromThisAccount,
          }),
        ]),
      },
    });
    told.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({ Principal: cloudWatch, Condition: fromThisAccount })]),
      },
    });
  });
});

describe('the dashboard', () => {
  test('shows whether recovery works, and whether anybody abuses it', () => {
    const body = JSON.stringify(onlyPropertiesOf(template, 'AWS::CloudWatch::Dashboard'));
    for (const metric of [
      ...Object.values(OUTCOME_METRICS),
      ...Object.values(CAUSE_METRICS),
      ...Object.values(DELIVERY_METRICS),
      CAPTCHA_SKIPPED_METRIC,
      FORBIDDEN_USER_METRIC,
      'ApproximateNumberOfMessagesDelayed',
      'ApproximateNumberOfMessagesVisible',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateAgeOfOldestMessage',
      'OutboxDeadLetters',
      'DeliverOutboxFunction',
      RATE_LIMITER_FALLBACK_METRIC,
      AUDIT_FAILED_METRIC,
      'UpstreamLatency',
      '4XXError',
      '5XXError',
      'Throttles',
      'Duration',
      'BlockedRequests',
      'MaxContributorValue',
    ]) {
      expect(body).toContain(metric);
    }
  });
});

/** CloudWatch's metric math, as far as these alarms use it, for one point in time; a metric without a value has none. */
function metricMath(expression: string, metrics: Record<string, number | undefined>): unknown {
  const functions = {
    IF: (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise),
    SUM: (values: number[]) => values.reduce((sum, value) => sum + value, 0),
    FILL: (value: number | undefined, filling: number) => value ?? filling,
    ...metrics,
  };
  return new Function(...Object.keys(functions), `return ${expression};`)(...Object.values(functions));
}
