import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** The most time that the delivery of one batch may take. */
export const DELIVERY_TIMEOUT = Duration.seconds(50);

/**
 * How long a message stays with an instance that says nothing more of it. AWS asks for six times the function's timeout, so
 * that Lambda's own retries of a throttled invocation do not race with another instance. A delivery that fails for now
 * sends its request to the queue again, with a pause of its own.
 */
const VISIBILITY_TIMEOUT = Duration.seconds(6 * DELIVERY_TIMEOUT.toSeconds());

/**
 * How often a message is received before SQS takes it for one that nothing can be made of; AWS asks for five at least. A
 * request that waits is a new message with each postponement, so that only those count that end the function or that it
 * cannot read: they are in the dead-letter queue after 25 minutes at most.
 */
const MAXIMUM_RECEIVES = 5;

/** How much longer than it may become old a request is kept for a delivery function that does not run at all. */
const REPAIR_TIME = Duration.hours(12);

/** The longest that SQS keeps a message. */
const DEAD_LETTERS_RETENTION = Duration.days(14);

/** The outbox's part of the configuration. */
export interface OutboxProps {
  /** Names the queue. */
  name: string;
  /** Seconds after which the delivery function drops a request. */
  outboxMaximumAgeSeconds: number;
}

/**
 * Where admitted requests wait until Beyond Identity takes them: a queue, and a dead-letter queue for messages that the
 * delivery function can make nothing of. It drops by age what merely waits too long.
 */
export class Outbox extends Construct {
  readonly queue: Queue;
  /** Messages that the delivery function could not process, for 14 days. */
  readonly deadLetterQueue: Queue;
  /** What the functions name the outbox by. */
  readonly queueUrl: string;
  /** What an event source names the outbox by. */
  readonly queueArn: string;

  constructor(scope: Construct, id: string, { name, outboxMaximumAgeSeconds }: OutboxProps) {
    super(scope, id);
    const stack = Stack.of(this);
    // each of the two queues refers to the other one, which only works if one has a physical name
    const queueName = `${name}-outbox`;
    // By default encrypted with SQS's own key (encryption.ts replaces it). A KMS key would keep out nobody who may receive messages, and the outbox is there for
    // when other services are not: it should need no other one, nor the endpoint a permission to decrypt.
    const secured = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      ...secured,
      retentionPeriod: DEAD_LETTERS_RETENTION,
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        sourceQueues: [
          Queue.fromQueueArn(
            this,
            'Source',
            stack.formatArn({
              service: 'sqs',
              resource: queueName,
              arnFormat: ArnFormat.NO_RESOURCE_NAME,
            }),
          ),
        ],
      },
    });
    this.queue = new Queue(this, 'Queue', {
      ...secured,
      queueName,
      visibilityTimeout: VISIBILITY_TIMEOUT,
      // an expired message is gone without a trace: the delivery function drops and counts it long before
      retentionPeriod: Duration.seconds(outboxMaximumAgeSeconds).plus(REPAIR_TIME),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAXIMUM_RECEIVES },
    });
    this.queueUrl = this.queue.queueUrl;
    this.queueArn = this.queue.queueArn;
  }

  /** Lets the grantee put requests in, and neither read, count nor delete what is there. */
  grantSend(grantee: IGrantable): Grant {
    return this.#grant(grantee, ['sqs:SendMessage']);
  }

  /** Lets the grantee consume requests, and send a request back whose delivery is postponed. */
  grantConsume(grantee: IGrantable): Grant {
    return this.#grant(grantee, [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:ChangeMessageVisibility',
      'sqs:GetQueueAttributes',
      'sqs:SendMessage',
    ]);
  }

  /** Requests that wait for a delivery to begin, those that are being delivered, those that pause, and dead letters. */
  metricsOfDepth(period: Duration): Metric[] {
    const maximum = { period, statistic: 'Maximum' };
    return [
      this.queue.metricApproximateNumberOfMessagesVisible({ ...maximum, label: 'waiting' }),
      this.queue.metricApproximateNumberOfMessagesNotVisible({
        ...maximum,
        label: 'in delivery',
      }),
      this.queue.metricApproximateNumberOfMessagesDelayed({ ...maximum, label: 'postponed' }),
      this.metricDeadLetters(period).with({ label: 'dead letters' }),
    ];
  }

  /**
   * Age in seconds of the oldest message in the queue. A postponed request is a new message, so that this is about
   * requests that are not being consumed, and not about deliveries that fail.
   */
  metricAge(period: Duration): Metric {
    return this.queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' });
  }

  /** Messages in the dead-letter queue. */
  metricDeadLetters(period: Duration): Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
      period,
      statistic: 'Maximum',
    });
  }

  #grant(grantee: IGrantable, actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.queue.queueArn] });
  }
}
