import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  AUDIT_FAILED_METRIC,
  CAPTCHA_SKIPPED_METRIC,
  CAUSE_METRICS,
  DELIVERY_METRICS,
  OUTCOME_METRICS,
  RATE_LIMITER_FALLBACK_METRIC,
} from '../../functions/runtime/metric-names.ts';
import type { WebAcl } from '../api/web-acl.ts';
import type { CaptchaConfig } from '../config/config.ts';
import type { Outbox } from '../storage/outbox.ts';
import type { AuditLog } from './audit-log.ts';
import type { RecoveryMetrics } from './recovery-metrics.ts';

const FIVE_MINUTES = Duration.minutes(5);
const HOUR = Duration.hours(1);

/** Requests in an hour below which the share of unknown users says nothing. */
const ENOUGH_REQUESTS = 20;

// by the endpoint, or later from the outbox; a metric without a value is no zero, and without it there would be no sum
const UNKNOWN_USERS = 'SUM([FILL(unknown, 0), FILL(unknownLater, 0)])';
const ALL_LOOKUPS = 'SUM([FILL(forwarded, 0), FILL(delivered, 0), FILL(unknown, 0), FILL(unknownLater, 0)])';
const RECOVERED = 'SUM([FILL(forwarded, 0), FILL(delivered, 0)])';
const REJECTED = 'SUM([FILL(unknown, 0), FILL(unknownLater, 0), FILL(misconfigured, 0)])';

/** What the alarms and the dashboard show. */
export interface MonitoredResources {
  metrics: RecoveryMetrics;
  /** The function behind the endpoint. */
  lambda: IFunction;
  /** The function that delivers from the outbox. */
  delivery: IFunction;
  outbox: Outbox;
  api: RestApi;
  auditLog: AuditLog;
  webAcl: WebAcl;
  /** Absent: there is no CAPTCHA, and none to watch. */
  captcha?: CaptchaConfig | undefined;
}

/** An alarm: a metric, and when it means that something is wrong. */
export interface AlarmDefinition {
  metric: IMetric;
  /** The value from which the alarm is raised, over the metric's own period. */
  threshold: number;
  /** So many periods in a row; absent: one. */
  periods?: number;
  /** What it means and what to do, for the person whom it wakes. */
  description: string;
}

/** Every alarm, by name. */
export function alarmDefinitions(resources: MonitoredResources): Record<string, AlarmDefinition> {
  return {
    ...recoveryAlarms(resources),
    ...outboxAlarms(resources),
    ...abuseAlarms(resources),
    ...(resources.captcha && captchaAlarms(resources)),
  };
}

/** The percentage of requests in a period, for mailboxes that the rate limiter admits, which were for nobody Beyond Identity knows. */
export function unknownUsersMetric(metrics: RecoveryMetrics, period: Duration): MathExpression {
  return new MathExpression({
    expression: `IF(${ALL_LOOKUPS} >= ${ENOUGH_REQUESTS}, 100 * ${UNKNOWN_USERS} / ${ALL_LOOKUPS}, 0)`,
    usingMetrics: {
      forwarded: metrics.count(OUTCOME_METRICS.forwarded, period),
      delivered: metrics.count(DELIVERY_METRICS.delivered, period),
      unknown: metrics.count(OUTCOME_METRICS['not-recoverable'], period),
      unknownLater: metrics.count(DELIVERY_METRICS['not-recoverable'], period),
    },
    label: 'unknown users, %',
    period,
  });
}

/** How many requests Beyond Identity rejected in a period in which it took none; 0 if it took any. */
export function rejectedWithoutSuccessMetric(metrics: RecoveryMetrics, period: Duration): MathExpression {
  return new MathExpression({
    expression: `IF(${RECOVERED} > 0, 0, ${REJECTED})`,
    usingMetrics: {
      forwarded: metrics.count(OUTCOME_METRICS.forwarded, period),
      delivered: metrics.count(DELIVERY_METRICS.delivered, period),
      unknown: metrics.count(OUTCOME_METRICS['not-recoverable'], period),
      unknownLater: metrics.count(DELIVERY_METRICS['not-recoverable'], period),
      misconfigured: metrics.count(CAUSE_METRICS.misconfigured, period),
    },
    label: 'rejected, while none succeeded',
    period,
  });
}

/** What keeps users from being recovered. */
function recoveryAlarms({ metrics, lambda, api }: MonitoredResources): Record<string, AlarmDefinition> {
  return {
    TokenRefused: {
      metric: metrics.count(CAUSE_METRICS['token-refused'], FIVE_MINUTES),
      threshold: 1,
      description:
        'Beyond Identity refuses the API token, so nobody can be recovered. Issue a new token in the Beyond Identity console and store it with: npm run store-token. It is taken up without a deployment; the requests that were accepted meanwhile wait in the outbox, and are delivered then unless they are older than outboxMaximumAgeSeconds.',
    },
    TokenUnavailable: {
      metric: metrics.count(CAUSE_METRICS['token-unavailable'], FIVE_MINUTES),
      threshold: 1,
      description:
        "A function cannot read its secret in Secrets Manager, so nobody can be recovered: the API token, or the endpoint's key of the pseudonyms where delivery is queued. The log of the function says why: the secret is empty (npm run store-token), is gone, or may not be read by the function.",
    },
    UpstreamFailed: {
      metric: metrics.count(CAUSE_METRICS['upstream-failed'], FIVE_MINUTES),
      threshold: 1,
      description:
        'Beyond Identity could not be reached or answered with a fault. The requests concerned wait in the outbox and are delivered when it is back, unless they are older than outboxMaximumAgeSeconds by then; what the outbox does not take is answered with a 503 (alarm OutboxFailed). Look at the status page of Beyond Identity and at the upstream latency on the dashboard. If it goes on, tell the support desk.',
    },
    Misconfigured: {
      metric: metrics.count(CAUSE_METRICS.misconfigured, FIVE_MINUTES),
      threshold: 1,
      description:
        'Beyond Identity, or something in front of it, rejects our calls whoever they are for: the wrong URL (region or apiUrl), the wrong path or method, or a response that is not JSON. The log of the function has the status. Compare region or apiUrl with the tenant, and any proxy on the way. The requests wait in the outbox, and are delivered once it is corrected, unless they are older than outboxMaximumAgeSeconds by then.',
    },
    NoneRecovered: {
      metric: rejectedWithoutSuccessMetric(metrics, HOUR),
      threshold: 5,
      description:
        'Beyond Identity rejected five requests or more within an hour, and took none. A wrong setting looks like this: the API token of another tenant, or a front end that sends something else than the external id. Request a recovery for a user that you know. If that one gets an email, somebody tries addresses (see the alarm UnknownUsers).',
    },
    Failed: {
      metric: metrics.count(OUTCOME_METRICS.failed, FIVE_MINUTES),
      threshold: 1,
      description:
        'The function answered with a 500: a fault of ours. Find the request in the log of the function by its request id; if it began with a deployment, roll that back.',
    },
    FunctionErrors: {
      metric: lambda.metricErrors({ period: FIVE_MINUTES }),
      threshold: 1,
      description:
        'The function ended without an answer: it did not start (a missing setting is named in its log), ran out of time or of memory. If it began with a deployment, roll that back.',
    },
    FunctionThrottles: {
      metric: lambda.metricThrottles({ period: FIVE_MINUTES }),
      threshold: 1,
      description:
        'Lambda turned requests away for lack of concurrency. Compare the number of requests on the dashboard with other days: raise reservedConcurrency, or the quota of the account, unless it is an attack.',
    },
    GatewayServerErrors: {
      metric: api.deploymentStage.metricServerError({ period: FIVE_MINUTES, statistic: 'Sum' }),
      // a single failure of the function has an alarm above; this one sees what never reaches the function
      threshold: 5,
      description:
        'API Gateway answered five requests or more with a 5xx. If no other alarm explains it, look for integrationStatus and errorType in the access log: API Gateway cannot reach the function.',
    },
  };
}

/** What keeps requests that were accepted from becoming mails. */
function outboxAlarms({ metrics, delivery, outbox }: MonitoredResources): Record<string, AlarmDefinition> {
  return {
    OutboxFailed: {
      metric: metrics.count(OUTCOME_METRICS['outbox-failed'], FIVE_MINUTES),
      threshold: 1,
      description:
        'A request could neither be forwarded nor put into the outbox; its user was asked to try again (503), and the attempt does not count. The log of the function names the error: the queue is gone, or may not be written to (deploy the stack again), or SQS is down (look at the AWS Health dashboard).',
    },
    DeliveriesPostponed: {
      metric: metrics.count(DELIVERY_METRICS.postponed, FIVE_MINUTES),
      threshold: 1,
      // one failure is tried again within seconds; three periods are more than ten minutes
      periods: 3,
      description:
        'For more than ten minutes requests in the outbox could not be delivered: Beyond Identity is down, or refuses the API token. The log of the delivery function says which. Look at the status page of Beyond Identity, or store a new token (npm run store-token): what waits is then delivered by itself. Requests older than outboxMaximumAgeSeconds are dropped; if it will take longer, deploy with a higher one, and tell the support desk.',
    },
    OutboxAge: {
      metric: outbox.metricAge(FIVE_MINUTES),
      threshold: 600,
      description:
        'A request has been in the outbox for ten minutes without being consumed: the delivery function does not keep up or does not run. If its errors or throttles have an alarm too, mend that first. Otherwise see whether its event source is enabled, and raise deliveryConcurrency if requests come in faster than they are delivered (dashboard).',
    },
    DeliveriesDropped: {
      metric: metrics.count(DELIVERY_METRICS.dropped, FIVE_MINUTES),
      threshold: 1,
      description:
        'A request was accepted but could not be delivered within outboxMaximumAgeSeconds, and was dropped: its user got no mail. The log of the delivery function has the pseudonym of the mailbox for each; DeliveriesPostponed or OutboxAge tells the cause. Mend that, then let the users know that they have to ask again.',
    },
    DeliveriesMalformed: {
      metric: metrics.count(DELIVERY_METRICS.malformed, FIVE_MINUTES),
      threshold: 1,
      description:
        'The outbox holds a message that the delivery function cannot read: the two functions are of different versions, or somebody else writes to the queue. If it began with a deployment, roll that back. The message goes to the dead-letter queue within minutes: see the alarm DeadLetters.',
    },
    DeadLetters: {
      metric: outbox.metricDeadLetters(FIVE_MINUTES),
      threshold: 1,
      description:
        'A request is in the dead-letter queue: it was received five times, because the delivery function cannot read it or crashes while processing it. The log of the function around that time says why. Fix the cause, then move it back with: npm run redrive. Its age counts from then.',
    },
    DeliveriesFailed: {
      metric: metrics.count(DELIVERY_METRICS.failed, FIVE_MINUTES),
      threshold: 1,
      description:
        'The delivery function met an unexpected error: a bug. Its log has the class of the error and where it was thrown. The request stays in the outbox, and goes to the dead-letter queue after five tries: see the alarm DeadLetters. If it began with a deployment, roll that back.',
    },
    DeliveryErrors: {
      metric: delivery.metricErrors({ period: FIVE_MINUTES }),
      threshold: 1,
      description:
        'The delivery function ended without an answer: it did not start (a missing setting is named in its log), ran out of time or of memory. Its requests stay in the outbox and are tried again after five minutes. If it began with a deployment, roll that back.',
    },
    DeliveryThrottles: {
      metric: delivery.metricThrottles({ period: FIVE_MINUTES }),
      threshold: 1,
      description:
        'Lambda did not run the delivery function for lack of concurrency: other functions of the account use it up. The requests stay in the outbox and are tried again. If it goes on, raise the quota of the account, or limit the functions that take it all.',
    },
  };
}

/** What looks like somebody who is not after his own recovery, and what protects from it. */
function abuseAlarms({ metrics, auditLog, webAcl }: MonitoredResources): Record<string, AlarmDefinition> {
  return {
    RefusedAttempts: {
      metric: metrics.count(OUTCOME_METRICS['rate-limited'], FIVE_MINUTES),
      // a user who gets impatient causes two or three
      threshold: 20,
      description:
        'Twenty requests or more within five minutes were for mailboxes that had had their share: somebody floods mailboxes, or a front end repeats its requests. The mailboxes got no more than their share of mails. The audit log tells by source and mailbox who it is; block the source in the web ACL, or mend the front end.',
    },
    MailboxesPerSource: {
      metric: auditLog.metricBusiestSource(FIVE_MINUTES),
      // At one a minute, five of them can be for one mailbox: 20 are four mailboxes at least, and 20 as a rule. A person
      // needs one, a help desk a few; the web ACL stops a source at requestsPerSource, 100 by default.
      threshold: 20,
      description:
        'One source asked for the recovery of about twenty mailboxes or more within five minutes: somebody tries out addresses, and learns nothing from the answers, or a help desk or a server asks for many. Find the source in the audit log (Contributor Insights shows it at once); block it in the web ACL unless you know it.',
    },
    UnknownUsers: {
      metric: unknownUsersMetric(metrics, HOUR),
      threshold: 50,
      description:
        'Half of the requests of an hour, or more, were for users whom Beyond Identity does not know or has suspended. From many sources it is somebody who tries out addresses (set captcha); from the usual ones, a front end that sends something else than the external id, or users who were created under another one.',
    },
    WebAclBlocked: {
      metric: webAcl.metricBlockedRequests(FIVE_MINUTES),
      // scanners knock at every address of the internet, a few times an hour
      threshold: 500,
      description:
        'The web ACL turned 500 requests or more away within five minutes. If its log shows one rule of the managed groups and sources that you know, the rule is wrong about them: set it to count. If RequestsPerSource blocks a whole office, raise requestsPerSource. Otherwise it is an attack, and is being held off.',
    },
    RateLimiterFallback: {
      metric: metrics.count(RATE_LIMITER_FALLBACK_METRIC, HOUR),
      // one slow answer is nobody's fault; three are all there is where few users need recovery
      threshold: 3,
      description:
        'DynamoDB was too slow or refused three times or more within an hour, so that each instance of the function decided on attempts by itself, or attempts that came to nothing could not be given back, or deliveries from the outbox could not be recorded: a mailbox can get more mails than its share, one share an instance at most, or one of them twice. The log of the function names the error: look for throttling or missing permissions of the table, and at the status of DynamoDB.',
    },
    AuditFailed: {
      metric: metrics.count(AUDIT_FAILED_METRIC, HOUR),
      // one lost connection is nobody's fault
      threshold: 3,
      description:
        'Three audit events or more within an hour could not be written to their log group; they stand in the log of the function instead, which is kept for a shorter time. Its lines name the error: the log group is gone, or may not be written to. Deploy the stack again, and keep those lines.',
    },
  };
}

function captchaAlarms({ metrics }: MonitoredResources): Record<string, AlarmDefinition> {
  return {
    CaptchaFailed: {
      metric: metrics.count(OUTCOME_METRICS['captcha-failed'], FIVE_MINUTES),
      // tokens run out while a page stays open, so that a few fail every day
      threshold: 20,
      description:
        'Twenty requests or more within five minutes did not pass the CAPTCHA: programs are being held off, or the site key of the page does not belong to the secret that is stored. If no request is forwarded any more, compare the two.',
    },
    CaptchaUnavailable: {
      metric: metrics.count(OUTCOME_METRICS['captcha-unavailable'], FIVE_MINUTES),
      threshold: 1,
      description:
        'The provider of the CAPTCHA could not be asked, or was asked too often (429), so that requests were rejected. Look at its status page and at the log of the function, which names a missing or refused secret too. If the provider is down and it goes on, deploy with failureMode set to open, or without captcha; the other limits stay. A 429 is never let through: somebody may bring it about on purpose.',
    },
    CaptchaSkipped: {
      metric: metrics.count(CAPTCHA_SKIPPED_METRIC, FIVE_MINUTES),
      threshold: 1,
      description:
        'The provider of the CAPTCHA could not be asked, and because failureMode is open, requests went on unverified. The other limits stay. Look at its status page and at the log of the function, which names a missing or refused secret too. If programs abuse it (alarms MailboxesPerSource, UnknownUsers), deploy with failureMode set to closed.',
    },
  };
}
