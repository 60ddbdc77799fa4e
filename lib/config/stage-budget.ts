import { type ConcurrencySettings, endpointInstances, quotaProblem } from './lambda-concurrency.ts';

/**
 * Preflights that a client IP may send for each recovery request. A browser sends one at most, so that it is always the
 * request that meets its limit first, with a response that the page can read.
 */
export const PREFLIGHTS_PER_REQUEST = 2;

/** WAF usually blocks a client IP within this time after it passed its limit, by AWS's documentation. */
const REACTION_SECONDS = 30;

/** How many client IPs' shares the stage must be able to serve while WAF reacts. */
const SHARES = 5;

/** The settings that decide on how many requests are served, and for whom. */
export interface StageBudget extends ConcurrencySettings {
  /** Recovery requests that one client IP may send within five minutes. */
  requestsPerClientIp: number;
  /** The account's Lambda concurrency quota; absent: unknown. */
  accountConcurrency?: number | undefined;
}

/** Settings that do not fit together, and the fix. */
export interface BudgetProblem {
  setting: keyof StageBudget;
  message: string;
}

/**
 * The stage's throttling is one budget for all callers, so WAF must block a client IP long before that has used it up.
 * With the settings of config/production.json (requestsPerClientIp 100, throttleRequestsPerSecond 50, throttleBurst 200, responseTimeMs
 * 2000):
 *
 * - A client IP may send 100 requests and 2 x 100 preflights in five minutes: its share is 300, one a second on average, a
 *   fiftieth of the stage's rate.
 * - WAF estimates rates every few seconds and usually blocks a client IP within 30 seconds. In these the stage serves
 *   200 + 30 x 50 = 1,700 requests, more than five shares. To make the stage respond to others with its own 429, a client
 *   IP has to send 57 requests a second until WAF acts.
 * - All 100 requests at once take half of the burst of 200.
 * - Each request occupies an instance for the response time, preflights for an instant: at most 200 + 50 x 2 s = 300
 *   instances, less than a third of the 1,000 that Lambda's default quota allows. Were Lambda the first to run out, the
 *   response would be a 5xx.
 */
export function budgetProblems(budget: StageBudget): BudgetProblem[] {
  const { requestsPerClientIp, throttleRequestsPerSecond, throttleBurst, reservedConcurrency } = budget;
  const { accountConcurrency } = budget;
  const problems: BudgetProblem[] = [];
  if (throttleBurst < requestsPerClientIp) {
    problems.push({
      setting: 'throttleBurst',
      message: `is ${throttleBurst}, but one client IP may send requestsPerClientIp ${requestsPerClientIp} at once; raise it to ${requestsPerClientIp} or more, or lower requestsPerClientIp`,
    });
  }
  const share = (1 + PREFLIGHTS_PER_REQUEST) * requestsPerClientIp;
  const rate = Math.ceil((SHARES * share - throttleBurst) / REACTION_SECONDS);
  if (throttleRequestsPerSecond < rate) {
    problems.push({
      setting: 'throttleRequestsPerSecond',
      message: `is ${throttleRequestsPerSecond}, so that one client IP with requestsPerClientIp ${requestsPerClientIp} could use up the stage before the web ACL cuts it off; raise it to ${rate} or more, or lower requestsPerClientIp`,
    });
  }
  const instances = endpointInstances(budget);
  if (reservedConcurrency !== undefined && reservedConcurrency < instances) {
    problems.push({
      setting: 'reservedConcurrency',
      message: `is ${reservedConcurrency}, but up to ${instances} requests are in flight at once (throttleBurst and throttleRequestsPerSecond for the response time); raise it to ${instances} or more, or lower requestsPerClientIp, throttleBurst and throttleRequestsPerSecond`,
    });
  }
  const quota = accountConcurrency === undefined ? undefined : quotaProblem(accountConcurrency, budget);
  if (quota !== undefined) problems.push({ setting: 'accountConcurrency', message: quota });
  return problems;
}
