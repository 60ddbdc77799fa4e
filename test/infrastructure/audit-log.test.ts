import { describe, expect, test } from '@jest/globals';
import { Capture } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { OUTCOME_METRICS } from '../../functions/runtime/metric-names.ts';
import { onlyPropertiesOf, recoveryTemplate } from './synthesis.ts';

const insightRule = z.looseObject({
  LogGroupNames: z.array(z.string()),
  Contribution: z.strictObject({
    Keys: z.array(z.string()),
    // CloudWatch takes ten values
    Filters: z.array(
      z.strictObject({
        Match: z.string(),
        NotIn: z.array(z.string()).max(10).optional(),
        IsPresent: z.boolean().optional(),
      }),
    ),
  }),
});

const joined = z.object({
  'Fn::Join': z.tuple([z.literal(''), z.array(z.union([z.string(), z.record(z.string(), z.unknown())]))]),
});

const LOG_GROUP = { Ref: expect.stringMatching(/^AuditLogEvents/) };
const RULE_NAME = 'RecoveryStackAuditLogE865E8B6';

const template = recoveryTemplate();

describe('the audit log', () => {
  test('is a log group of its own that outlives the stack', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { RetentionInDays: 90 },
    });
  });

  test('is the target of one rule, which matches every event of the service on the bus', () => {
    const rule = onlyPropertiesOf(template, 'AWS::Events::Rule', 'AuditLogRule');
    expect(rule).toMatchObject({
      Name: RULE_NAME,
      State: 'ENABLED',
      EventBusName: { Ref: expect.stringMatching(/^EventsBus/) },
      EventPattern: { source: ['user-recovery'] },
      Targets: [{ Arn: { 'Fn::Join': ['', expect.arrayContaining([':log-group:', LOG_GROUP])] } }],
    });
    // EventBridge takes no role for log groups
    expect(JSON.stringify(rule)).not.toContain('RoleArn');
    template.resourceCountIs('AWS::Logs::ResourcePolicy', 1);
  });

  test('may be written by this rule only', () => {
    const { PolicyDocument } = onlyPropertiesOf(template, 'AWS::Logs::ResourcePolicy');
    const [, parts] = joined.parse(PolicyDocument)['Fn::Join'];
    const text = parts
      .map((part) => (typeof part === 'string' ? part : `<${Object.values(part).flat().join('.')}>`))
      .join('');
    const group = expect.stringMatching(/^<AuditLogEvents[0-9A-F]{8}\.Arn>$/);
    const ruleArn = expect.stringMatching(new RegExp(`:rule/<EventsBus[0-9A-F]{8}>/${RULE_NAME}$`));
    const principal = { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] };
    expect(JSON.parse(text).Statement).toEqual([
      { Effect: 'Allow', Principal: principal, Action: 'logs:CreateLogStream', Resource: group },
      {
        Effect: 'Allow',
        Principal: principal,
        Action: 'logs:PutLogEvents',
        Resource: group,
        Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
      },
    ]);
  });

  test('counts admitted requests by client IP', () => {
    const body = new Capture();
    template.hasResourceProperties('AWS::CloudWatch::InsightRule', {
      RuleName: 'RecoveryStack-attempts-by-client-ip',
      RuleState: 'ENABLED',
      RuleBody: { 'Fn::Join': ['', body] },
    });
    const [before, group, after]: unknown[] = body.asArray();
    expect(group).toEqual(LOG_GROUP);
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
    expect(Keys).toEqual(['$.detail.sourceIp']);
    // deliveries, in the same log group, have no client IP
    expect(Filters[0]).toEqual({ Match: '$.detail.sourceIp', IsPresent: true });
    expect(Filters.map(({ Match }) => Match)).toEqual(['$.detail.sourceIp', '$.detail.outcome']);
    const notAdmitted = Filters[1]?.NotIn ?? [];
    const counted = Object.keys(OUTCOME_METRICS).filter((outcome) => !notAdmitted.includes(outcome));
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
