/** An option that a benchmark takes: with a value, `--rounds 9`, or as a mere flag, `--without-rate-limiter`. */
export interface BenchmarkOption {
  /** What stands for the value in the usage text, such as `N`; absent: the option is a flag. */
  readonly placeholder?: string;
  /** For the usage text, the default included. */
  readonly meaning: string;
}

/** The values given on the command line, by the option's name without its dashes; a flag's is an empty text. */
export type OptionValues = Readonly<Record<string, string | undefined>>;

/** What a benchmark found out. */
export interface BenchmarkReport {
  /** For people: figures, limits, and what they do not show. */
  readonly text: string;
  /** The same for programs; printed as JSON. */
  readonly document: object;
  /** Whether every limit is met. */
  readonly met: boolean;
}

/** One benchmark; `bench.ts` lists them by name. */
export interface Benchmark {
  /** One line for the usage text. */
  readonly summary: string;
  readonly options: Readonly<Record<string, BenchmarkOption>>;
  /**
   * Measures, and leaves nothing behind: neither files nor processes. Throws `UsageError` for a value that does not
   * fit, and whatever the signal's reason is once that aborts.
   */
  measure(values: OptionValues, signal: AbortSignal): Promise<BenchmarkReport>;
}
