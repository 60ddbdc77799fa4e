import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Whose events. */
export interface EventsToQueueProps {
  /** The output `EventBusName` of user recovery's stack, in the same account and region. */
  eventBusName: string;
}

/**
 * Every event of user recovery in an SQS queue, for a SIEM or a service of yours to read. Copy it into a stack of yours:
 *
 *     new EventsToQueue(this, 'RecoveryEvents', { eventBusName: 'RecoveryStackEventsBus14E17619' });
 */
export class EventsToQueue extends Construct {
  /** Each message is one event as docs/events.md describes it, at least once and in any order. */
  readonly queue: Queue;
  /** Events that the queue did not take, and messages that their consumer could not process. */
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { eventBusName }: EventsToQueueProps) {
    super(scope, id);
    const secured = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      ...secured,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      ...secured,
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 5 },
    });
    new Rule(this, 'Rule', {
      description: 'Sends every event of user recovery to a queue',
      eventBus: EventBus.fromEventBusName(this, 'Bus', eventBusName),
      eventPattern: { source: ['user-recovery'] },
      targets: [new SqsQueue(this.queue, { deadLetterQueue: this.deadLetterQueue })],
    });
  }
}
