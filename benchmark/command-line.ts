import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { Benchmark, OptionValues } from './benchmark.ts';

/** The command line cannot be understood; the message says what to change. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the command line asks for. */
export interface CommandLine {
  readonly help: boolean;
  /** One JSON document instead of text. */
  readonly json: boolean;
  /** Whether a missed limit is a failure. */
  readonly check: boolean;
  readonly benchmark: Benchmark;
  readonly values: OptionValues;
}

/** Reads `[NAME] [OPTIONS]`; without a name, the first benchmark is meant. Throws {@link UsageError}. */
export function readCommandLine(
  commandLine: readonly string[],
  benchmarks: ReadonlyMap<string, Benchmark>,
): CommandLine {
  const [first, ...others] = commandLine;
  const isNamed = first !== undefined && !first.startsWith('-');
  const [byDefault = ''] = benchmarks.keys();
  const name = isNamed ? first : byDefault;
  const benchmark = benchmarks.get(name);
  if (!benchmark) {
    const names = [...benchmarks.keys()].join(', ');
    throw new UsageError(`There is no benchmark "${name}". There is: ${names}.`);
  }
  const { help, json, check, ...values } = parse(isNamed ? others : commandLine, benchmark);
  const given = Object.entries(values).map(
    ([option, value]) => [option, typeof value === 'string' ? value : ''] as const,
  );
  return {
    help: help === true,
    json: json === true,
    check: check === true,
    benchmark,
    values: Object.fromEntries(given),
  };
}

function parse(commandLine: readonly string[], benchmark: Benchmark) {
  const options: ParseArgsOptionsConfig = {
    help: { type: 'boolean', short: 'h' },
    json: { type: 'boolean' },
    check: { type: 'boolean' },
  };
  for (const [option, { placeholder }] of Object.entries(benchmark.options)) {
    options[option] = { type: placeholder === undefined ? 'boolean' : 'string' };
  }
  try {
    return parseArgs({ args: [...commandLine], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The whole number that was given for an option, or the default. Throws {@link UsageError}. */
export function wholeNumber(
  values: OptionValues,
  option: string,
  { byDefault, lowest, highest }: { byDefault: number; lowest: number; highest: number },
): number {
  const text = values[option];
  if (text === undefined) return byDefault;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= lowest && value <= highest) return value;
  throw new UsageError(`--${option} must be a whole number from ${lowest} to ${highest}, not "${text}".`);
}

/** How to call the benchmarks. */
export function usage(benchmarks: ReadonlyMap<string, Benchmark>): string {
  const lines = ['npm run bench -- [NAME] [OPTIONS]', ''];
  const [byDefault] = benchmarks.keys();
  for (const [name, { summary, options }] of benchmarks) {
    lines.push(`${name}${name === byDefault ? ' (the default)' : ''}: ${summary}`);
    for (const [option, { placeholder, meaning }] of Object.entries(options)) {
      lines.push(
        optionLine(placeholder === undefined ? `--${option}` : `--${option} ${placeholder}`, meaning),
      );
    }
    lines.push('');
  }
  lines.push(
    'every benchmark:',
    optionLine('--json', 'print one JSON document and nothing else'),
    optionLine('--check', 'exit with 1 when a limit is missed'),
    optionLine('--help', 'print this'),
  );
  return lines.join('\n');
}

function optionLine(option: string, meaning: string): string {
  return `  ${option.padEnd(22)} ${meaning}`;
}
