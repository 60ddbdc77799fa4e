import { describe, expect, test } from '@jest/globals';
import {
  CAPTCHA_SKIPPED_METRIC,
  CAUSE_METRICS,
  DELIVERY_METRICS,
  EVENT_FAILED_METRIC,
  FORBIDDEN_USER_METRIC,
  OUTCOME_METRICS,
  RATE_LIMITER_FALLBACK_METRIC,
} from '../../functions/runtime/metric-names.ts';
import { onlyPropertiesOf, recoveryTemplate } from './synthesis.ts';

const template = recoveryTemplate();

describe('the dashboard', () => {
  test('shows whether recovery works, and whether the endpoint is abused', () => {
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
      EVENT_FAILED_METRIC,
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
