import { setTimeout as delay } from 'node:timers/promises';
import { BOUNDS } from '../functions/runtime/configuration-bounds.ts';
import type { Benchmark } from './benchmark.ts';
import { wholeNumber } from './command-line.ts';
import { askForRecoveries } from './outage-client.ts';
import { type OutageWorld, startOutageWorld, startService } from './outage-process.ts';
import { reportOutage } from './outage-report.ts';
import { OUTAGE } from './outage-script.ts';

/** As deployed, unless a setting says otherwise. */
const RESPONSE_TIME_MS = BOUNDS.responseTimeMs.byDefault;
const REQUESTS = { byDefault: 3_000, lowest: 60, highest: 3_000 };
const LOOK_EVERY_MS = 250;

/** The whole service through an outage of the tenant: what was promised is mailed, once, and the answers tell nothing of it. */
export const outage: Benchmark = {
  summary: 'a soak through an outage: lost and doubled mails, response times (90 s at most)',
  options: {
    requests: {
      placeholder: 'N',
      meaning: `how many ask for recovery, a user each (${REQUESTS.byDefault})`,
    },
  },
  measure: async (values, signal) => {
    const count = wholeNumber(values, 'requests', REQUESTS);
    const parts: { close(): void }[] = [];
    try {
      const world = await startOutageWorld(count, signal);
      parts.push(world);
      const environment = { ...world.environment, ...OWN_ENVIRONMENT };
      const endpoint = await startService('endpoint', environment, signal);
      parts.push(endpoint);
      const delivery = await startService('delivery', environment, signal);
      parts.push(delivery);

      await world.start();
      const answered = await askForRecoveries(endpoint.url, { count, overMs: OUTAGE.arrivalsMs }, signal);
      const drainedAfterMs = await drain(world, signal);
      return reportOutage({
        answered,
        outcome: await world.outcome(),
        counts: new Map([...endpoint.counts, ...delivery.counts]),
        responseTimeMs: RESPONSE_TIME_MS,
        drainedAfterMs,
      });
    } finally {
      for (const part of parts) part.close();
    }
  },
};

/** Settings of the service beside where its outside world is; nothing of a developer's own configuration. */
const OWN_ENVIRONMENT = {
  RESPONSE_TIME_MS: String(RESPONSE_TIME_MS),
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'simulated',
  AWS_SECRET_ACCESS_KEY: 'simulated',
  AWS_SESSION_TOKEN: 'simulated',
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
};

/** Waits until the outbox is empty, but no longer than the script allows; resolves with how long that took. */
async function drain(world: OutageWorld, signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { inOutbox } = await world.progress();
    const tookMs = performance.now() - startedAt;
    if (inOutbox === 0 || tookMs >= OUTAGE.drainMs) return tookMs;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}
