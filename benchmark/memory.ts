import { mean, median, quantile } from 'simple-statistics';
import { PRICES } from '../bin/cost-model.ts';
import { BOUNDS } from '../functions/runtime/configuration-bounds.ts';
import { TIMEOUTS } from '../functions/runtime/timeouts.ts';
import { type Benchmark, wholeNumber } from './benchmark.ts';
import { createCpuQuota } from './cpu-quota.ts';
import { type ProcessRecord, WARM_UP_INVOCATIONS } from './fresh-process.ts';
import { startUpstreams } from './processes.ts';
import { atMost, createReport, type Figure, rounded } from './report.ts';
import { createBundles, createMeasure, subjectsOf } from './subjects.ts';

const MEGABYTES = [256, 512, 1024, 1769];
/** What the functions are deployed with; a smaller size need not meet the target. */
const DEPLOYED_MEGABYTES = 512;
const ROUNDS = { byDefault: 3, lowest: 1, highest: 99 };
const ROUND_TRIP_MS = { byDefault: 5, lowest: 0, highest: 1000 };
const RESPONSE_TIME_MS = BOUNDS.responseTimeMs.byDefault;
/** A start that the response time hides, with as much time for the work as a slow start leaves it. */
const COLD_LIMIT_MS = RESPONSE_TIME_MS - TIMEOUTS.shortestFirstResponseMs;

/** What memory costs and gives: a function has the share of a CPU that comes with its memory. */
export const memory: Benchmark = {
  usage: `cold start, warm invocation and cost at the CPU share of ${MEGABYTES.join(', ')} MB (Linux, as root)
  --rounds N             fresh processes of each (${ROUNDS.byDefault})
  --round-trip MS        the distance of everything that is called (${ROUND_TRIP_MS.byDefault})`,
  options: { rounds: { type: 'string' }, 'round-trip': { type: 'string' } },
  measure: async (values, context) => {
    const rounds = wholeNumber(values, 'rounds', ROUNDS);
    const roundTripMs = wholeNumber(values, 'round-trip', ROUND_TRIP_MS);
    const bundled = await createBundles(context);
    await using upstreams = await startUpstreams(context, { roundTripMs });
    const { full, queued } = subjectsOf(bundled, upstreams.ready.environment);
    const measure = createMeasure(bundled.runtimeClient, context);

    const records = new Map<string, ProcessRecord[]>();
    for (let round = 0; round < rounds; round++) {
      for (const megabytes of MEGABYTES) {
        await using group = await createCpuQuota(megabytes);
        for (const [delivery, subject] of Object.entries({ direct: full, queued })) {
          const name = `${delivery}, ${megabytes} MB`;
          const record = await measure(subject, { controlGroup: group.processes });
          records.set(name, [...(records.get(name) ?? []), record]);
        }
      }
    }
    const about = `The full configuration at the share of a CPU that comes with the memory (${rounds} fresh processes each, a CFS quota of 20 ms periods), everything ${roundTripMs} ms away. Lambda's duration is measured for queued delivery; for direct it is the response time of ${RESPONSE_TIME_MS} ms. One million requests, duration only.`;
    const figures = [...records].flatMap(([name, measured]) => figuresOf(name, measured));
    return createReport(
      'memory',
      [{ about, figures }],
      [`Targets: a cold start of ${COLD_LIMIT_MS} ms, which the response time hides.`],
    );
  },
};

function figuresOf(name: string, records: readonly ProcessRecord[]): Figure[] {
  const [delivery, size = ''] = name.split(', ');
  const megabytes = Number.parseInt(size, 10);
  const warm = records.flatMap(({ durationsMs }) => durationsMs.slice(WARM_UP_INVOCATIONS));
  const coldMs = rounded(median(records.map((record) => record.coldMs)), 0);
  const durationMs = delivery === 'direct' ? RESPONSE_TIME_MS : mean(warm);
  const gigabyteSeconds = (1e6 * (durationMs / 1000) * megabytes) / 1024;
  return [
    {
      name,
      values: {
        'cold, ms': coldMs,
        'warm p50, ms': rounded(median(warm), 1),
        'p99, ms': rounded(quantile(warm, 0.99), 1),
        'mean, ms': rounded(mean(warm), 1),
        'memory, MiB': rounded(Math.max(...records.map(({ peakMemoryMib }) => peakMemoryMib)), 0),
        '$ a million': rounded(gigabyteSeconds * PRICES.lambdaGigabyteSecond, 2),
      },
      ...(megabytes >= DEPLOYED_MEGABYTES && atMost(COLD_LIMIT_MS, coldMs)),
    },
  ];
}
