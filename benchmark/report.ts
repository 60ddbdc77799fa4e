import { cpus } from 'node:os';
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
  const [cpu, ...others] = cpus();
  const environment = `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${process.platform} ${process.arch}, ${others.length + 1} CPUs (${cpu?.model.trim()})`;
  const met = sections.every(({ figures }) => figures.every(({ verdict }) => verdict?.met !== false));
  return { benchmark, environment, sections, notes, met };
}

/** The report as text with tables. */
export function renderReport({ environment, sections, notes, met }: BenchmarkReport): string {
  const verdict = met ? 'Every limit is met.' : 'A limit is missed.';
  const tables = sections.map(({ about, figures }) => `${about}\n${renderTable(figures)}`);
  return [`${environment}.`, ...tables, ...notes, verdict].join('\n\n');
}

/** The report as Markdown, as the documentation has it. */
export function renderMarkdown({ environment, sections }: BenchmarkReport): string {
  const tables = sections.map(({ about, figures }) => `${wrap(about)}\n\n${markdownTable(figures)}`);
  return [...tables, wrap(`Measured ${environment}.`)].join('\n\n');
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
  const { columns, rows } = tableOf(figures);
  const table = new Table({
    head: ['', ...columns, 'limit', ''],
    colAligns: ['left', ...columns.map(() => 'right' as const), 'right', 'left'],
    style: { compact: true, head: [], border: [] },
  });
  table.push(...rows);
  return table.toString();
}

function markdownTable(figures: readonly Figure[]): string {
  const { columns, rows } = tableOf(figures);
  // without verdicts, two columns are empty
  const width = figures.some(({ verdict }) => verdict) ? columns.length + 3 : columns.length + 1;
  const line = (cells: readonly string[]) => `| ${cells.slice(0, width).join(' | ')} |`;
  const heading = ['', ...columns.map((column) => column.trim()), 'target', ''];
  const alignment = ['---', ...columns.map(() => '---:'), '---:', '---'];
  return [heading, alignment, ...rows].map(line).join('\n');
}

function tableOf(figures: readonly Figure[]) {
  const columns = [...new Set(figures.flatMap(({ values }) => Object.keys(values)))];
  const rows = figures.map(({ name, values, verdict }) => [
    name,
    ...columns.map((column) => [values[column] ?? ''].flat().join(' - ')),
    verdict?.limit ?? '',
    verdict ? (verdict.met ? 'met' : 'MISSED') : '',
  ]);
  return { columns, rows };
}

/** Breaks a paragraph into lines of at most 120 characters. */
function wrap(text: string): string {
  return text.replace(/(.{1,119})(\s+|$)/g, '$1\n').trimEnd();
}
