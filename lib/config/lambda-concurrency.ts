import { BOUNDS } from '../../functions/runtime/configuration-bounds.ts';

/**
 * How many instances Lambda always keeps for functions without a reservation
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html).
 */
const KEPT_UNRESERVED = 100;

/**
 * How long an invocation is assumed to take without a constant response time, in milliseconds: as long as Beyond Identity
 * usually takes, or, with `delivery: queued`, a cold start.
 */
const ASSUMED_DURATION_MS = 1000;

/** What shows the account's quota: `Concurrent executions`, which applies to one region. */
const LOOK_UP =
  'aws service-quotas get-service-quota --service-code lambda --quota-code L-B99A9384 --query Quota.Value';

/** The settings that decide how many instances of the endpoint's function requests can occupy. */
export interface RequestLoad {
  /** Requests a second, all callers together. */
  throttleRequestsPerSecond: number;
  /** Requests that may come at once above that rate. */
  throttleBurst: number;
  /** The constant response time in milliseconds; 0: none. Does not apply where `delivery` is `queued`. */
  responseTimeMs: number;
  delivery: 'direct' | 'queued';
}

/** The settings that decide how much of the account's Lambda concurrency the stack needs. */
export interface ConcurrencySettings extends RequestLoad {
  /** The most instances that deliver from the outbox at a time. */
  deliveryConcurrency: number;
  /** The most instances of the endpoint's function at a time; absent: whatever the account has left. */
  reservedConcurrency?: number | undefined;
}

/** Instances of Lambda functions at a time. */
export interface ConcurrencyNeeded {
  /** Of the endpoint's function, when every request comes that the stage lets through. */
  endpoint: number;
  /** Of the delivery function. */
  delivery: number;
  /** What the account's quota must be at least, if no other function of the account runs. */
  account: number;
}

/** The Lambda concurrency that a configuration needs. */
export function concurrencyNeeded(settings: ConcurrencySettings): ConcurrencyNeeded {
  const endpoint = endpointInstances(settings);
  const { deliveryConcurrency: delivery, reservedConcurrency } = settings;
  // the delivery function reserves nothing, and 100 are the most that deliveryConcurrency can be
  const account =
    reservedConcurrency === undefined ? endpoint + delivery : reservedConcurrency + KEPT_UNRESERVED;
  return { endpoint, delivery, account };
}

/** The most instances of the endpoint's function that requests which the stage lets through can occupy at a time. */
export function endpointInstances(load: RequestLoad): number {
  return load.throttleBurst + Math.ceil((load.throttleRequestsPerSecond * durationOf(load).ms) / 1000);
}

/** How long an invocation of the endpoint's function takes, and whether that is assumed and not set. */
function durationOf({ responseTimeMs, delivery }: RequestLoad): { ms: number; isAssumed: boolean } {
  const isAssumed = delivery === 'queued' || responseTimeMs === 0;
  return { ms: isAssumed ? ASSUMED_DURATION_MS : responseTimeMs, isAssumed };
}

/** For somebody who deploys: the quota that is needed, how to look it up, what happens below it, and what to do. */
export function concurrencyNote(settings: ConcurrencySettings): string {
  const { account } = concurrencyNeeded(settings);
  return [
    `This configuration needs a Lambda concurrency quota of ${account} or more (${sumOf(settings)}), besides what other functions of the account need in this region. A new account may have 10, too few for any configuration.`,
    `  Look up the quota: ${LOOK_UP}`,
    '  If it is lower, Lambda throttles the endpoint under load: API Gateway responds with a 5xx, those requests are not accepted, and the alarm FunctionThrottles fires.',
    `  Then request a quota of ${account} or more, or ${alternatives(settings)}.`,
    '  Set accountConcurrency to the quota, and synthesis checks it instead of printing this.',
  ].join('\n');
}

/** What is wrong with an account's quota, continuing the name of the setting; `undefined`: it suffices. */
export function quotaProblem(quota: number, settings: ConcurrencySettings): string | undefined {
  const { account } = concurrencyNeeded(settings);
  if (quota >= account) return undefined;
  return `is ${quota}, but this configuration needs ${account}: ${sumOf(settings)}; request a quota of ${account} or more and set accountConcurrency to it, or ${alternatives(settings)}`;
}

function sumOf(settings: ConcurrencySettings): string {
  const { throttleBurst, throttleRequestsPerSecond, deliveryConcurrency, reservedConcurrency } = settings;
  if (reservedConcurrency !== undefined) {
    return `reservedConcurrency ${reservedConcurrency}, and ${KEPT_UNRESERVED} that Lambda keeps for functions without a reservation`;
  }
  const { ms, isAssumed } = durationOf(settings);
  return `throttleBurst ${throttleBurst} + throttleRequestsPerSecond ${throttleRequestsPerSecond} x ${ms / 1000} s${isAssumed ? ' (assumed)' : ''} for the endpoint, and deliveryConcurrency ${deliveryConcurrency}`;
}

/** What lowers the need, besides a greater quota. */
function alternatives(settings: ConcurrencySettings): string {
  if (settings.reservedConcurrency !== undefined) return 'lower reservedConcurrency or leave it out';
  const ways = [
    'lower throttleBurst and throttleRequestsPerSecond (both have to leave room for requestsPerClientIp)',
  ];
  const { ms, isAssumed } = durationOf(settings);
  if (!isAssumed && BOUNDS.responseTimeMs.accepts(ms - 1)) ways.push('lower responseTimeMs');
  if (!isAssumed && ms > ASSUMED_DURATION_MS) ways.push('set delivery to "queued"');
  return ways.length > 2 ? `${ways.slice(0, -1).join(', ')}, or ${ways.at(-1)}` : ways.join(', or ');
}
