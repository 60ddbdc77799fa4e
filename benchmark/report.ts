import Table from 'cli-table3';

/** One row of a report. */
export interface Figure {
  readonly name: string;
  /** Rounded values by column; two numbers are a range or a pair. */
  readonly values: Readonly<Record<string, number | readonly number[]>>;
  /** Absent: the figure has no verdict. */
  readonly verdict?: { readonly limit: string; readonly met: boolean };
}

/** Figures with a sentence about them. */
export interface Section {
  readonly about: string;
  readonly figures: readonly Figure[];
}

/** The result of a benchmark. */
export interface BenchmarkReport {
  readonly benchmark: string;
  readonly environment: string;
  readonly sections: readonly Section[];
  readonly notes: readonly string[];
  /** Whether every limit is met. */
  readonly met: boolean;
}

/** Completes the findings of a benchmark with the environment and the overall verdict. */
export function createReport(benchmark: string, sections: Section[], notes: string[]): BenchmarkReport {
  const environment = `Node ${process.version}, ${process.platform} ${process.arch}`;
  const met = sections.every(({ figures }) => figures.every(({ verdict }) => verdict?.met !== false));
  return { benchmark, environment, sections, notes, met };
}

/** The report as text with tables. */
export function renderReport({ environment, sections, notes, met }: BenchmarkReport): string {
  const verdict = met ? 'Every limit is met.' : 'A limit is missed.';
  const tables = sections.map(({ about, figures }) => `${about}\n${renderTable(figures)}`);
  return [`${environment}.`, ...tables, ...notes, verdict].join('\n\n');
}

/** The exit code: a missed limit is a failure only with `--check`. */
export function exitCodeOf({ met }: BenchmarkReport, check: boolean): number {
  return check && !met ? 1 : 0;
}

/** The verdict on a value that must not exceed a limit; without a limit, none. */
export function atMost(limit: number | undefined, value: number): Pick<Figure, 'verdict'> {
  return limit === undefined ? {} : { verdict: { limit: String(limit), met: value <= limit } };
}

/** Rounds to the decimals that the report shows, so that verdicts match the shown figures. */
export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function renderTable(figures: readonly Figure[]): string {
  const columns = [...new Set(figures.flatMap(({ values }) => Object.keys(values)))];
  const table = new Table({
    head: ['', ...columns, 'limit', ''],
    colAligns: ['left', ...columns.map(() => 'right' as const), 'right', 'left'],
    style: { compact: true, head: [], border: [] },
  });
  for (const { name, values, verdict } of figures) {
    const cells = columns.map((column) => [values[column] ?? ''].flat().join(' - '));
    table.push([name, ...cells, verdict?.limit ?? '', verdict ? (verdict.met ? 'met' : 'MISSED') : '']);
  }
  return table.toString();
}
