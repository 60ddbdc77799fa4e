import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BOUNDS, numberFromText } from '../functions/runtime/configuration-bounds.ts';
import type { Benchmark, OptionValues } from './benchmark.ts';
import { UsageError, wholeNumber } from './command-line.ts';
import { seededRandom } from './random.ts';
import { startService } from './service-process.ts';
import { rateLimiterSettingsFor, type StandIns, settingsFor, startStandIns } from './stand-ins-process.ts';
import { reportTiming } from './timing-report.ts';
import { measureTiming, type TimingMeasurement } from './timing-run.ts';
import { untimelyEnd } from './untimely-end.ts';

/**
 * Of an area of 0.5, the figure to reach is then 2.8 standard deviations away, so that six pairs all meet it in 98 of
 * 100 runs where nothing leaks.
 */
const REQUESTS = { byDefault: 1500, lowest: 10, highest: 100_000 };
/** Enough to see a leak with the response time switched off. */
const REQUESTS_WITHOUT_RESPONSE_TIME = 400;
const PER_SECOND = { byDefault: 90, lowest: 1, highest: 1000 };
const SEED = { byDefault: 1, lowest: 0, highest: 999_999_999 };
/** So many requests may be under way beside those that wait for the response time. */
const SPARE_AT_ONCE = 24;
/** Longer than any run with the default options by far. */
const LONGEST_RUN_MS = 1_800_000;

/** Whether the time of an answer tells known, unknown, suspended and throttled addresses apart. */
export const timing: Benchmark = {
  summary:
    'whether the time of an answer tells what an address is, with the response time as set and without',
  options: {
    requests: {
      placeholder: 'N',
      meaning: `so many of each class (${REQUESTS.byDefault}; ${REQUESTS_WITHOUT_RESPONSE_TIME} without response time)`,
    },
    'response-time': {
      placeholder: 'MS',
      meaning: 'RESPONSE_TIME_MS of a single run (one as set by default, then one with 0)',
    },
    'per-second': { placeholder: 'N', meaning: `so many requests a second (${PER_SECOND.byDefault})` },
    seed: { placeholder: 'N', meaning: `for everything that is left to chance (${SEED.byDefault})` },
  },
  measure: async (values, signal) => {
    const perSecond = wholeNumber(values, 'per-second', PER_SECOND);
    const seed = wholeNumber(values, 'seed', SEED);
    const runs = runsOf(values);
    const folder = await mkdtemp(join(tmpdir(), 'recovery-timing-'));
    const limited = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_RUN_MS)]);
    try {
      const measurements: TimingMeasurement[] = [];
      for (const run of runs) {
        measurements.push(await measureRun(run, { folder, perSecond, seed, signal: limited }));
      }
      return reportTiming(measurements, { perSecond, seed });
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/** One run: how many requests of each class, and the setting, if it is not to be the function's default. */
interface Run {
  readonly requests: number;
  readonly responseTimeMs?: number;
}

function runsOf(values: OptionValues): Run[] {
  const requests = wholeNumber(values, 'requests', REQUESTS);
  const withoutResponseTime = {
    requests: values['requests'] === undefined ? REQUESTS_WITHOUT_RESPONSE_TIME : requests,
    responseTimeMs: 0,
  };
  if (values['response-time'] === undefined) return [{ requests }, withoutResponseTime];
  const responseTimeMs = responseTimeOf(values['response-time']);
  return [responseTimeMs === 0 ? withoutResponseTime : { requests, responseTimeMs }];
}

/** The response time that was asked for, if the function accepts it. Throws {@link UsageError}. */
function responseTimeOf(text: string): number {
  const responseTimeMs = numberFromText(text);
  const { accepts, requirement } = BOUNDS.responseTimeMs;
  if (responseTimeMs !== undefined && accepts(responseTimeMs)) return responseTimeMs;
  throw new UsageError(`--response-time must be ${requirement}, not "${text}".`);
}

/** Where, and how, all runs happen. */
interface Surroundings {
  /** For files that do not outlive the benchmark; no configuration of the developer's is in it. */
  readonly folder: string;
  readonly perSecond: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

async function measureRun(
  { requests, responseTimeMs }: Run,
  { folder, perSecond, seed, signal }: Surroundings,
): Promise<TimingMeasurement> {
  // each run has an empty rate limiter
  const standIns = await startStandIns(signal);
  try {
    const service = await startService(environmentFor(standIns, responseTimeMs), folder, signal);
    try {
      const load = {
        perSecond,
        // more than there are at this pace, unless the service falls behind: then the pace is its own
        mostAtOnce: SPARE_AT_ONCE + Math.ceil((1.2 * perSecond * service.responseTimeMs) / 1000),
        random: seededRandom(seed),
        signal,
      };
      return await Promise.race([
        measureTiming(service, requests, load),
        untimelyEnd(service.child, signal),
        untimelyEnd(standIns.child, signal),
      ]);
    } finally {
      service.close();
    }
  } finally {
    standIns.close();
  }
}

function environmentFor(standIns: StandIns, responseTimeMs: number | undefined): Record<string, string> {
  return {
    ...settingsFor(standIns),
    ...rateLimiterSettingsFor(standIns),
    ...(responseTimeMs !== undefined && { RESPONSE_TIME_MS: String(responseTimeMs) }),
  };
}
