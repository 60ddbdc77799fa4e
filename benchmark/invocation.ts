import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Benchmark, OptionValues } from './benchmark.ts';
import { type Bundle, type Bundles, createBundles } from './bundles.ts';
import { UsageError, wholeNumber } from './command-line.ts';
import { measureFreshProcess, type Sample } from './fresh-process.ts';
import { type Round, reportInvocations } from './invocation-report.ts';
import {
  type RunningStandIns,
  rateLimiterSettingsFor,
  type StandInsRecord,
  settingsFor,
  startStandIns,
} from './stand-ins-process.ts';

const ROUNDS = { byDefault: 9, lowest: 1, highest: 99 };
const INVOCATIONS = { count: 500, leftOut: 50 };
/** The share of the function's invocations that the rate limiter's stand-in must have decided on. */
const LEAST_SHARE_DECIDED = 0.99;
/** Answers as soon as it can. */
const WITHOUT_RESPONSE_TIME = { RESPONSE_TIME_MS: '0' };

/** Cold start, warm invocation, memory and size of the function, each beside those of a bare handler. */
export const invocation: Benchmark = {
  summary: 'bundle, cold start, warm invocation and memory, beside a bare node:https handler',
  options: {
    rounds: { placeholder: 'N', meaning: `how often each is started (${ROUNDS.byDefault})` },
    'without-rate-limiter': { meaning: 'the endpoint alone: no attempt is written to a table' },
    'runtime-client': {
      placeholder: 'DIR',
      meaning: "folder with Lambda's own client in its node_modules (npm install aws-lambda-ric)",
    },
  },
  measure: async (values, signal) => {
    const roundCount = wholeNumber(values, 'rounds', ROUNDS);
    const realClient = realRuntimeClient(values);
    const hasRateLimiter = values['without-rate-limiter'] === undefined;
    const folder = await mkdtemp(join(tmpdir(), 'recovery-benchmark-'));
    let standIns: RunningStandIns | undefined;
    try {
      const bundles = await createBundles(folder, signal);
      standIns = await startStandIns(signal);
      const environment = {
        ...bundles.environment,
        ...settingsFor(standIns),
        ...(hasRateLimiter && rateLimiterSettingsFor(standIns)),
        ...WITHOUT_RESPONSE_TIME,
        // in that folder is no configuration of the developer's
        HOME: folder,
      };
      const runtimeClient = realClient ?? bundles.runtimeClient;
      let firstNumber = 0;
      const start: Start = (bundle) => {
        const invocations = { ...INVOCATIONS, firstNumber };
        // never the same address twice: the rate limiter would refuse it, and less would be measured than there is to do
        firstNumber += INVOCATIONS.count;
        return measureFreshProcess(
          { runtimeClient, bundle: bundle.folder, environment },
          invocations,
          signal,
        );
      };
      const rounds = await runRounds(roundCount, bundles, start);
      const record = await standIns.record();
      checkRecord(record, (roundCount + 1) * INVOCATIONS.count, hasRateLimiter);
      return reportInvocations({
        rounds,
        bundleBytes: { function: bundles.function.bytes, bare: bundles.bare.bytes },
        conditions: {
          invocations: INVOCATIONS.count,
          leftOut: INVOCATIONS.leftOut,
          runtimeClient: realClient === undefined ? 'own' : 'aws-lambda-ric',
          rateLimiter: hasRateLimiter ? { standInP50Ms: record.ledgerP50Ms } : undefined,
        },
      });
    } finally {
      standIns?.close();
      // tools that are ending may still write
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/** Measures a bundle in a fresh process. */
type Start = (bundle: Bundle) => Promise<Sample>;

/** Starts the two in turn, in the other order each round, so that what drifts on the machine meets both alike. */
async function runRounds(count: number, bundles: Bundles, start: Start): Promise<Round[]> {
  // once for nothing, so that every file has been read
  await start(bundles.bare);
  await start(bundles.function);
  const rounds: Round[] = [];
  while (rounds.length < count) {
    const bareBefore = rounds.length % 2 === 0 ? await start(bundles.bare) : undefined;
    const ours = await start(bundles.function);
    rounds.push({ function: ours, bare: bareBefore ?? (await start(bundles.bare)) });
  }
  return rounds;
}

function realRuntimeClient(values: OptionValues): string | undefined {
  const folder = values['runtime-client'];
  if (folder === undefined) return undefined;
  const file = resolve(folder, 'node_modules', 'aws-lambda-ric', 'index.mjs');
  if (existsSync(file)) return file;
  throw new UsageError(
    `--runtime-client: there is no ${file}. Run npm install aws-lambda-ric in that folder.`,
  );
}

/** A `202` promises a call to the tenant: without one, less would have been measured than there is to do. */
function checkRecord(
  { recoveries, rateLimiterDecisions }: StandInsRecord,
  invocations: number,
  hasRateLimiter: boolean,
): void {
  // the bare handler's invocations too
  if (recoveries < 2 * invocations) {
    throw new Error(
      `Of ${2 * invocations} invocations, only ${recoveries} reached the tenant: nothing was measured.`,
    );
  }
  // of some it may have been too slow to tell
  if (hasRateLimiter && rateLimiterDecisions < invocations * LEAST_SHARE_DECIDED) {
    throw new Error(
      `Of ${invocations} invocations of the function, only ${rateLimiterDecisions} reached the rate limiter: nothing was measured.`,
    );
  }
}
