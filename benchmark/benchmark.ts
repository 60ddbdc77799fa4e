import type { ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { BenchmarkReport } from './report.ts';

/** Option values from the command line. */
export type OptionValues = Readonly<Record<string, ReturnType<typeof parseArgs>['values'][string]>>;

/** Where a benchmark runs. */
export interface BenchmarkContext {
  /** An empty temporary folder, also the `HOME` of child processes: no developer configuration applies. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** One command of `npm run bench`. */
export interface Benchmark {
  readonly usage: string;
  readonly options: ParseArgsOptionsConfig;
  /** Throws {@link UsageError} for an invalid option value; rejects when the signal aborts. */
  measure(values: OptionValues, context: BenchmarkContext): Promise<BenchmarkReport>;
}

/** The command line is invalid; the message says what to change. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The whole number given for an option, or its default. Throws {@link UsageError}. */
export function wholeNumber(
  values: OptionValues,
  option: string,
  { byDefault, lowest, highest }: { byDefault: number; lowest: number; highest: number },
): number {
  const text = values[option] ?? String(byDefault);
  const value = /^\d{1,9}$/.test(String(text)) ? Number(text) : Number.NaN;
  if (value >= lowest && value <= highest) return value;
  throw new UsageError(`--${option} must be a whole number from ${lowest} to ${highest}, not "${text}".`);
}

const PLATFORMS = ['v0', 'v1'] as const;

/** The generation of the simulated tenant. */
export type Platform = (typeof PLATFORMS)[number];

/** The option that chooses it. */
export const PLATFORM_OPTION = { platform: { type: 'string' } } as const;

/** The platform given, v0 by default. Throws {@link UsageError}. */
export function platformOf({ platform = 'v0' }: OptionValues): Platform {
  const known = PLATFORMS.find((name) => name === platform);
  if (known === undefined) throw new UsageError(`--platform must be v0 or v1, not "${platform}".`);
  return known;
}
