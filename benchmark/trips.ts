import { median, quantile } from 'simple-statistics';
import { type Benchmark, type BenchmarkContext, type Platform, wholeNumber } from './benchmark.ts';
import { measureFreshProcess, WARM_UP_INVOCATIONS } from './fresh-process.ts';
import { startUpstreams } from './processes.ts';
import { atMost, createReport, type Figure, rounded } from './report.ts';
import { type Bundles, createBundles } from './subjects.ts';
import { emailOf } from './tenant.ts';

const ROUND_TRIP_MS = { byDefault: 30, lowest: 10, highest: 1000 };
const REQUESTS = WARM_UP_INVOCATIONS + 50;
/** Rate limiter, tenant, event: v1's lookup is beside the rate limiter. */
const LIMIT = { known: 3, 'rate-limited': 2 };

/** How many round trips a request waits for, one after the other. */
export const trips: Benchmark = {
  usage: `how many round trips does a request wait for, one after the other?
  --round-trip MS        how long one takes (${ROUND_TRIP_MS.byDefault})`,
  options: { 'round-trip': { type: 'string' } },
  measure: async (values, context) => {
    const roundTripMs = wholeNumber(values, 'round-trip', ROUND_TRIP_MS);
    const bundled = await createBundles(context);
    const figures: Figure[] = [];
    for (const platform of ['v0', 'v1'] as const) {
      figures.push(...(await measurePlatform(platform, roundTripMs, bundled, context)));
    }
    const about = `Medians of warm requests without a response time, where every round trip takes ${roundTripMs} ms.`;
    return createReport('trips', [{ about, figures }], []);
  },
};

async function measurePlatform(
  platform: Platform,
  roundTripMs: number,
  { direct, runtimeClient }: Bundles,
  context: BenchmarkContext,
): Promise<Figure[]> {
  await using upstreams = await startUpstreams(context, { platform, roundTripMs, users: REQUESTS });
  const environment = {
    ...direct.environment,
    ...upstreams.ready.environment,
    EVENT_BUS_NAME: 'events',
    RESPONSE_TIME_MS: '0',
    MAILBOX_COOLDOWN_SECONDS: '3600',
    HOME: context.folder,
  };
  const known = Array.from({ length: REQUESTS }, (_, number) => emailOf('known', number));
  const figures: Figure[] = [];
  // the second time, every mailbox is rate limited
  for (const name of ['known', 'rate-limited'] as const) {
    const process = { runtimeClient, bundle: direct.folder, environment, emails: known };
    const { durationsMs } = await measureFreshProcess(process, context.signal);
    const warm = durationsMs.slice(WARM_UP_INVOCATIONS);
    // what is not the distance varies, and would count as another one on a busy machine
    const count = Math.floor(quantile(warm, 0.1) / roundTripMs);
    figures.push({
      name: `${platform}, ${name}`,
      values: { 'p50, ms': rounded(median(warm), 1), 'round trips': count },
      ...atMost(LIMIT[name], count),
    });
  }
  return figures;
}
