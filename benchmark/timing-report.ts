import { areaInterval, areaUnderCurve, type Interval, standardDeviationOfArea } from './area-under-curve.ts';
import type { BenchmarkReport } from './benchmark.ts';
import { CALLER_CLASSES, type CallerClass, TENANT_ANSWERS } from './caller-class.ts';
import { seededRandom } from './random.ts';
import { percentile } from './statistics.ts';
import { table } from './table.ts';
import type { TimingMeasurement } from './timing-run.ts';

/** How far an area may lie from 0.5 where nobody is to tell anything by the time. */
const TOLERANCE = 0.03;
/** What the area of known against unknown must reach where the response time is switched off. */
const LEAST_LEAK = 0.95;
/** Above this share of requests for which the rate limiter was too slow, the machine had something else to do. */
const MOST_LEDGER_FALLBACKS = 0.01;
const BOOTSTRAP = { resamples: 1000, confidence: 95 };

const BUSY =
  'The machine was busy, which blurs every time: run it again on a quiet one, or with fewer requests a second.';

/** Two classes, the first of them being the slower one if they can be told apart. */
interface Pair {
  readonly pair: readonly [CallerClass, CallerClass];
  /** How often an answer of the first takes longer than one of the second. */
  readonly area: number;
  readonly interval: Interval;
  readonly limit?: Interval;
  readonly met?: boolean;
}

/** What there is to say about one setting. */
interface Section {
  readonly met: boolean;
  readonly document: object;
  readonly text: string;
}

/** Words what was measured, with one setting after the other. */
export function reportTiming(
  measurements: readonly TimingMeasurement[],
  conditions: { readonly perSecond: number; readonly seed: number },
): BenchmarkReport {
  const sections = measurements.map((measurement) => reportSetting(measurement, conditions.seed));
  const met = sections.every((section) => section.met);
  const notShown =
    'Not shown: the network, which blurs times further, and what the platform does. One process serves many requests at a time here, a Lambda instance one.';
  return {
    met,
    document: {
      benchmark: 'timing',
      ...conditions,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      settings: sections.map((section) => section.document),
      met,
      notShown: [notShown],
    },
    text: [
      'Can the time of an answer tell what an address is? Over HTTP, through the gateway to the function and back.',
      `Requests of every class interleaved at random, ${conditions.perSecond} a second. Seed ${conditions.seed}. Node ${process.version}, ${process.platform} ${process.arch}.`,
      ...sections.flatMap(({ text }) => ['', text]),
      '',
      notShown,
      met ? 'Every figure is met.' : 'A figure is missed.',
    ].join('\n'),
  };
}

function reportSetting(measurement: TimingMeasurement, seed: number): Section {
  const { responseTimeMs, durationsMs, notAsMeant, rateLimiterFallbacks, seconds } = measurement;
  const isConstant = responseTimeMs > 0;
  const pairs = pairsOf(durationsMs, seed).map((pair) => judged(pair, isConstant));
  const met = pairs.every((pair) => pair.met !== false);
  const size = durationsMs.known.length;
  const deviation = standardDeviationOfArea(size);
  return {
    met,
    document: {
      responseTimeMs,
      requestsPerClass: size,
      standardDeviationOfChance: rounded(deviation),
      classes: Object.fromEntries(
        CALLER_CLASSES.map((callerClass) => [callerClass, percentilesOf(durationsMs[callerClass])]),
      ),
      pairs,
      notAsMeant,
      rateLimiterFallbacks,
      met,
    },
    text: [
      isConstant
        ? `RESPONSE_TIME_MS ${responseTimeMs}: nobody is to tell anything.`
        : 'RESPONSE_TIME_MS 0 (switched off): the leak is to show, which proves that it would be seen.',
      `${size} requests a class in ${seconds.toFixed(0)} s; ${notAsMeant} of all came to something else than meant, and ${rateLimiterFallbacks} times the rate limiter's stand-in was too slow, so that the function's own rate limiter decided.`,
      ...(rateLimiterFallbacks > MOST_LEDGER_FALLBACKS * CALLER_CLASSES.length * size ? [BUSY] : []),
      '',
      table([
        ['answered after, ms', 'p1', 'p25', 'p50', 'p75', 'p99', 'the tenant takes'],
        ...CALLER_CLASSES.map((callerClass) => classRow(callerClass, durationsMs[callerClass])),
      ]),
      '',
      table([
        ['takes longer than', 'area', `${BOOTSTRAP.confidence} % interval`, 'to reach', ''],
        ...pairs.map(pairRow),
      ]),
      ...(isConstant ? [chance(size, deviation)] : []),
    ].join('\n'),
  };
}

function pairsOf(durationsMs: TimingMeasurement['durationsMs'], seed: number): Pair[] {
  const bootstrap = { ...BOOTSTRAP, random: seededRandom(seed) };
  return CALLER_CLASSES.flatMap((slow, index) =>
    CALLER_CLASSES.slice(index + 1).map((fast) => {
      const { from, to } = areaInterval(durationsMs[slow], durationsMs[fast], bootstrap);
      return {
        pair: [slow, fast] as const,
        area: rounded(areaUnderCurve(durationsMs[slow], durationsMs[fast])),
        interval: { from: rounded(from), to: rounded(to) },
      };
    }),
  );
}

function judged(pair: Pair, isConstant: boolean): Pair {
  const limit = isConstant
    ? { from: rounded(0.5 - TOLERANCE), to: rounded(0.5 + TOLERANCE) }
    : pair.pair.join() === 'known,unknown'
      ? { from: LEAST_LEAK, to: 1 }
      : undefined;
  return limit ? { ...pair, limit, met: pair.area >= limit.from && pair.area <= limit.to } : pair;
}

/** How likely it is to miss the figure by chance alone, so that nobody takes chance for a leak or a leak for chance. */
function chance(size: number, deviation: number): string {
  return `By chance alone, an area of 0.5 varies by a standard deviation of ${deviation.toFixed(4)} with ${size} requests a class, sqrt(1 / (6 n)): ${TOLERANCE} is ${(TOLERANCE / deviation).toFixed(1)} of them.`;
}

function percentilesOf(durationsMs: readonly number[]) {
  const at = (percent: number) => Number(percentile(durationsMs, percent).toFixed(2));
  return { p1Ms: at(1), p25Ms: at(25), p50Ms: at(50), p75Ms: at(75), p99Ms: at(99) };
}

function classRow(callerClass: CallerClass, durationsMs: readonly number[]): string[] {
  const { mean, standardDeviation } = TENANT_ANSWERS[callerClass].latencyMs;
  const times = Object.values(percentilesOf(durationsMs)).map((value) => value.toFixed(1));
  const tenant = callerClass === 'rate-limited' ? 'never asked' : `${mean} +/- ${standardDeviation}`;
  return [callerClass, ...times, tenant];
}

function pairRow({ pair, area, interval, limit, met }: Pair): string[] {
  return [
    pair.join(' - '),
    area.toFixed(3),
    `${interval.from.toFixed(3)}-${interval.to.toFixed(3)}`,
    limit ? `${limit.from}-${limit.to}` : '',
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ];
}

/** To the three decimals that are shown, so that what is judged is what is shown. */
function rounded(value: number): number {
  return Number(value.toFixed(3));
}
