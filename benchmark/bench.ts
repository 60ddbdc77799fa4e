import { mkdtempDisposable } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Benchmark, UsageError } from './benchmark.ts';
import { invocation } from './invocation.ts';
import { memory } from './memory.ts';
import { outage } from './outage.ts';
import { exitCodeOf, renderMarkdown, renderReport } from './report.ts';
import { timing } from './timing.ts';
import { trips } from './trips.ts';

/** Longer than the longest run that the options allow, by far. */
const TIMEOUT_MS = 1_800_000;
const BENCHMARKS = new Map<string, Benchmark>(Object.entries({ invocation, timing, outage, memory, trips }));
const [DEFAULT_BENCHMARK = ''] = BENCHMARKS.keys();

const USAGE = `npm run bench -- [NAME] [OPTIONS]

${[...BENCHMARKS].map(([name, { usage }]) => `${name}: ${usage}`).join('\n\n')}

every benchmark (without a name: ${DEFAULT_BENCHMARK}):
  --json                 print one JSON document and nothing else
  --markdown             print the tables as Markdown
  --check                exit with 1 when a limit is missed
  --help                 print this`;

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
    if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
    else console.error(error instanceof Error ? error.stack : error);
  }
}

async function main(args: readonly string[]): Promise<void> {
  const { benchmark, values } = readCommandLine(args);
  if (values['help']) return console.log(USAGE);
  const signal = AbortSignal.any([interruption.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  await using folder = await mkdtempDisposable(join(tmpdir(), 'recovery-benchmark-'));
  const report = await benchmark.measure(values, { folder: folder.path, signal });
  const render = values['markdown'] ? renderMarkdown : renderReport;
  console.log(values['json'] ? JSON.stringify(report, undefined, 2) : render(report));
  process.exitCode ??= exitCodeOf(report, Boolean(values['check']));
}

function readCommandLine(args: readonly string[]) {
  const [first = ''] = args;
  const isNamed = first !== '' && !first.startsWith('-');
  const benchmark = BENCHMARKS.get(isNamed ? first : DEFAULT_BENCHMARK);
  if (!benchmark) {
    throw new UsageError(`Unknown benchmark "${first}"; available: ${[...BENCHMARKS.keys()].join(', ')}.`);
  }
  const options = {
    ...benchmark.options,
    help: { type: 'boolean', short: 'h' },
    json: { type: 'boolean' },
    markdown: { type: 'boolean' },
    check: { type: 'boolean' },
  } as const;
  try {
    return { benchmark, values: parseArgs({ args: args.slice(isNamed ? 1 : 0), options }).values };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
