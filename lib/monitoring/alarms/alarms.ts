import { Aws } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { abuseAlarms } from './abuse-alarms.ts';
import type { AlarmDefinition, AlarmDefinitions, MonitoredResources } from './alarm-definition.ts';
import { captchaAlarms } from './captcha-alarms.ts';
import { eventAlarms } from './event-alarms.ts';
import { outboxAlarms } from './outbox-alarms.ts';
import { recoveryAlarms } from './recovery-alarms.ts';
import { releaseAlarms } from './release-alarms.ts';
import { selfTestAlarms } from './self-test-alarms.ts';

/** What the alarms are about, and who is notified. */
export interface AlarmsProps extends MonitoredResources {
  /** Address that receives alarm notifications; absent: alarms are visible only in CloudWatch. */
  email?: string | undefined;
  /** A topic for them; absent: one is made where there is an `email`. */
  topic?: ITopic | undefined;
  /** The key of a topic that is made; absent: one is made, too. */
  encryptionKey?: IKey | undefined;
}

/** Every alarm, with notifications by email. */
export class Alarms extends Construct {
  /** The topic that notifies; absent: nobody is notified. */
  readonly topic: ITopic | undefined;
  /** The alarms that take the release of a function back. */
  readonly ofReleases: { endpoint: Alarm; delivery: Alarm };

  constructor(scope: Construct, id: string, { email, topic, encryptionKey, ...resources }: AlarmsProps) {
    super(scope, id);
    this.topic = topic ?? (email === undefined ? undefined : this.#createTopic(encryptionKey));
    if (email !== undefined) this.topic?.addSubscription(new EmailSubscription(email));
    for (const [name, definition] of Object.entries(alarmDefinitions(resources))) {
      this.#createAlarm(name, definition);
    }
    const { ReleaseFailed, DeliveryReleaseFailed } = releaseAlarms(resources);
    this.ofReleases = {
      endpoint: this.#createAlarm('ReleaseFailed', ReleaseFailed),
      delivery: this.#createAlarm('DeliveryReleaseFailed', DeliveryReleaseFailed),
    };
  }

  #createAlarm(
    name: string,
    { metric, threshold = 1, isBelow = false, periods = 1, description }: AlarmDefinition,
  ): Alarm {
    const alarm = new Alarm(this, name, {
      metric,
      threshold,
      alarmDescription: `${description} Runbook: docs/operations.md#${name.toLowerCase()}`,
      comparisonOperator: isBelow
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      // nobody needed recovery: that is the usual state
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (this.topic) {
      alarm.addAlarmAction(new SnsAction(this.topic));
      alarm.addOkAction(new SnsAction(this.topic));
    }
    return alarm;
  }

  #createTopic(encryptionKey: IKey | undefined): Topic {
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    const fromThisAccount = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    // the key that AWS keeps for SNS would be free of charge, but CloudWatch may not use it
    const key =
      encryptionKey ??
      new Key(this, 'TopicKey', {
        description: 'Encrypts alarms of user recovery',
        enableKeyRotation: true,
      });
    key.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [cloudWatch],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: fromThisAccount,
      }),
    );
    const topic = new Topic(this, 'Topic', {
      displayName: 'User recovery',
      masterKey: key,
      enforceSSL: true,
    });
    // a policy of one's own (TLS) replaces the one that lets the account's alarms publish
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowAlarms',
        effect: Effect.ALLOW,
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: fromThisAccount,
      }),
    );
    return topic;
  }
}

function alarmDefinitions(resources: MonitoredResources): AlarmDefinitions {
  return {
    ...selfTestAlarms(resources),
    ...recoveryAlarms(resources),
    ...outboxAlarms(resources),
    ...abuseAlarms(resources),
    ...eventAlarms(resources),
    ...(resources.captcha && captchaAlarms(resources)),
  };
}
