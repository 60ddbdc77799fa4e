/** Where requests go first; the setting `delivery`. */
export type Delivery = 'direct' | 'queued';

/** List prices of us-east-1 in US dollars, without free tiers. Each comment names the pricing page that has it. */
export const PRICES = {
  /**
   * When they were collected, from public quotations of these pages; the pages themselves were not read. Those of Secrets
   * Manager, KMS, Contributor Insights and alarms were not compared with a quotation.
   */
  asOf: 'November 2026',
  /** Amazon API Gateway pricing, REST APIs, first 333 million. */
  gatewayRequest: 3.5e-6,
  /** AWS Lambda pricing, requests. */
  lambdaRequest: 0.2e-6,
  /** AWS Lambda pricing, duration on arm64, first tier. */
  lambdaGigabyteSecond: 0.0000133334,
  /** Amazon DynamoDB pricing, on-demand capacity, write request unit (1 kB). */
  dynamoDbWrite: 0.625e-6,
  /** Amazon SQS pricing, standard queues. */
  sqsRequest: 0.4e-6,
  /** Amazon EventBridge pricing, custom event of at most 64 kB. */
  event: 1e-6,
  /** Amazon EventBridge pricing, archive processing by the gigabyte. */
  archiveGigabyte: 0.1,
  /** Amazon CloudWatch pricing, logs, ingestion by the gigabyte. */
  logGigabyte: 0.5,
  /** Amazon CloudWatch pricing, Contributor Insights, matched log event. */
  insightEvent: 0.02e-6,
  /** AWS X-Ray pricing, trace recorded. */
  trace: 5e-6,
  /** AWS WAF pricing, request. */
  wafRequest: 0.6e-6,
  /** AWS WAF pricing, web ACL by the month. */
  webAclMonth: 5,
  /** AWS WAF pricing, rule or managed rule group by the month. */
  wafRuleMonth: 1,
  /** Amazon CloudWatch pricing, alarms, standard resolution, metric by the month. */
  alarmMetricMonth: 0.1,
  /** Amazon CloudWatch pricing, dashboard by the month. */
  dashboardMonth: 3,
  /** Amazon CloudWatch pricing, Contributor Insights, rule by the month. */
  insightRuleMonth: 0.5,
  /** Amazon CloudWatch pricing, custom metric by the month, prorated by the hours in which it has values. */
  metricMonth: 0.3,
  /** AWS Secrets Manager pricing, secret by the month. */
  secretMonth: 0.4,
  /** AWS KMS pricing, customer managed key by the month. */
  keyMonth: 1,
} as const;

/** What a month of the deployment consists of, with `alarmEmail` and without a CAPTCHA. */
export const FIXED = {
  wafRules: 7,
  /** Of 30 alarms; four of them do sums with several metrics. */
  alarmMetrics: 41,
  /** API token and pseudonymization key. */
  secrets: 2,
  /** Empty long polls of the outbox by Lambda: five pollers, each every 20 seconds. */
  pollsOfOutbox: (5 * 30 * 24 * 3600) / 20,
  /** Custom metrics that have values where there are requests: outcomes, latency, and API Gateway's by method. */
  metrics: 16,
} as const;

const MEMORY_GIGABYTES = 0.5;
const SECONDS_OF_MONTH = 30 * 24 * 3600;

/** One cost of a request: how much of it, and what that costs. */
export interface RequestCost {
  item: string;
  usage: string;
  dollars: number;
}

/**
 * How long the functions run for a request, in seconds. Direct: the default response time, as `npm run bench -- timing`
 * measures it. Queued: `npm run bench -- memory` at 512 MB, rounded up. The delivery is an assumption: it waits for Beyond
 * Identity.
 */
const ENDPOINT_SECONDS = { direct: 2, queued: 0.04 } as const;
const DELIVERY_SECONDS = 0.3;

/** The bytes of an event, with what EventBridge adds to it: the audit log and the archive have it like this. */
const EVENT_BYTES = 500;
/** The bytes of log that a request writes: access log, the function's and Lambda's lines, audit log. */
const ENDPOINT_LOG_BYTES = 1250 + EVENT_BYTES;
const DELIVERY_LOG_BYTES = 1000 + EVENT_BYTES;
/** The bytes of log that a blocked request writes. */
const BLOCKED_LOG_BYTES = 1500;

/** What one accepted request costs, without traces, which depend on the rate. */
export function requestCosts(delivery: Delivery): RequestCost[] {
  const queued = delivery === 'queued';
  const gigabyteSeconds = MEMORY_GIGABYTES * (ENDPOINT_SECONDS[delivery] + (queued ? DELIVERY_SECONDS : 0));
  const invocations = queued ? 2 : 1;
  // the attempt; queued: also the claim and the completion of the delivery
  const writes = queued ? 3 : 1;
  // one of the request; queued: another one of its delivery
  const events = queued ? 2 : 1;
  const logBytes = ENDPOINT_LOG_BYTES + (queued ? DELIVERY_LOG_BYTES : 0);
  return [
    { item: 'API Gateway', usage: '1 request', dollars: PRICES.gatewayRequest },
    { item: 'WAF', usage: '1 request', dollars: PRICES.wafRequest },
    {
      item: 'Lambda, duration',
      usage: `${round(gigabyteSeconds)} GB-seconds`,
      dollars: gigabyteSeconds * PRICES.lambdaGigabyteSecond,
    },
    {
      item: 'Lambda, requests',
      usage: count(invocations, 'invocation'),
      dollars: invocations * PRICES.lambdaRequest,
    },
    { item: 'DynamoDB', usage: count(writes, 'write'), dollars: writes * PRICES.dynamoDbWrite },
    { item: 'SQS', usage: count(queued ? 3 : 0, 'request'), dollars: queued ? 3 * PRICES.sqsRequest : 0 },
    {
      item: 'EventBridge, with the archive',
      usage: count(events, 'event'),
      dollars: events * (PRICES.event + (EVENT_BYTES / 1e9) * PRICES.archiveGigabyte),
    },
    {
      item: 'CloudWatch Logs',
      usage: `${logBytes / 1000} kB`,
      dollars: (logBytes / 1e9) * PRICES.logGigabyte,
    },
    { item: 'Contributor Insights', usage: '1 event', dollars: PRICES.insightEvent },
  ];
}

/** What a month without any request costs. */
export function idleDollars(): number {
  return (
    PRICES.webAclMonth +
    FIXED.wafRules * PRICES.wafRuleMonth +
    FIXED.alarmMetrics * PRICES.alarmMetricMonth +
    PRICES.dashboardMonth +
    PRICES.insightRuleMonth +
    FIXED.secrets * PRICES.secretMonth +
    PRICES.keyMonth +
    FIXED.pollsOfOutbox * PRICES.sqsRequest
  );
}

/** The cost of a month with this number of requests, evenly spread. */
export function monthDollars(requests: number, delivery: Delivery): number {
  if (requests === 0) return idleDollars();
  return (
    idleDollars() +
    FIXED.metrics * PRICES.metricMonth +
    requests * sum(requestCosts(delivery)) +
    tracesOf(requests, SECONDS_OF_MONTH) * PRICES.trace
  );
}

/** The cost of an hour of a flood that the stage serves: from so many client IPs that WAF blocks none. */
export function admittedFloodDollars(requestsPerSecond: number, delivery: Delivery): number {
  const requests = requestsPerSecond * 3600;
  return requests * sum(requestCosts(delivery)) + tracesOf(requests, 3600) * PRICES.trace;
}

/** The cost of this number of requests that WAF blocks, with their lines in its log. */
export function blockedFloodDollars(requests: number): number {
  return requests * (PRICES.wafRequest + (BLOCKED_LOG_BYTES / 1e9) * PRICES.logGigabyte);
}

/** X-Ray's default rule records the first request of a second, and 5 % of the others. */
function tracesOf(requests: number, seconds: number): number {
  const first = Math.min(requests, seconds);
  return first + 0.05 * (requests - first);
}

function sum(costs: readonly RequestCost[]): number {
  return costs.reduce((total, { dollars }) => total + dollars, 0);
}

function round(value: number): number {
  return Number(value.toFixed(3));
}

function count(amount: number, unit: string): string {
  return amount === 0 ? 'none' : `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
