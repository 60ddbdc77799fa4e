import { describe, expect, test } from '@jest/globals';
import { Capture } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { OUTCOME_METRICS } from '../../functions/runtime/metric-names.ts';
import { recoveryTemplate } from './synthesis.ts';

const insightRule = z.looseObject({
  LogGroupNames: z.array(z.string()),
  Contribution: z.strictObject({
    Keys: z.array(z.string()),
    // CloudWatch takes ten values
    Filters: z.array(z.strictObject({ Match: z.string(), NotIn: z.array(z.string()).max(10) })),
  }),
});

const template = recoveryTemplate();

describe('the audit log', () => {
  test('is a log group of its own that outlives the stack', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { RetentionInDays: 90 },
    });
  });

  test('counts admitted requests by client IP', () => {
    const body = new Capture();
    template.hasResourceProperties('AWS::CloudWatch::InsightRule', {
      RuleName: 'RecoveryStack-attempts-by-client-ip',
      RuleState: 'ENABLED',
      RuleBody: { 'Fn::Join': ['', body] },
    });
    const [before, group, after]: unknown[] = body.asArray();
    expect(group).toEqual({ Ref: expect.stringMatching(/^AuditLogEvents/) });
    const { LogGroupNames, Contribution, ...rest } = insightRule.parse(
      JSON.parse(`${before}the-group${after}`),
    );
    expect(LogGroupNames).toEqual(['the-group']);
    expect(rest).toEqual({
      Schema: { Name: 'CloudWatchLogRule', Version: 1 },
      LogFormat: 'JSON',
      AggregateOn: 'Count',
    });
    const { Keys, Filters } = Contribution;
    expect(Keys).toEqual(['$.sourceIp']);
    expect(Filters.map(({ Match }) => Match)).toEqual(['$.outcome']);
    const counted = Object.keys(OUTCOME_METRICS).filter((outcome) => !Filters[0]?.NotIn.includes(outcome));
    expect(counted.sort()).toEqual([
      'deadline-exceeded',
      'directory-unavailable',
      'failed',
      'forwarded',
      'misconfigured',
      'not-recoverable',
      'outbox-failed',
      'queued',
      'token-refused',
      'token-unavailable',
      'upstream-failed',
    ]);
  });
});
