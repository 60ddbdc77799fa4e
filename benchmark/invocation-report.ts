import { median } from 'simple-statistics';
import { BASELINE_COMMIT } from './baseline.ts';
import { INVOCATIONS } from './fresh-process.ts';
import { atMost, type BenchmarkReport, createReport, type Figure, rounded } from './report.ts';
import type { SubjectName } from './subjects.ts';

/** The figures of one process; the cold start lasts from its start until its first response. A warm invocation is the median. */
export type Sample = Readonly<Record<'coldMs' | 'warmMs' | 'cpuMs' | 'peakMemoryMib', number>>;

/** One round: a fresh process of each, one right after the other. */
export type Round = Readonly<Partial<Record<SubjectName, Sample>>>;

/** What the benchmark measured. */
export interface InvocationResult {
  readonly rounds: readonly Round[];
  /** The size of each bundle, in bytes. */
  readonly bytes: ReadonlyMap<SubjectName, number>;
}

const NAMES: Readonly<Record<SubjectName, string>> = {
  bare: 'bare node:https handler',
  bareWithoutUndici: 'bare, without undici',
  minimal: 'minimal: one secret, no more',
  full: 'full: rate limiter, events, outbox',
  queued: 'queued: the same, to the outbox',
  baseline: `commit ${BASELINE_COMMIT}, full`,
};

/** What is compared with what, and what the ratio may be at most. */
const LIMITS: readonly {
  name: string;
  of: SubjectName;
  to: SubjectName;
  key: keyof Sample;
  limit: number;
}[] = [
  { name: 'minimal: cold start', of: 'minimal', to: 'bare', key: 'coldMs', limit: 1.5 },
  { name: 'minimal: warm p50', of: 'minimal', to: 'bare', key: 'warmMs', limit: 1.3 },
  { name: 'minimal: peak memory', of: 'minimal', to: 'bare', key: 'peakMemoryMib', limit: 1.2 },
  { name: 'full: cold start', of: 'full', to: 'bare', key: 'coldMs', limit: 1.85 },
  { name: `full: CPU of ${BASELINE_COMMIT}`, of: 'full', to: 'baseline', key: 'cpuMs', limit: 0.85 },
];
const BUNDLE_LIMIT_KILOBYTES = 380;

const NOTES = [
  'Not shown: the start of the platform (fetching the code, starting the sandbox), its CPU share, TLS, the network; nor the real runtime client of Lambda, unless you pass --runtime-client.',
];

/** Judges the medians over the rounds of the ratios within a round. */
export function reportInvocations({ rounds, bytes }: InvocationResult): BenchmarkReport {
  // within a round, because drift of the machine affects all processes alike
  const ratio = (of: SubjectName, to: SubjectName, key: keyof Sample) =>
    ratioOver(rounds.map((round) => (round[of]?.[key] ?? Number.NaN) / (round[to]?.[key] ?? Number.NaN)));
  const over = (name: SubjectName, key: keyof Sample) =>
    ratioOver(rounds.map((round) => round[name]?.[key] ?? Number.NaN));

  const measured = [...bytes].map(
    ([name, size]): Figure => ({
      name: NAMES[name],
      values: {
        'bundle, kB': rounded(size / 1000, 1),
        'cold, ms': over(name, 'coldMs'),
        ratio: ratio(name, 'bare', 'coldMs'),
        'warm p50, ms': over(name, 'warmMs'),
        'ratio ': ratio(name, 'bare', 'warmMs'),
        'CPU, ms': over(name, 'cpuMs'),
        'memory, MiB': over(name, 'peakMemoryMib'),
        'ratio  ': ratio(name, 'bare', 'peakMemoryMib'),
      },
    }),
  );
  const judged = LIMITS.filter(({ of, to }) => bytes.has(of) && bytes.has(to)).map((comparison): Figure => {
    const { name, of, to, key, limit } = comparison;
    const value = ratio(of, to, key);
    return { name, values: { ratio: value }, ...atMost(limit, value) };
  });
  const kilobytes = rounded((bytes.get('full') ?? 0) / 1000, 1);
  const bundle = {
    name: 'bundle, kB',
    values: { ratio: kilobytes },
    ...atMost(BUNDLE_LIMIT_KILOBYTES, kilobytes),
  };
  const about = `As deployed: medians over ${rounds.length} rounds of a fresh process each, ${INVOCATIONS} invocations; ratios to the bare handler within a round. Each invocation calls what its configuration has: minimal the tenant, full also DynamoDB and EventBridge.`;
  return createReport(
    'invocation',
    [
      { about, figures: measured },
      { about: 'Targets, as ratios; the bundle in kB.', figures: [bundle, ...judged] },
    ],
    NOTES,
  );
}

function ratioOver(values: readonly number[]): number {
  return rounded(median([...values]), 2);
}
