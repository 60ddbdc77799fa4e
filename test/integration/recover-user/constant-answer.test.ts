import { afterEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../../functions/runtime/clock.ts';
import { systemClock } from '../../../functions/runtime/clock.ts';
import { metricValues, type RecoveryService, startRecoveryService } from '../recovery-service.ts';

const RESPONSE_TIME_MS = 2000;
let service: RecoveryService;
afterEach(() => service.close());

/** A clock that stands still, and notes until when somebody waited, and what had been logged by then. */
function standingClock(): Clock & { waits: { until: number; printed: string }[] } {
  const waits: { until: number; printed: string }[] = [];
  return {
    waits,
    now: () => 5000,
    until: async (until) => void waits.push({ until, printed: service.printed() }),
  };
}

async function start(options: Parameters<typeof startRecoveryService>[0] = {}) {
  const clock = standingClock();
  service = await startRecoveryService({
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

async function visible(response: Response) {
  const headers = Object.fromEntries(response.headers);
  for (const own of ['x-request-id', 'date']) delete headers[own];
  return { status: response.status, headers, body: (await response.text()).replace(/urn:uuid:[\w-]+/, '') };
}

describe('the answer', () => {
  test('comes at the same time, and looks the same, for known, unknown, suspended and throttled', async () => {
    const clock = await start();
    const answers = [];
    for (const email of ['jane@example.com', 'nobody@example.com', 'sam@example.com', 'jane@example.com']) {
      answers.push(await visible(await service.recover(email)));
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    expect(clock.waits.map(({ until }) => until)).toEqual(Array(4).fill(5000 + RESPONSE_TIME_MS));
    expect(metricValues(service.printed(), 'RateLimited')).toEqual([1]);
    expect(service.tenant.mails).toHaveLength(1);
  });

  test('waits only after everything else is done', async () => {
    const clock = await start();
    await service.recover('jane@example.com');
    expect(service.tenant.mails).toHaveLength(1);
    expect(clock.waits[0]?.printed).toBe(service.printed());
    expect(metricValues(clock.waits[0]?.printed ?? '', 'Forwarded')).toEqual([1]);
  });

  test.each(['hang', '500', 'reset'] as const)(
    '%s: what is not over is cut off before, and the answer is the same for every address',
    async (kind) => {
      const clock = await start({ environment: { RESPONSE_TIME_MS: '500' } });
      service.tenant.fault({ kind });
      // at once: each of them takes as long as it may
      const answers = await Promise.all(
        ['jane@example.com', 'nobody@example.com', 'sam@example.com'].map(async (email) =>
          visible(await service.recover(email)),
        ),
      );
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(answers[0]).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
      expect(clock.waits.map(({ until }) => until)).toEqual([5500, 5500, 5500]);
      expect(metricValues(clock.waits[2]?.printed ?? '', 'UpstreamFailed')).toEqual([1, 1, 1]);
    },
  );

  test('a refused token is no exception', async () => {
    const clock = await start();
    service.tenant.rotateToken('another');
    const answers = await Promise.all(
      ['jane@example.com', 'nobody@example.com'].map((email) => service.recover(email)),
    );
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    expect(clock.waits).toHaveLength(2);
  });

  test.each(['{"email":"no address"}', '{'])('%s is refused at once', async (body) => {
    const clock = await start();
    expect((await service.post(body)).status).toBeLessThan(500);
    expect(clock.waits).toEqual([]);
  });

  test('with 0 it does not wait', async () => {
    const clock = await start({ environment: { RESPONSE_TIME_MS: '0' } });
    await service.recover('jane@example.com');
    expect(clock.waits).toEqual([{ until: 5000, printed: service.printed() }]);
  });
});

test('the system clock waits until a point in time, and not at all for the past', async () => {
  service = await startRecoveryService();
  const until = systemClock.now() + 5;
  await systemClock.until(until);
  expect(systemClock.now()).toBeGreaterThanOrEqual(until);
  await systemClock.until(until - 1000);
});
