import { afterEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../../functions/runtime/clock.ts';
import { PLATFORMS, type Platform, type PlatformOptions, type PlatformService } from '../platforms.ts';
import { metricValues } from '../recovery-service.ts';
import { visible } from './responses.ts';

const RESPONSE_TIME_MS = 2000;
const PROCESS_START = 4700;
let service: PlatformService;
afterEach(() => service.close());

/** A clock that stands still, and records every wait with what was printed before it. */
function standingClock(): Clock & { waits: { until: number; printed: string }[] } {
  const waits: { until: number; printed: string }[] = [];
  return {
    waits,
    now: () => 5000,
    processStart: PROCESS_START,
    until: async (until) => void waits.push({ until, printed: service.printed() }),
  };
}

async function start(platform: Platform, options: PlatformOptions = {}) {
  const clock = standingClock();
  service = await platform.start({
    clock,
    ...options,
    environment: {
      RESPONSE_TIME_MS: `${RESPONSE_TIME_MS}`,
      MAILBOX_COOLDOWN_SECONDS: '60',
      ...options.environment,
    },
  });
  return clock;
}

describe.each(PLATFORMS)('the response on $platform', (platform) => {
  test('comes at the same time, with the same bytes, for known, unknown, suspended and rate-limited users', async () => {
    const clock = await start(platform);
    const responses = [];
    for (const email of ['jane@example.com', 'nobody@example.com', 'sam@example.com', 'jane@example.com']) {
      responses.push(await visible(await service.recover(email)));
    }
    expect(new Set(responses.map((response) => JSON.stringify(response))).size).toBe(1);
    expect(responses[0]?.status).toBe(202);
    expect(clock.waits.map(({ until }) => until)).toEqual(Array(4).fill(5000 + RESPONSE_TIME_MS));
    expect(metricValues(service.printed(), 'RateLimited')).toEqual([1]);
    expect(service.tenant.mails).toHaveLength(1);
  });

  test.each(['jane@example.com', 'nobody@example.com', 'sam@example.com'])(
    'counts from the start of the instance for the caller who waited for it, %s, and then from the invocation',
    async (email) => {
      const clock = await start(platform, { environment: { AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' } });
      await service.recover(email);
      await service.recover(email);
      expect(clock.waits.map(({ until }) => until)).toEqual([
        PROCESS_START + RESPONSE_TIME_MS,
        5000 + RESPONSE_TIME_MS,
      ]);
    },
  );

  test('waits only after all work is done and logged', async () => {
    const clock = await start(platform);
    await service.recover('jane@example.com');
    expect(service.tenant.mails).toHaveLength(1);
    expect(clock.waits[0]?.printed).toBe(service.printed());
    expect(metricValues(clock.waits[0]?.printed ?? '', 'Forwarded')).toEqual([1]);
  });

  test.each(['hang', '500', 'reset'] as const)(
    'is the same for every address, and at the same time, during a fault (%s) of Beyond Identity',
    async (kind) => {
      const clock = await start(platform, { environment: { RESPONSE_TIME_MS: '500' } });
      service.tenant.fault({ kind });
      // concurrently, because each takes until its deadline
      const responses = await Promise.all(
        ['jane@example.com', 'nobody@example.com', 'sam@example.com'].map(async (email) =>
          visible(await service.recover(email)),
        ),
      );
      expect(new Set(responses.map((response) => JSON.stringify(response))).size).toBe(1);
      expect(responses[0]).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
      expect(clock.waits.map(({ until }) => until)).toEqual([5500, 5500, 5500]);
      expect(metricValues(clock.waits[2]?.printed ?? '', 'UpstreamFailed')).toEqual([1, 1, 1]);
    },
  );

  test('comes at the same time when the API token is rejected', async () => {
    const clock = await start(platform);
    service.rejectToken();
    const responses = await Promise.all(
      ['jane@example.com', 'nobody@example.com'].map((email) => service.recover(email)),
    );
    expect(responses.map(({ status }) => status)).toEqual([503, 503]);
    expect(clock.waits).toHaveLength(2);
  });

  test.each(['{"email":"no address"}', '{'])('to the malformed body %s comes immediately', async (body) => {
    const clock = await start(platform);
    expect((await service.post(body)).status).toBeLessThan(500);
    expect(clock.waits).toEqual([]);
  });

  test('does not wait with a response time of 0', async () => {
    const clock = await start(platform, { environment: { RESPONSE_TIME_MS: '0' } });
    await service.recover('jane@example.com');
    expect(clock.waits).toEqual([{ until: 5000, printed: service.printed() }]);
  });
});
