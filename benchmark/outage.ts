import { setTimeout as sleep } from 'node:timers/promises';
import { BOUNDS } from '../functions/runtime/configuration-bounds.ts';
import { type Benchmark, PLATFORM_OPTION, platformOf, wholeNumber } from './benchmark.ts';
import { requestRecovery, runOpenLoop } from './load.ts';
import { outageOutcome, reportOutage } from './outage-report.ts';
import { OUTAGE } from './outage-schedule.ts';
import { startService, startUpstreams } from './processes.ts';
import { readServiceLog } from './service-log.ts';
import { emailOf } from './tenant.ts';

const RESPONSE_TIME_MS = BOUNDS.responseTimeMs.byDefault;
const REQUESTS = { byDefault: 3_000, lowest: 60, highest: 3_000 };
const POLL_EVERY_MS = 250;
const CONNECTION_FAILED = { status: undefined, durationMs: Number.NaN };

/** The whole service through an outage of the tenant: every accepted request leads to one email. */
export const outage: Benchmark = {
  usage: `lost and duplicate emails, dead letters and response times through an outage (90 s at most)
  --requests N           recovery requests, each for another user (${REQUESTS.byDefault})
  --platform v1          a v1 tenant, whose binding jobs show what a lost response was (v0)`,
  options: { ...PLATFORM_OPTION, requests: { type: 'string' } },
  measure: async (values, context) => {
    const count = wholeNumber(values, 'requests', REQUESTS);
    const { signal } = context;
    await using upstreams = await startUpstreams(context, {
      platform: platformOf(values),
      isOutage: true,
      users: count,
    });
    const environment = { ...upstreams.ready.environment, RESPONSE_TIME_MS: String(RESPONSE_TIME_MS) };
    await using endpoint = await startService('recover-user', environment, context);
    await using delivery = await startService('deliver-outbox', environment, context);

    await upstreams.request('start', outageOutcome);
    const responses = await runOpenLoop(
      Array.from({ length: count }, (_, number) => emailOf('known', number)),
      async (email) => {
        const response = requestRecovery(endpoint.ready.url, email, signal);
        return { email, ...(await response.catch(() => CONNECTION_FAILED)) };
      },
      { perSecond: (count * 1000) / OUTAGE.arrivalsMs, signal },
    );
    const lastResponseAt = performance.now();
    const drainedAfterMs = () => performance.now() - lastResponseAt;
    let outcome = await upstreams.request('record', outageOutcome);
    while (outcome.inOutbox > 0 && drainedAfterMs() < OUTAGE.drainMs) {
      await sleep(POLL_EVERY_MS, undefined, { signal });
      outcome = await upstreams.request('record', outageOutcome);
    }
    const logs = [readServiceLog(await endpoint.log()), readServiceLog(await delivery.log())];
    return reportOutage({
      responses,
      outcome,
      counts: new Map(logs.flatMap(({ counts }) => [...counts])),
      responseTimeMs: RESPONSE_TIME_MS,
      drainedAfterMs: drainedAfterMs(),
    });
  },
};
