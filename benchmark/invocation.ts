import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Benchmark, OptionValues } from './benchmark.ts';
import { type Bundle, type Bundles, createBundles } from './bundles.ts';
import { UsageError, wholeNumber } from './command-line.ts';
import { measureFreshProcess, type Sample } from './fresh-process.ts';
import { type Round, reportInvocations } from './invocation-report.ts';
import { type RunningStandIns, startStandIns } from './stand-ins-process.ts';

const ROUNDS = { byDefault: 9, lowest: 1, highest: 99 };
const INVOCATIONS = { count: 500, leftOut: 50 };

/** Cold start, warm invocation, memory and size of the function, each beside those of a bare handler. */
export const invocation: Benchmark = {
  summary: 'bundle, cold start, warm invocation and memory, beside a bare node:https handler',
  options: {
    rounds: { placeholder: 'N', meaning: `how often each is started (${ROUNDS.byDefault})` },
    'runtime-client': {
      placeholder: 'DIR',
      meaning: "folder with Lambda's own client in its node_modules (npm install aws-lambda-ric)",
    },
  },
  measure: async (values, signal) => {
    const roundCount = wholeNumber(values, 'rounds', ROUNDS);
    const realClient = realRuntimeClient(values);
    const folder = await mkdtemp(join(tmpdir(), 'recovery-benchmark-'));
    let standIns: RunningStandIns | undefined;
    try {
      const bundles = await createBundles(folder);
      standIns = await startStandIns(signal);
      // in that folder is no configuration of the developer's
      const environment = { ...bundles.environment, ...settingsFor(standIns), HOME: folder };
      const runtimeClient = realClient ?? bundles.runtimeClient;
      const start: Start = (bundle) =>
        measureFreshProcess({ runtimeClient, bundle: bundle.folder, environment }, INVOCATIONS, signal);
      const rounds = await runRounds(roundCount, bundles, start);
      await checkRecoveries(standIns, 2 * (roundCount + 1) * INVOCATIONS.count);
      return reportInvocations({
        rounds,
        bundleBytes: { function: bundles.function.bytes, bare: bundles.bare.bytes },
        conditions: {
          invocations: INVOCATIONS.count,
          leftOut: INVOCATIONS.leftOut,
          runtimeClient: realClient === undefined ? 'own' : 'aws-lambda-ric',
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

/** Settings with which the function, and the SDK in it, goes to the stand-ins, and answers as soon as it can. */
function settingsFor({ tenantUrl, secretsManagerUrl, secretId }: RunningStandIns): Record<string, string> {
  return {
    API_TOKEN_SECRET_ID: secretId,
    BEYOND_IDENTITY_API_URL: tenantUrl,
    RESPONSE_TIME_MS: '0',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManagerUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
    AWS_SESSION_TOKEN: 'simulated',
  };
}

/** A `202` promises a call to the tenant: without one, less would have been measured than there is to do. */
async function checkRecoveries(standIns: RunningStandIns, expected: number): Promise<void> {
  const recoveries = await standIns.recoveries();
  if (recoveries < expected) {
    throw new Error(
      `Of ${expected} invocations, only ${recoveries} reached the tenant: nothing was measured.`,
    );
  }
}
