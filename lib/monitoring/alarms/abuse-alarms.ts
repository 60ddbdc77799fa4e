import type { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { OUTCOME_METRICS, RATE_LIMITER_FALLBACK_METRIC } from '../../../functions/runtime/metric-names.ts';
import { lookupMetrics, type RecoveryMetrics } from '../recovery-metrics.ts';
import { type AlarmDefinitions, FIVE_MINUTES, HOUR, type MonitoredResources } from './alarm-definition.ts';

/** Requests in an hour below which the share of unknown users says nothing. */
const ENOUGH_REQUESTS = 20;

// FILL, because a metric without a value would make the sum have none
const UNKNOWN_USERS = 'SUM([FILL(unknown, 0), FILL(unknownLater, 0)])';
const ALL_LOOKUPS = 'SUM([FILL(forwarded, 0), FILL(delivered, 0), FILL(unknown, 0), FILL(unknownLater, 0)])';

/** Alarms about abuse, and about the controls against it. */
export function abuseAlarms({ metrics, auditLog, webAcl }: MonitoredResources): AlarmDefinitions {
  return {
    RefusedAttempts: {
      metric: metrics.count(OUTCOME_METRICS['rate-limited'], FIVE_MINUTES),
      // a user who gets impatient causes two or three
      threshold: 20,
      description:
        'Twenty requests or more within five minutes were rate limited: someone is email-bombing, or a front end repeats its requests. The mailboxes got no more than their limit. Find outcome "rate-limited" in the audit log, by client IP and mailbox. Block the client IP in the web ACL, or fix the front end.',
    },
    MailboxesPerClientIp: {
      metric: auditLog.metricBusiestClientIp(FIVE_MINUTES),
      // At one a minute, five of them can be for one mailbox: 20 are four mailboxes at least, and 20 as a rule. A person
      // needs one, a help desk a few; the web ACL stops a client IP at requestsPerClientIp, 100 by default.
      threshold: 20,
      description:
        'One client IP requested recovery for about twenty mailboxes or more within five minutes. Somebody tries addresses, and learns nothing from the responses; or a help desk or a server asks for many. Find the client IP in the audit log (Contributor Insights shows it immediately). Block it unless you know it.',
    },
    UnknownUsers: {
      metric: unknownUsersMetric(metrics, HOUR),
      threshold: 50,
      description:
        'At least half of the requests of an hour were for users that Beyond Identity does not know or has suspended. From many client IPs: somebody tries addresses, set captcha. From the usual ones: a front end sends something else than the external id, or users were created under another one.',
    },
    ...(webAcl && {
      WebAclBlocked: {
        metric: webAcl.metricBlockedRequests(FIVE_MINUTES),
        // scanners knock at every address of the internet, a few times an hour
        threshold: 500,
        description:
          'The web ACL blocked 500 requests or more within five minutes. A managed rule blocks client IPs that you know: set it to count. RequestsPerClientIp blocks a whole office: raise requestsPerClientIp. Otherwise it is an attack, and is being blocked.',
      },
    }),
    RateLimiterFallback: {
      metric: metrics.count(RATE_LIMITER_FALLBACK_METRIC, HOUR),
      // one slow response is nobody's fault; three are all there is where few users need recovery
      threshold: 3,
      description:
        'DynamoDB was slow or failed three times or more within an hour. Instances used their in-memory fallback, an attempt could not be released, or a delivery could not be recorded: a mailbox can get more emails than its limit, or one twice. The log of the function names the error. Look for throttling or missing permissions of the table.',
    },
  };
}

/** The percentage of requests in a period, for mailboxes that the rate limiter admits, which were for nobody Beyond Identity knows. */
export function unknownUsersMetric(metrics: RecoveryMetrics, period: Duration): MathExpression {
  return new MathExpression({
    expression: `IF(${ALL_LOOKUPS} >= ${ENOUGH_REQUESTS}, 100 * ${UNKNOWN_USERS} / ${ALL_LOOKUPS}, 0)`,
    usingMetrics: lookupMetrics(metrics, period),
    label: 'unknown users, %',
    period,
  });
}
