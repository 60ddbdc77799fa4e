import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { worstCaseMs } from '../../functions/deliver-outbox/handler.ts';
import { TIMEOUTS } from '../../functions/runtime/timeouts.ts';
import { onlyPropertiesOf, recoveryTemplate } from './synthesis.ts';

const DELIVERY = 'DeliverOutboxFunction';
const HOUR_SECONDS = 3600;

const template = recoveryTemplate();
const queue = z.looseObject({
  VisibilityTimeout: z.int(),
  MessageRetentionPeriod: z.int(),
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.unknown(), maxReceiveCount: z.int() }),
});

const arnOf = (logicalId: RegExp) => ({ 'Fn::GetAtt': [expect.stringMatching(logicalId), 'Arn'] });

describe('the outbox', () => {
  test.each(['OutboxQueue', 'OutboxDeadLetters'])('%s is encrypted, and takes TLS only', (id) => {
    const [queueId] = Object.keys(template.findResources('AWS::SQS::Queue')).filter((name) =>
      name.startsWith(id),
    );
    expect(onlyPropertiesOf(template, 'AWS::SQS::Queue', id)).toMatchObject({ SqsManagedSseEnabled: true });
    // other principals get their permissions from their own policies
    expect(onlyPropertiesOf(template, 'AWS::SQS::QueuePolicy', id)).toEqual({
      Queues: [{ Ref: queueId }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'sqs:*',
            Resource: { 'Fn::GetAtt': [queueId, 'Arn'] },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });

  test('keeps dead letters for as long as SQS does, and those of this queue only', () => {
    expect(onlyPropertiesOf(template, 'AWS::SQS::Queue', 'OutboxDeadLetters')).toMatchObject({
      MessageRetentionPeriod: 14 * 24 * HOUR_SECONDS,
      RedriveAllowPolicy: {
        redrivePermission: 'byQueue',
        // by name: a reference would be circular
        sourceQueueArns: [{ 'Fn::Join': ['', expect.arrayContaining([':RecoveryStack-outbox'])] }],
      },
    });
    expect(onlyPropertiesOf(template, 'AWS::SQS::Queue', 'OutboxQueue')).toMatchObject({
      QueueName: 'RecoveryStack-outbox',
      RedrivePolicy: { deadLetterTargetArn: arnOf(/^OutboxDeadLetters/) },
    });
  });

  test('gives the delivery function the time that AWS asks for', () => {
    const { Timeout } = z
      .looseObject({ Timeout: z.int() })
      .parse(onlyPropertiesOf(template, 'AWS::Lambda::Function', DELIVERY));
    expect(Timeout).toBe(50);
    expect(outboxOf(template).VisibilityTimeout).toBe(6 * Timeout);
  });

  test('moves an unreadable message to the dead-letter queue within half an hour', () => {
    const { RedrivePolicy, VisibilityTimeout } = outboxOf(template);
    expect(RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(5);
    expect(RedrivePolicy.maxReceiveCount * VisibilityTimeout).toBeLessThanOrEqual(1800);
  });

  test.each([60, 3600, 43_200])(
    'with a maximum age of %d s, keeps a request until it is dropped and counted, or a dead letter',
    (outboxMaximumAgeSeconds) => {
      const { RedrivePolicy, MessageRetentionPeriod, VisibilityTimeout } = outboxOf(
        recoveryTemplate({ outboxMaximumAgeSeconds }),
      );
      const deadLetterSeconds = RedrivePolicy.maxReceiveCount * VisibilityTimeout;
      expect(MessageRetentionPeriod).toBeGreaterThan(outboxMaximumAgeSeconds + deadLetterSeconds);
      expect(MessageRetentionPeriod).toBeLessThan(14 * 24 * HOUR_SECONDS);
    },
  );

  test('leaves the delivery function time for the slowest deliveries of a batch', () => {
    const { Timeout } = z
      .looseObject({ Timeout: z.int() })
      .parse(onlyPropertiesOf(template, 'AWS::Lambda::Function', DELIVERY));
    expect(Timeout * 1000).toBeGreaterThan(2 * worstCaseMs(TIMEOUTS));
  });

  test('invokes the delivery function with batches that may fail in part, by few instances at a time', () => {
    expect(onlyPropertiesOf(template, 'AWS::Lambda::EventSourceMapping')).toEqual({
      EventSourceArn: arnOf(/^OutboxQueue/),
      FunctionName: { 'Fn::Join': ['', [expect.anything(), ':live']] },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
      Tags: expect.any(Array),
    });
    expect(
      onlyPropertiesOf(recoveryTemplate({ deliveryConcurrency: 20 }), 'AWS::Lambda::EventSourceMapping'),
    ).toMatchObject({ ScalingConfig: { MaximumConcurrency: 20 } });
  });

  test('has outputs for operators', () => {
    expect(template.findOutputs('OutboxQueueUrl')['OutboxQueueUrl']).toMatchObject({
      Value: { Ref: expect.stringMatching(/^OutboxQueue/) },
    });
    expect(template.findOutputs('DeadLetterQueueUrl')['DeadLetterQueueUrl']).toMatchObject({
      Value: { Ref: expect.stringMatching(/^OutboxDeadLetters/) },
    });
  });
});

function outboxOf(stack: Template) {
  return queue.parse(onlyPropertiesOf(stack, 'AWS::SQS::Queue', 'OutboxQueue'));
}
