import { DELIVERY_METRICS, OUTCOME_METRICS } from '../../../functions/runtime/metric-names.ts';
import { type AlarmDefinitions, FIVE_MINUTES, type MonitoredResources } from './alarm-definition.ts';

/** Alarms about what keeps accepted requests from becoming emails. */
export function outboxAlarms({ metrics, delivery, outbox }: MonitoredResources): AlarmDefinitions {
  return {
    OutboxFailed: {
      metric: metrics.count(OUTCOME_METRICS['outbox-failed'], FIVE_MINUTES),
      description:
        'A request was neither forwarded nor queued. Its caller got a 503, and the attempt does not count. The log of the function names the error. The queue is gone or access is denied: deploy the stack again. SQS is down: see the AWS Health dashboard.',
    },
    DeliveriesPostponed: {
      metric: metrics.count(DELIVERY_METRICS.postponed, FIVE_MINUTES),
      // one failure is tried again within seconds; three periods are more than ten minutes
      periods: 3,
      description:
        'For more than ten minutes, requests in the outbox could not be delivered. The log of the delivery function says why: Beyond Identity is down, or rejects the API token (npm run store-token). What waits is then delivered by itself. If it takes longer than outboxMaximumAgeSeconds, raise that and deploy, and notify the support desk.',
    },
    OutboxAge: {
      metric: outbox.metricAge(FIVE_MINUTES),
      threshold: 600,
      description:
        'A request has been in the outbox for ten minutes without being consumed. If the delivery function has errors or throttles, fix those first. Otherwise check that its event source is enabled, and raise deliveryConcurrency if requests come in faster than they are delivered (dashboard).',
    },
    DeliveriesDropped: {
      metric: metrics.count(DELIVERY_METRICS.dropped, FIVE_MINUTES),
      description:
        'An accepted request became older than outboxMaximumAgeSeconds and was dropped: its user got no email. DeliveriesPostponed or OutboxAge shows the cause. Fix it, then announce that users have to ask again. The log of the delivery function has the pseudonym of each mailbox.',
    },
    DeliveriesMalformed: {
      metric: metrics.count(DELIVERY_METRICS.malformed, FIVE_MINUTES),
      description:
        'The outbox holds a message that the delivery function cannot read: the two functions have different versions, or somebody else writes to the queue. If it began with a deployment, roll back. The message goes to the dead-letter queue (alarm DeadLetters).',
    },
    DeadLetters: {
      metric: outbox.metricDeadLetters(FIVE_MINUTES),
      description:
        'A request is in the dead-letter queue: it was received five times, because the delivery function cannot read it or crashes while processing it. The log of the function around that time says why. Fix the cause, then: npm run redrive. The age of a request counts from the move.',
    },
    DeliveriesFailed: {
      metric: metrics.count(DELIVERY_METRICS.failed, FIVE_MINUTES),
      description:
        'The delivery function met an unexpected error: a bug. Its log has the class of the error and where it was thrown. The request stays in the outbox, and goes to the dead-letter queue after five tries. If it began with a deployment, roll back.',
    },
    DeliveryErrors: {
      metric: delivery.metricErrors({ period: FIVE_MINUTES }),
      description:
        'The delivery function ended without a response: it did not start (its log names a missing variable), or ran out of time or memory. Its requests stay in the outbox and are tried again after five minutes. If it began with a deployment, roll back.',
    },
    DeliveryThrottles: {
      metric: delivery.metricThrottles({ period: FIVE_MINUTES }),
      description:
        'Lambda did not run the delivery function for lack of concurrency: other functions of the account use it up. Requests stay in the outbox and are tried again. If it continues, raise the quota of the account, or limit those functions.',
    },
  };
}
