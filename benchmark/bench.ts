import { constants } from 'node:os';
import type { Benchmark } from './benchmark.ts';
import { readCommandLine, UsageError, usage } from './command-line.ts';
import { invocation } from './invocation.ts';
import { outage } from './outage.ts';
import { timing } from './timing.ts';

/** Every benchmark by its name; the first one runs when none is named. */
const BENCHMARKS: ReadonlyMap<string, Benchmark> = new Map([
  ['invocation', invocation],
  ['timing', timing],
  ['outage', outage],
]);

/** Whoever ends the benchmark; its processes and files are cleared away before this process ends. */
const interruption = new AbortController();

// never removed: npm passes on a Ctrl-C that the terminal has already sent to the whole process group
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    process.exitCode = 128 + constants.signals[name];
    interruption.abort();
  });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!interruption.signal.aborted) {
    process.exitCode = 2;
    console.error(error instanceof UsageError ? `${error.message}\n\n${usage(BENCHMARKS)}` : wording(error));
  }
}

async function main(commandLine: readonly string[]): Promise<void> {
  const { help, json, check, benchmark, values } = readCommandLine(commandLine, BENCHMARKS);
  if (help) {
    console.log(usage(BENCHMARKS));
    return;
  }
  const report = await benchmark.measure(values, interruption.signal);
  console.log(json ? JSON.stringify(report.document, undefined, 2) : report.text);
  if (check && !report.met) process.exitCode = 1;
}

/** Not the fields of an error, which repeat at length what a failed program printed. */
function wording(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
