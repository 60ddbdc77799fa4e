import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Effect, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
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

/** Messages that one invocation of the delivery function gets at most. */
const BATCH_SIZE = 10;

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

export interface OutboxProps {
  /** Seconds after which the delivery function drops a request. */
  outboxMaximumAgeSeconds: number;
}

/**
 * Where admitted requests wait until Beyond Identity takes them: a queue, and a dead-letter queue for messages that the
 * delivery function can make nothing of. It drops by age what merely waits too long.
 */
export class Outbox extends Construct {
  readonly #queue: Queue;
  readonly #deadLetters: Queue;
  /** What the functions name the outbox by. */
  readonly queueUrl: string;
  /** What people name the dead-letter queue by. */
  readonly deadLetterQueueUrl: string;

  constructor(scope: Construct, id: string, { outboxMaximumAgeSeconds }: OutboxProps) {
    super(scope, id);
    const stack = Stack.of(this);
    // Each of the two queues names the other one in its policy, which only works if one has a name of our choice.
    const queueName = `${stack.stackName}-outbox`;
    // Encrypted with SQS's own key. A KMS key would keep out nobody who may receive messages, and the outbox is there for
    // when other services are not: it should need no other one, nor the endpoint a permission to decrypt.
    const secured = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.#deadLetters = new Queue(this, 'DeadLetters', {
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
    this.#queue = new Queue(this, 'Queue', {
      ...secured,
      queueName,
      visibilityTimeout: VISIBILITY_TIMEOUT,
      // an expired message is gone without a trace: the delivery function drops and counts it long before
      retentionPeriod: Duration.seconds(outboxMaximumAgeSeconds).plus(REPAIR_TIME),
      deadLetterQueue: { queue: this.#deadLetters, maxReceiveCount: MAXIMUM_RECEIVES },
    });
    this.queueUrl = this.#queue.queueUrl;
    this.deadLetterQueueUrl = this.#deadLetters.queueUrl;
    Validations.of(this.#deadLetters).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'It is the dead-letter queue itself: an alarm brings a person to what lies in it.',
    });
  }

  /** Lets the grantee put requests in, and neither read, count nor delete what is there. */
  grantSend(grantee: IGrantable): void {
    this.#grant(grantee, ['sqs:SendMessage']);
  }

  /**
   * Invokes the function with messages of the outbox, in at most that many instances at a time. It returns the messages
   * that failed; the others of the batch are deleted.
   */
  deliverThrough(lambda: IFunction, maximumConcurrency: number): void {
    this.#grant(lambda, [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:ChangeMessageVisibility',
      'sqs:GetQueueAttributes',
      // a request whose delivery is postponed goes to the queue again
      'sqs:SendMessage',
    ]);
    const delivery = new EventSourceMapping(this, 'Delivery', {
      target: lambda,
      eventSourceArn: this.#queue.queueArn,
      batchSize: BATCH_SIZE,
      maxConcurrency: maximumConcurrency,
      reportBatchItemFailures: true,
    });
    Validations.of(delivery).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason:
        'Lambda has no such destination for SQS: what fails stays in the queue, whose own dead-letter queue takes it.',
    });
  }

  /** Requests that wait for a delivery to begin, those that are being delivered, those that pause, and dead letters. */
  metricsOfDepth(period: Duration): Metric[] {
    const maximum = { period, statistic: 'Maximum' };
    return [
      this.#queue.metricApproximateNumberOfMessagesVisible({ ...maximum, label: 'waiting' }),
      this.#queue.metricApproximateNumberOfMessagesNotVisible({
        ...maximum,
        label: 'in delivery',
      }),
      this.#queue.metricApproximateNumberOfMessagesDelayed({ ...maximum, label: 'postponed' }),
      this.metricDeadLetters(period).with({ label: 'dead letters' }),
    ];
  }

  /**
   * Age in seconds of the oldest message in the queue. A postponed request is a new message, so that this is about
   * requests that are not being consumed, and not about deliveries that fail.
   */
  metricAge(period: Duration): Metric {
    return this.#queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' });
  }

  /** Messages in the dead-letter queue. */
  metricDeadLetters(period: Duration): Metric {
    return this.#deadLetters.metricApproximateNumberOfMessagesVisible({
      period,
      statistic: 'Maximum',
    });
  }

  #grant(grantee: IGrantable, actions: string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [this.#queue.queueArn] }),
    );
  }
}
