import type { BenchmarkReport } from './benchmark.ts';
import type { Sample } from './fresh-process.ts';
import { median, percentile } from './statistics.ts';
import { table } from './table.ts';

/** A round: the function and the bare handler, one after the other in whichever order. */
export interface Round {
  readonly function: Sample;
  readonly bare: Sample;
}

/** All that the benchmark found. */
export interface InvocationResult {
  readonly rounds: readonly Round[];
  /** The size in bytes of the code that is deployed. */
  readonly bundleBytes: { readonly function: number; readonly bare: number };
  /** How the rounds were run, for the report. */
  readonly conditions: {
    readonly invocations: number;
    readonly leftOut: number;
    /** Which client of the Runtime API loaded the functions. */
    readonly runtimeClient: 'own' | 'aws-lambda-ric';
    /** The rate limiter, if one was asked: how long its stand-in itself took for a decision, in milliseconds. */
    readonly rateLimiter: { readonly standInP50Ms: number } | undefined;
  };
}

/** What a figure must not exceed: itself, or its ratio to the bare handler's. */
type Limit = { readonly figure: number } | { readonly ratio: number };

/** One line of the table. */
interface Figure {
  readonly name: string;
  readonly label: string;
  readonly function: number;
  readonly bare: number;
  /** The function's figure by the bare handler's: the median of the rounds' ratios. */
  readonly ratio: number;
  /** Between which ratios the middle half of the rounds lies: how steady they were. Of the bundle there is but one. */
  readonly middleHalf?: { readonly from: number; readonly to: number };
  readonly limit?: Limit;
  readonly met?: boolean;
}

const BUNDLE_LIMIT_KILOBYTES = 350;

const COLD_START_LIMIT = { ratio: 1.8 };
/** A quarter more than without the rate limiter. */
const COLD_START_LIMIT_WITH_LEDGER = { ratio: 2.25 };
/** Of the endpoint without the rate limiter's call: the bare handler makes one call, not two. */
const WARM_LIMIT = { ratio: 1.3 };
const MEMORY_LIMIT = { ratio: 1.3 };

/** What is measured, and the limits, which depend on whether there is a rate limiter. */
function measuredFigures(hasRateLimiter: boolean): { name: keyof Sample; label: string; limit?: Limit }[] {
  return [
    { name: 'initMs', label: 'init, ms' },
    { name: 'firstMs', label: 'first invocation, ms' },
    {
      name: 'coldMs',
      label: 'cold start (both), ms',
      limit: hasRateLimiter ? COLD_START_LIMIT_WITH_LEDGER : COLD_START_LIMIT,
    },
    { name: 'warmP50Ms', label: 'warm invocation p50, ms', ...(!hasRateLimiter && { limit: WARM_LIMIT }) },
    { name: 'warmP99Ms', label: 'warm invocation p99, ms' },
    { name: 'peakMemoryMib', label: 'peak memory, MiB', limit: MEMORY_LIMIT },
  ];
}

const PLATFORM_NOT_SHOWN =
  "Not shown: the platform's own start-up (fetching the code, starting the sandbox), its share of a CPU, TLS and the network.";
const CLIENT_NOT_SHOWN =
  "Nor Lambda's real runtime client: a least one stands in for it, unless --runtime-client gives the real one.";

/** Words the result, medians over the rounds, as a table and as a document. */
export function reportInvocations(result: InvocationResult): BenchmarkReport {
  const { rounds, bundleBytes, conditions } = result;
  const figures = [
    judged({
      name: 'bundleKilobytes',
      label: 'bundle, minified, kB',
      function: bundleBytes.function / 1000,
      bare: bundleBytes.bare / 1000,
      ratio: rounded(bundleBytes.function / bundleBytes.bare),
      limit: { figure: BUNDLE_LIMIT_KILOBYTES },
    }),
    ...measuredFigures(conditions.rateLimiter !== undefined).map((measured) =>
      judged({ ...measured, ...overRounds(rounds, measured.name) }),
    ),
  ];
  const met = figures.every((figure) => figure.met !== false);
  const notShown = [PLATFORM_NOT_SHOWN, ...(conditions.runtimeClient === 'own' ? [CLIENT_NOT_SHOWN] : [])];
  const run = `${rounds.length} rounds of a fresh process each, ${conditions.invocations} invocations, the first ${conditions.leftOut} not counted as warm; medians over the rounds, ratios within a round. Node ${process.version}, ${process.platform} ${process.arch}.`;
  return {
    met,
    document: {
      benchmark: 'invocation',
      ...conditions,
      rounds: rounds.length,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      figures: Object.fromEntries(figures.map(({ name, label: _label, ...figure }) => [name, figure])),
      met,
      notShown,
    },
    text: [
      'The function as deployed, and a bare node:https handler in the same run.',
      run,
      '',
      table([['', 'function', 'bare', 'ratio', 'middle half', 'limit', ''], ...figures.map(row)]),
      '',
      rateLimiterText(conditions.rateLimiter),
      ...notShown,
      met ? 'Every limit is met.' : 'A limit is missed.',
    ].join('\n'),
  };
}

function overRounds(rounds: readonly Round[], name: keyof Sample): Omit<Figure, 'name' | 'label'> {
  // within a round, the two ran one right after the other: what drifts on the machine met both alike
  const ratios = rounds.map((round) => round.function[name] / round.bare[name]);
  return {
    function: rounded(median(rounds.map((round) => round.function[name]))),
    bare: rounded(median(rounds.map((round) => round.bare[name]))),
    ratio: rounded(median(ratios)),
    middleHalf: { from: rounded(percentile(ratios, 25)), to: rounded(percentile(ratios, 75)) },
  };
}

function judged(figure: Figure): Figure {
  const { limit } = figure;
  if (!limit) return figure;
  return { ...figure, met: 'ratio' in limit ? figure.ratio <= limit.ratio : figure.function <= limit.figure };
}

function rateLimiterText(rateLimiter: InvocationResult['conditions']['rateLimiter']): string {
  if (!rateLimiter) {
    return 'Without the rate limiter: no attempt is written to a table, though the code that would write it is loaded.';
  }
  return `With the rate limiter: a warm invocation makes two calls, the bare handler one, so the limit of ${WARM_LIMIT.ratio} x is not for it (--without-rate-limiter). Of its time, ${rateLimiter.standInP50Ms.toFixed(2)} ms (p50) are those of DynamoDB's stand-in itself, which is slow.`;
}

/** To the two decimals that are shown, so that what is judged is what is shown. */
function rounded(value: number): number {
  return Number(value.toFixed(2));
}

function row({ label, function: ours, bare, ratio, middleHalf, limit, met }: Figure): string[] {
  return [
    label,
    figureText(ours),
    figureText(bare),
    `${ratio.toFixed(2)} x`,
    middleHalf ? `${middleHalf.from.toFixed(2)}-${middleHalf.to.toFixed(2)}` : '',
    limit ? ('ratio' in limit ? `${limit.ratio} x` : String(limit.figure)) : '',
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ];
}

/** Three digits or so, whatever the size. */
function figureText(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
