import { median } from 'simple-statistics';
import type { ColdMeasurement } from './cold-timing.ts';
import { atMost, type BenchmarkReport, createReport, type Figure, rounded, type Section } from './report.ts';
import { areaUnderCurve } from './statistics.ts';
import { CALLER_CLASSES, type CallerClass } from './tenant.ts';

/** What was measured with one response time. */
export interface TimingMeasurement {
  readonly responseTimeMs: number;
  /** With the response time at the client, in milliseconds. */
  readonly responses: readonly { readonly callerClass: CallerClass; readonly durationMs: number }[];
  /** How many requests had another outcome than their class demands. */
  readonly unexpectedOutcomes: number;
  /** How often the in-memory rate limiter decided, because the DynamoDB emulator timed out. */
  readonly rateLimiterFallbacks: number;
}

/** What an area must be when response times must reveal nothing. */
const NO_LEAK = { from: 0.47, to: 0.53 };
/** The control: what the area of known against unknown must be with the response time switched off. */
const LEAK = { from: 0.95, to: 1 };
/** The same for instances that start: fewer requests, so that chance has more of a part in it. */
const NO_LEAK_WHEN_COLD = { from: 0.45, to: 0.55 };
/** How much later the first response of an instance may come, its start included, in milliseconds. */
const COLD_LIMIT_MS = 25;
const NOTES = [
  'An area of 0.5 is a coin toss. The intervals are those of DeLong.',
  'Unexpected outcomes and fallbacks above 1 % mean a busy machine, which blurs every time: repeat on an idle one, or with a lower --per-second.',
  'Not shown: the network, which blurs times further, and the platform. One process serves many requests at a time here, a Lambda instance one.',
];

/** Judges whether the response times reveal the class of an address. */
export function reportTiming(
  measurements: readonly TimingMeasurement[],
  perSecond: number,
  cold?: ColdMeasurement,
): BenchmarkReport {
  return createReport(
    'timing',
    [...measurements.map((one) => judge(one, perSecond)), ...(cold ? [judgeCold(cold)] : [])],
    NOTES,
  );
}

function judgeCold({ responseTimeMs, responses, warmMs, unexpectedOutcomes }: ColdMeasurement): Section {
  const coldMs = median(responses.map(({ durationMs }) => durationMs));
  const laterMs = rounded(coldMs - median([...warmMs]), 1);
  const first = {
    name: 'first response later than a warm one, ms',
    values: { 'p50, ms': [rounded(coldMs, 1), rounded(median([...warmMs]), 1)], area: laterMs },
    ...atMost(COLD_LIMIT_MS, laterMs),
  };
  return {
    about: `RESPONSE_TIME_MS ${responseTimeMs}, cold: ${responses.length} first requests, each on an instance that starts for it, from that start on; must reveal nothing either. ${unexpectedOutcomes} unexpected outcomes.`,
    figures: [...pairs((slow, fast) => judgePair(slow, fast, responses, NO_LEAK_WHEN_COLD)), first],
  };
}

/** Every pair of classes. */
function pairs(figure: (slow: CallerClass, fast: CallerClass) => Figure): Figure[] {
  return CALLER_CLASSES.flatMap((slow, index) =>
    CALLER_CLASSES.slice(index + 1).map((fast) => figure(slow, fast)),
  );
}

function judge(measurement: TimingMeasurement, perSecond: number): Section {
  const { responseTimeMs, responses, unexpectedOutcomes, rateLimiterFallbacks } = measurement;
  const purpose =
    responseTimeMs > 0 ? 'must reveal nothing' : 'switched off, the control: the leak must show';
  const requests = `${responses.length} requests, every class in random order, ${perSecond} a second`;
  const problems = `${unexpectedOutcomes} unexpected outcomes, ${rateLimiterFallbacks} fallbacks to the in-memory rate limiter`;
  return {
    about: `RESPONSE_TIME_MS ${responseTimeMs}: ${purpose}. ${requests}; ${problems}.`,
    figures: pairs((slow, fast) => {
      const isControl = slow === 'known' && fast === 'unknown';
      return judgePair(slow, fast, responses, responseTimeMs > 0 ? NO_LEAK : isControl ? LEAK : undefined);
    }),
  };
}

function judgePair(
  slow: CallerClass,
  fast: CallerClass,
  responses: TimingMeasurement['responses'],
  limit: { from: number; to: number } | undefined,
): Figure {
  const durationsOf = (name: CallerClass) =>
    responses.filter(({ callerClass }) => callerClass === name).map(({ durationMs }) => durationMs);
  const [slowMs, fastMs] = [durationsOf(slow), durationsOf(fast)];
  const curve = areaUnderCurve(slowMs, fastMs);
  const area = rounded(curve.area, 3);
  return {
    name: `${slow} - ${fast}`,
    values: {
      'p50, ms': [rounded(median(slowMs), 1), rounded(median(fastMs), 1)],
      area,
      '95 % interval': [rounded(curve.interval.from, 3), rounded(curve.interval.to, 3)],
    },
    ...(limit && {
      verdict: { limit: `${limit.from} - ${limit.to}`, met: area >= limit.from && area <= limit.to },
    }),
  };
}
