import { Duration, SecretValue } from 'aws-cdk-lib';
import {
  ApiDestination,
  Authorization,
  Connection,
  EventBus,
  EventField,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { ApiDestination as ApiDestinationTarget } from 'aws-cdk-lib/aws-events-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Whose events, and where they go. */
export interface EventsToWebhookProps {
  /** The output `EventBusName` of user recovery's stack, in the same account and region. */
  eventBusName: string;
  /** The https URL to post to, such as `https://slack.com/api/chat.postMessage`. It is in the template: no secret. */
  url: string;
  /** Name of a secret in Secrets Manager that holds the header `Authorization`, such as `Bearer xoxb-...` of a Slack bot. */
  authorizationSecretName: string;
  /** The channel that Slack posts to. */
  channel: string;
}

/** What somebody should know at once: an accepted request that led to no email, and requests that failed. */
const PATTERN = {
  source: ['user-recovery'],
  detail: { outcome: ['dropped', 'failed', 'outbox-failed'] },
};

/**
 * A message to Slack, or any webhook, for each recovery that was dropped or failed. Copy it into a stack of yours:
 *
 *     new EventsToWebhook(this, 'RecoveryMessages', {
 *       eventBusName: 'RecoveryStackEventsBus14E17619',
 *       url: 'https://slack.com/api/chat.postMessage',
 *       authorizationSecretName: 'slack/authorization',
 *       channel: '#on-call',
 *     });
 */
export class EventsToWebhook extends Construct {
  constructor(scope: Construct, id: string, props: EventsToWebhookProps) {
    super(scope, id);
    const connection = new Connection(this, 'Connection', {
      description: 'Authorizes messages about user recovery',
      authorization: Authorization.apiKey(
        'Authorization',
        SecretValue.secretsManager(props.authorizationSecretName),
      ),
    });
    const destination = new ApiDestination(this, 'Destination', {
      description: 'Gets messages about user recovery',
      connection,
      endpoint: props.url,
      // Slack takes about one message a second for each channel
      rateLimitPerSecond: 1,
    });
    // the class fits its own interface only without exactOptionalPropertyTypes
    const target = ApiDestination.fromApiDestinationAttributes(this, 'Target', {
      apiDestinationArn: destination.apiDestinationArn,
      connection,
    });
    const deadLetterQueue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    // only fields that every event has: a placeholder without a value makes no valid JSON
    const [type, outcome, stage, time] = [
      '$.detail-type',
      '$.detail.outcome',
      '$.detail.stage',
      '$.time',
    ].map((path) => EventField.fromPath(path));
    new Rule(this, 'Rule', {
      description: 'Posts a message for each recovery that was dropped or failed',
      eventBus: EventBus.fromEventBusName(this, 'Bus', props.eventBusName),
      eventPattern: PATTERN,
      targets: [
        new ApiDestinationTarget(target, {
          event: RuleTargetInput.fromObject({
            channel: props.channel,
            text: `${type}: ${outcome} (stage ${stage}, ${time})`,
          }),
          deadLetterQueue,
          maxEventAge: Duration.hours(1),
        }),
      ],
    });
  }
}
