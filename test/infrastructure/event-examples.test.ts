import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { Construct } from 'constructs';
import * as z from 'zod';
import cdk from '../../cdk.json' with { type: 'json' };
import { EventsToQueue } from '../../examples/events/events-to-queue.ts';
import { EventsToWebhook } from '../../examples/events/events-to-webhook.ts';
import { recoveryDeliveryAttempted, recoveryRequested } from '../../functions/adapters/aws/recovery-event.ts';
import { EVENT_SOURCE } from '../../functions/runtime/event-names.ts';
import { onlyPropertiesOf } from './synthesis.ts';

const outputs = mkdtempSync(join(tmpdir(), 'examples-'));
afterAll(() => rmSync(outputs, { recursive: true, force: true }));

/** A stack of a customer's, which has nothing but the example. */
function stackWith(add: (stack: Construct) => Construct): Stack {
  const app = new App({ outdir: mkdtempSync(join(outputs, 'cdk.out-')), context: cdk.context });
  const stack = new Stack(app, 'TheirStack');
  add(stack);
  return stack;
}

const withQueue = stackWith((stack) => new EventsToQueue(stack, 'Events', { eventBusName: 'the-bus' }));
const withWebhook = stackWith(
  (stack) =>
    new EventsToWebhook(stack, 'Messages', {
      eventBusName: 'the-bus',
      url: 'https://slack.com/api/chat.postMessage',
      authorizationSecretName: 'slack/authorization',
      channel: '#on-call',
    }),
);

const arnOf = (logicalId: RegExp) => ({ 'Fn::GetAtt': [expect.stringMatching(logicalId), 'Arn'] });
const eventPattern = z.object({
  source: z.array(z.string()),
  detail: z.object({ outcome: z.array(z.string()) }).optional(),
});

describe('the example of a rule to a queue', () => {
  const template = Template.fromStack(withQueue);

  test('sends every event of the bus to the queue, and to another one what that does not take', () => {
    expect(onlyPropertiesOf(template, 'AWS::Events::Rule')).toMatchObject({
      EventBusName: 'the-bus',
      EventPattern: { source: [EVENT_SOURCE] },
      State: 'ENABLED',
      Targets: [{ Arn: arnOf(/^EventsQueue/), DeadLetterConfig: { Arn: arnOf(/^EventsDeadLetters/) } }],
    });
  });

  test.each(['EventsQueue', 'EventsDeadLetters'])('lets this rule only send to %s', (id) => {
    expect(onlyPropertiesOf(template, 'AWS::SQS::QueuePolicy', id)).toMatchObject({
      PolicyDocument: {
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: expect.anything(),
            Condition: { ArnEquals: { 'aws:SourceArn': arnOf(/^EventsRule/) } },
          }),
        ]),
      },
    });
  });
});

describe('the example of a rule to a webhook', () => {
  const template = Template.fromStack(withWebhook);

  test('posts at most one message a second to the URL, with the header from a secret', () => {
    expect(onlyPropertiesOf(template, 'AWS::Events::ApiDestination')).toMatchObject({
      HttpMethod: 'POST',
      InvocationEndpoint: 'https://slack.com/api/chat.postMessage',
      InvocationRateLimitPerSecond: 1,
    });
    expect(onlyPropertiesOf(template, 'AWS::Events::Connection')).toMatchObject({
      AuthorizationType: 'API_KEY',
      AuthParameters: {
        ApiKeyAuthParameters: {
          ApiKeyName: 'Authorization',
          ApiKeyValue: '{{resolve:secretsmanager:slack/authorization:SecretString:::}}',
        },
      },
    });
  });

  test('posts what outcomes exist, in words that every event has', () => {
    const { EventPattern, Targets } = onlyPropertiesOf(template, 'AWS::Events::Rule');
    const { source, detail } = eventPattern.parse(EventPattern);
    expect(source).toEqual([EVENT_SOURCE]);
    const known = new Set<string>([
      ...recoveryRequested.shape.detail.shape.outcome.options,
      ...recoveryDeliveryAttempted.shape.detail.shape.outcome.options,
    ]);
    expect(detail?.outcome.filter((outcome) => !known.has(outcome))).toEqual([]);
    expect(Targets).toEqual([
      expect.objectContaining({
        Arn: arnOf(/^MessagesDestination/),
        DeadLetterConfig: { Arn: arnOf(/^MessagesDeadLetters/) },
        InputTransformer: {
          InputPathsMap: {
            'detail-type': '$.detail-type',
            'detail-outcome': '$.detail.outcome',
            'detail-stage': '$.detail.stage',
            time: '$.time',
          },
          InputTemplate:
            '{"channel":"#on-call","text":"<detail-type>: <detail-outcome> (stage <detail-stage>, <time>)"}',
        },
      }),
    ]);
  });
});

test.each([
  ['queue', withQueue],
  ['webhook', withWebhook],
])(
  'cdk-nag finds nothing in the example of a rule to a %s but that dead letters have no further queue',
  (_name, stack) => {
    const findings = [AwsSolutionsChecks, ServerlessChecks].flatMap(
      (Checks) => new Checks().validateScope(stack).violations,
    );
    const others = findings.flatMap(({ ruleName, violatingResources }) =>
      violatingResources
        .filter(({ constructPath }) => !/\/DeadLetters\/Resource$/.test(constructPath ?? ''))
        .map(({ constructPath }) => `${ruleName}: ${constructPath}`),
    );
    expect(others).toEqual([]);
  },
);
