import type { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { CAUSE_METRICS, OUTCOME_METRICS } from '../../../functions/runtime/metric-names.ts';
import { lookupMetrics, type RecoveryMetrics } from '../recovery-metrics.ts';
import { type AlarmDefinitions, FIVE_MINUTES, HOUR, type MonitoredResources } from './alarm-definition.ts';

// FILL, because a metric without a value would make the sum have none
const RECOVERED = 'SUM([FILL(forwarded, 0), FILL(delivered, 0)])';
const REJECTED = 'SUM([FILL(unknown, 0), FILL(unknownLater, 0), FILL(misconfigured, 0)])';

/** Alarms about what keeps users from being recovered. */
export function recoveryAlarms({ metrics, lambda, api }: MonitoredResources): AlarmDefinitions {
  return {
    TokenRefused: {
      metric: metrics.count(CAUSE_METRICS['token-refused'], FIVE_MINUTES),
      description:
        'Beyond Identity rejects the API token, so nobody is recovered. Issue a new token in the Beyond Identity console, then: npm run store-token. No deployment is needed. Accepted requests wait in the outbox, and are delivered unless they are older than outboxMaximumAgeSeconds.',
    },
    TokenUnavailable: {
      metric: metrics.count(CAUSE_METRICS['token-unavailable'], FIVE_MINUTES),
      description:
        "A function has no token: it cannot read its secret in Secrets Manager (the API token, the client credentials or the endpoint's pseudonymization key), or on v1 the authorization server issues none. The log of the function says why: the secret is empty (npm run store-token), is gone, or access is denied.",
    },
    DirectoryUnavailable: {
      metric: metrics.count(CAUSE_METRICS['directory-unavailable'], FIVE_MINUTES),
      description:
        'The directory gave no usable response, so that it is not known who the users are. The log of the function names the error: the table or the function is gone, access is denied, it is slow, or what it returned is not what docs/directories.md says. Requests wait in the outbox, and are delivered unless they become older than outboxMaximumAgeSeconds.',
    },
    UpstreamFailed: {
      metric: metrics.count(CAUSE_METRICS['upstream-failed'], FIVE_MINUTES),
      description:
        'Beyond Identity could not be reached, or responded with an error. Requests wait in the outbox, and are delivered unless they become older than outboxMaximumAgeSeconds. Look at the status page of Beyond Identity, and at its latency on the dashboard. If it continues, notify the support desk.',
    },
    Misconfigured: {
      metric: metrics.count(CAUSE_METRICS.misconfigured, FIVE_MINUTES),
      description:
        'Beyond Identity, or a proxy in front of it, rejects calls for every user. The log of the function has the status. Compare beyondIdentity with the tenant, and any proxy on the way, and deploy the correction. Requests wait in the outbox, and are delivered unless they become older than outboxMaximumAgeSeconds.',
    },
    NoneRecovered: {
      metric: rejectedWithoutSuccessMetric(metrics, HOUR),
      threshold: 5,
      description:
        'Beyond Identity rejected five requests or more within an hour, and accepted none. A wrong setting can look like unknown users: the API token of another tenant, or users with another external id. Request a recovery for a user that you know. If that user gets an email, somebody tries addresses (alarm UnknownUsers).',
    },
    Failed: {
      metric: metrics.count(OUTCOME_METRICS.failed, FIVE_MINUTES),
      description:
        'The function responded with a 500: a bug. Find the request in the log of the function by its request id. If it began with a deployment, roll back.',
    },
    FunctionErrors: {
      metric: lambda.metricErrors({ period: FIVE_MINUTES }),
      description:
        'The function ended without a response: it did not start (its log names a missing variable), or ran out of time or memory. If it began with a deployment, roll back.',
    },
    FunctionThrottles: {
      metric: lambda.metricThrottles({ period: FIVE_MINUTES }),
      description:
        'Lambda rejected requests for lack of concurrency. Compare the number of requests on the dashboard with other days. Unless it is an attack, raise reservedConcurrency or the quota of the account.',
    },
    GatewayServerErrors: {
      metric: api.deploymentStage.metricServerError({ period: FIVE_MINUTES, statistic: 'Sum' }),
      // a single failure of the function has an alarm above; this one sees what never reaches the function
      threshold: 5,
      description:
        'API Gateway responded to five requests or more with a 5xx. If no other alarm explains it, look for integrationStatus and errorType in the access log: API Gateway cannot reach the function.',
    },
  };
}

/** How many requests Beyond Identity rejected in a period in which it took none; 0 if it took any. */
function rejectedWithoutSuccessMetric(metrics: RecoveryMetrics, period: Duration): MathExpression {
  return new MathExpression({
    expression: `IF(${RECOVERED} > 0, 0, ${REJECTED})`,
    usingMetrics: {
      ...lookupMetrics(metrics, period),
      misconfigured: metrics.count(CAUSE_METRICS.misconfigured, period),
    },
    label: 'rejected, while none succeeded',
    period,
  });
}
