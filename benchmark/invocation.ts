import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { type Benchmark, type BenchmarkContext, UsageError, wholeNumber } from './benchmark.ts';
import { INVOCATIONS, measureFreshProcess, type Sample } from './fresh-process.ts';
import { type Round, reportInvocations } from './invocation-report.ts';
import { startScript, startUpstreams } from './processes.ts';

const ROUNDS = { byDefault: 9, lowest: 1, highest: 99 };

const bundle = z.object({ folder: z.string(), bytes: z.int() });
const environment = z.record(z.string(), z.string());
const bundles = z.object({ function: bundle, bare: bundle, environment, runtimeClient: z.string() });
const upstreamRecord = z.object({ recoveries: z.int(), rateLimiterCalls: z.int() });

/** Bundle size, cold start, warm invocation and memory of the function, relative to a bare handler. */
export const invocation: Benchmark = {
  usage: `bundle size, cold start, warm invocation and memory, compared with a bare node:https handler
  --rounds N             fresh processes of each (${ROUNDS.byDefault})
  --without-rate-limiter without the rate limiter's call to DynamoDB
  --runtime-client DIR   a folder in which you ran npm install aws-lambda-ric: use the real runtime client`,
  options: {
    rounds: { type: 'string' },
    'without-rate-limiter': { type: 'boolean' },
    'runtime-client': { type: 'string' },
  },
  measure: async (values, context) => {
    const roundCount = wholeNumber(values, 'rounds', ROUNDS);
    const realClient = realRuntimeClient(values['runtime-client']);
    const hasRateLimiter = !values['without-rate-limiter'];
    const bundled = await createBundles(context);
    await using upstreams = await startUpstreams(context);
    const common = {
      runtimeClient: realClient ?? bundled.runtimeClient,
      environment: {
        ...bundled.environment,
        ...upstreams.ready.environment,
        ...(!hasRateLimiter && { ATTEMPTS_TABLE_NAME: '' }),
        RESPONSE_TIME_MS: '0',
        HOME: context.folder,
      },
    };
    let firstNumber = 0;
    const rounds = await runRounds(roundCount, (which) => {
      const process = { ...common, bundle: bundled[which].folder, firstNumber };
      // every address is new, because the rate limiter would end a second request early
      firstNumber += INVOCATIONS;
      return measureFreshProcess(process, context.signal);
    });

    const { recoveries, rateLimiterCalls } = await upstreams.request('record', upstreamRecord);
    const expected = (roundCount + 1) * INVOCATIONS;
    if (recoveries < 2 * expected || (hasRateLimiter && rateLimiterCalls < expected)) {
      throw new Error(
        `Expected ${expected} invocations of each, but ${recoveries} reached the tenant and ${rateLimiterCalls} the rate limiter.`,
      );
    }
    const bytes = { function: bundled.function.bytes, bare: bundled.bare.bytes };
    return reportInvocations({ rounds, bytes, hasRateLimiter });
  },
};

/** Starts the two in alternating order, so that drift of the machine affects both alike. */
async function runRounds(count: number, start: (which: keyof Round) => Promise<Sample>): Promise<Round[]> {
  // not measured: brings every file into the cache of the system
  await start('bare');
  await start('function');
  const rounds: Round[] = [];
  while (rounds.length < count) {
    const bareBefore = rounds.length % 2 === 0 ? await start('bare') : undefined;
    const ours = await start('function');
    rounds.push({ function: ours, bare: bareBefore ?? (await start('bare')) });
  }
  return rounds;
}

async function createBundles(context: BenchmarkContext) {
  await using bundler = await startScript('bundle.ts', context.folder, bundles, context);
  return bundler.ready;
}

function realRuntimeClient(folder: unknown): string | undefined {
  if (typeof folder !== 'string') return undefined;
  const file = resolve(folder, 'node_modules', 'aws-lambda-ric', 'index.mjs');
  if (existsSync(file)) return file;
  throw new UsageError(`--runtime-client: ${file} does not exist. Run npm install aws-lambda-ric there.`);
}
