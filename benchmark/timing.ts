import { shuffle } from 'simple-statistics';
import { BOUNDS, numberFromText } from '../functions/runtime/configuration-bounds.ts';
import { RATE_LIMITER_FALLBACK_METRIC } from '../functions/runtime/metric-names.ts';
import {
  type Benchmark,
  type BenchmarkContext,
  type OptionValues,
  PLATFORM_OPTION,
  type Platform,
  platformOf,
  UsageError,
  wholeNumber,
} from './benchmark.ts';
import { measureColdTiming } from './cold-timing.ts';
import { requestRecovery, runOpenLoop, type TimedResponse } from './load.ts';
import { startService, startUpstreams } from './processes.ts';
import { readServiceLog } from './service-log.ts';
import { CALLER_CLASSES, type CallerClass, CLASS_BEHAVIOR, emailOf } from './tenant.ts';
import { reportTiming, type TimingMeasurement } from './timing-report.ts';

/** The tolerance is then 2.8 standard deviations: all six pairs meet it in 98 of 100 runs without a leak. */
const REQUESTS = { byDefault: 1500, lowest: 10, highest: 10_000 };
/** The tolerance of 0.05 is then 2.8 standard deviations, too; each request takes an instance of its own. */
const COLD_REQUESTS = { byDefault: 520, lowest: 0, highest: 5000 };
/** Enough to see the leak with the response time switched off. */
const CONTROL_REQUESTS = 400;
const PER_SECOND = { byDefault: 90, lowest: 1, highest: 1000 };
const RATE_LIMITED_MAILBOXES = 100;
/** The longest one: with the default, mailboxes would not stay rate limited for the whole run. */
const COOLDOWN = { MAILBOX_COOLDOWN_SECONDS: '3600' };
/** The share of requests that may have an unexpected outcome, as when the machine stalls: 1 % of one class. */
const MOST_UNEXPECTED = 0.0025;

/** Whether response times reveal if an address is known, unknown, suspended or rate limited. */
export const timing: Benchmark = {
  usage: `do response times reveal account existence? At the default response time, and switched off as the control
  --requests N           requests of each class (${REQUESTS.byDefault}; the control: ${CONTROL_REQUESTS})
  --response-time MS     a single run with this RESPONSE_TIME_MS
  --cold N               first requests of each class, each on an instance that starts for it (${COLD_REQUESTS.byDefault}; 0: none)
  --per-second N         arrival rate (${PER_SECOND.byDefault})
  --platform v1          a v1 tenant, whose calls take 150 ms each (v0)`,
  options: {
    ...PLATFORM_OPTION,
    requests: { type: 'string' },
    cold: { type: 'string' },
    'response-time': { type: 'string' },
    'per-second': { type: 'string' },
  },
  measure: async (values, context) => {
    const perSecond = wholeNumber(values, 'per-second', PER_SECOND);
    const platform = platformOf(values);
    const measurements: TimingMeasurement[] = [];
    for (const run of readRuns(values))
      measurements.push(await measureRun(run, { perSecond, platform }, context));
    const cold = await measureCold(values, platform, context);
    return reportTiming(measurements, perSecond, cold);
  },
};

/** With the response time of the deployment only. */
async function measureCold(values: OptionValues, platform: Platform, context: BenchmarkContext) {
  const requests = wholeNumber(values, 'cold', COLD_REQUESTS);
  if (requests === 0 || values['response-time'] !== undefined) return undefined;
  return measureColdTiming(requests, platform, context);
}

/** `requests`: of each class. */
type Run = { readonly requests: number; readonly responseTimeMs: number };

function readRuns(values: OptionValues): Run[] {
  const requests = wholeNumber(values, 'requests', REQUESTS);
  const control = { requests: values['requests'] ? requests : CONTROL_REQUESTS, responseTimeMs: 0 };
  const { accepts, requirement, byDefault } = BOUNDS.responseTimeMs;
  const text = values['response-time'];
  if (typeof text !== 'string') return [{ requests, responseTimeMs: byDefault }, control];
  const responseTimeMs = numberFromText(text);
  if (responseTimeMs === undefined || !accepts(responseTimeMs)) {
    throw new UsageError(`--response-time must be ${requirement}, not "${text}".`);
  }
  return [responseTimeMs === 0 ? control : { requests, responseTimeMs }];
}

/** Measures with upstreams of its own: every run starts with an empty rate limiter. */
async function measureRun(
  { requests, responseTimeMs }: Run,
  { perSecond, platform }: { perSecond: number; platform: Platform },
  context: BenchmarkContext,
): Promise<TimingMeasurement> {
  await using upstreams = await startUpstreams(context, { platform, users: requests });
  const environment = { ...upstreams.ready.environment, ...COOLDOWN, RESPONSE_TIME_MS: `${responseTimeMs}` };
  await using service = await startService('recover-user', environment, context);
  const load = { perSecond, signal: context.signal };
  const send = async ({ callerClass, number }: Call): Promise<ClassResponse> => {
    const email = emailOf(callerClass, number);
    return { callerClass, ...(await requestRecovery(service.ready.url, email, context.signal)) };
  };
  const rateLimited = callsFor('rate-limited', Math.min(requests, RATE_LIMITED_MAILBOXES));
  // not measured: uses up the one attempt of each
  await runOpenLoop(rateLimited, send, load);
  const calls = CALLER_CLASSES.flatMap((callerClass) => callsFor(callerClass, requests));
  const responses = await runOpenLoop(shuffle(calls), send, load);
  const { outcomes, counts } = readServiceLog(await service.log());
  return {
    responseTimeMs,
    responses,
    unexpectedOutcomes: countUnexpected(responses, outcomes),
    rateLimiterFallbacks: counts.get(RATE_LIMITER_FALLBACK_METRIC) ?? 0,
  };
}

type Call = { readonly callerClass: CallerClass; readonly number: number };
type ClassResponse = TimedResponse & { readonly callerClass: CallerClass };

/** Only the rate-limited addresses repeat. */
function callsFor(callerClass: CallerClass, count: number): Call[] {
  const distinct = callerClass === 'rate-limited' ? RATE_LIMITED_MAILBOXES : count;
  return Array.from({ length: count }, (_, index) => ({ callerClass, number: index % distinct }));
}

/** Throws when more than a few requests had another outcome: the times would not be those of their class. */
function countUnexpected(responses: readonly ClassResponse[], outcomes: ReadonlyMap<string, string>): number {
  const unexpected = responses.filter(
    ({ callerClass, status, requestId }) =>
      status !== 202 || outcomes.get(requestId) !== CLASS_BEHAVIOR[callerClass].outcome,
  );
  const [example] = unexpected;
  if (example && unexpected.length > responses.length * MOST_UNEXPECTED) {
    const { callerClass, status, requestId } = example;
    throw new Error(
      `${unexpected.length} of ${responses.length} requests had an unexpected outcome, for example ${status} with "${outcomes.get(requestId)}" for the class ${callerClass}.`,
    );
  }
  return unexpected.length;
}
