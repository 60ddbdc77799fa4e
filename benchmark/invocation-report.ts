import { median, quantile } from 'simple-statistics';
import { INVOCATIONS, type Sample } from './fresh-process.ts';
import { atMost, type BenchmarkReport, createReport, type Figure, rounded } from './report.ts';

/** One round: a fresh process of each, one right after the other. */
export type Round = Readonly<Record<'function' | 'bare', Sample>>;

/** What the benchmark measured, and how. */
export interface InvocationResult {
  readonly rounds: readonly Round[];
  /** The size of each bundle, in bytes. */
  readonly bytes: Readonly<Record<keyof Round, number>>;
  /** Without: the function loads its code, but does not call DynamoDB. */
  readonly hasRateLimiter: boolean;
}

const BUNDLE_LIMIT_KILOBYTES = 380;
/** With the rate limiter: a quarter more. */
const COLD_START_LIMIT = { with: 2.25, without: 1.8 };
/** Without the rate limiter only: with it, the function makes two calls and the bare handler one. */
const WARM_LIMIT = 1.3;
const MEMORY_LIMIT = 1.3;
const NOTES = [
  'Limits are for the ratio, and for the size of the bundle. With the rate limiter, a warm invocation makes two calls and the bare handler one, so warm invocations have no limit: see --without-rate-limiter.',
  'Not shown: the start of the platform (fetching the code, starting the sandbox), its CPU share, TLS, the network; nor the real runtime client of Lambda, unless you pass --runtime-client.',
];

/** Judges the medians over the rounds of the ratios within a round. */
export function reportInvocations(result: InvocationResult): BenchmarkReport {
  const { rounds, bytes, hasRateLimiter } = result;
  const figure = (name: string, key: keyof Sample, limit?: number): Figure => {
    // within a round, because drift of the machine affects both processes alike
    const ratios = rounds.map((round) => round.function[key] / round.bare[key]);
    const ratio = rounded(median(ratios), 2);
    return {
      name,
      values: {
        function: rounded(median(rounds.map((round) => round.function[key])), 2),
        bare: rounded(median(rounds.map((round) => round.bare[key])), 2),
        ratio,
        'middle half': quantile(ratios, [0.25, 0.75]).map((quartile) => rounded(quartile, 2)),
      },
      ...atMost(limit, ratio),
    };
  };
  const kilobytes = { function: bytes.function / 1000, bare: bytes.bare / 1000 };
  const figures = [
    { name: 'bundle, kB', values: kilobytes, ...atMost(BUNDLE_LIMIT_KILOBYTES, kilobytes.function) },
    figure('cold start, ms', 'coldMs', COLD_START_LIMIT[hasRateLimiter ? 'with' : 'without']),
    figure('warm p50, ms', 'warmMs', hasRateLimiter ? undefined : WARM_LIMIT),
    figure('peak memory, MiB', 'peakMemoryMib', MEMORY_LIMIT),
  ];
  const rateLimiter = hasRateLimiter ? 'with the rate limiter' : 'without the rate limiter';
  const about = `The deployed function, ${rateLimiter}, and a bare node:https handler: medians over ${rounds.length} rounds of a fresh process each, ${INVOCATIONS} invocations; ratios within a round.`;
  return createReport('invocation', [{ about, figures }], NOTES);
}
