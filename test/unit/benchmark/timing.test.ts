import { describe, expect, jest, test } from '@jest/globals';
import {
  addressOf,
  CALLER_CLASSES,
  classOf,
  TENANT_ANSWERS,
  tenantLatencyMs,
} from '../../../benchmark/caller-class.ts';
import { UsageError } from '../../../benchmark/command-line.ts';
import { spread } from '../../../benchmark/load.ts';
import { normal, seededRandom } from '../../../benchmark/random.ts';
import { readServiceLog } from '../../../benchmark/service-log.ts';
import { timing } from '../../../benchmark/timing.ts';
import { reportTiming } from '../../../benchmark/timing-report.ts';
import type { TimingMeasurement } from '../../../benchmark/timing-run.ts';

/** Of each class so many times that are alike, but of the known ones, which take longer by so much. */
function measurement(responseTimeMs: number, knownExtraMs: number, size = 1500): TimingMeasurement {
  const random = seededRandom(1);
  const times = (extraMs: number) =>
    Array.from({ length: size }, () => normal(random, responseTimeMs + 2 + extraMs, 1));
  return {
    responseTimeMs,
    durationsMs: {
      known: times(knownExtraMs),
      unknown: times(0),
      suspended: times(0),
      'rate-limited': times(0),
    },
    notAsMeant: 0,
    rateLimiterFallbacks: 0,
    seconds: 60,
  };
}

const CONDITIONS = { perSecond: 80, seed: 1 };

describe('the report on times', () => {
  test('is met where nobody can tell anything with the response time, and everything without', () => {
    const report = reportTiming([measurement(1000, 0), measurement(0, 10, 400)], CONDITIONS);
    expect(report.met).toBe(true);
    expect(report.text.match(/0\.47-0\.53 +met$/gm)).toHaveLength(6);
    expect(report.text).toMatch(/^known - unknown +1\.000 +1\.000-1\.000 +0\.95-1 +met$/m);
    expect(report.text).toContain('0.0105 with 1500 requests a class, sqrt(1 / (6 n)): 0.03 is 2.8 of them');
    expect(report.document).toMatchObject({
      benchmark: 'timing',
      seed: 1,
      settings: [
        { responseTimeMs: 1000, requestsPerClass: 1500, standardDeviationOfChance: 0.011, met: true },
        { responseTimeMs: 0, requestsPerClass: 400, met: true },
      ],
    });
  });

  test('is missed where a class takes a little longer', () => {
    const report = reportTiming([measurement(1000, 0.2)], CONDITIONS);
    expect(report.met).toBe(false);
    expect(report.text).toMatch(/^known - unknown .*MISSED$/m);
    expect(report.text).toMatch(/^unknown - suspended .*met$/m);
  });

  test('says when the machine was busy', () => {
    const quiet = measurement(1000, 0, 100);
    expect(reportTiming([{ ...quiet, rateLimiterFallbacks: 4 }], CONDITIONS).text).not.toContain('busy');
    expect(reportTiming([{ ...quiet, rateLimiterFallbacks: 5 }], CONDITIONS).text).toContain(
      'The machine was busy',
    );
  });

  test('is missed where it sees no leak without the response time', () => {
    const report = reportTiming([measurement(0, 0, 400)], CONDITIONS);
    expect(report.met).toBe(false);
    expect(report.text).toMatch(/^known - unknown .*0\.95-1 +MISSED$/m);
    expect(report.text).toMatch(/^known - suspended +0\.\d{3} +0\.\d{3}-0\.\d{3}$/m);
  });
});

describe('the response time of a run', () => {
  test.each(['1', '499', '10001', '0.5', 'fast'])(
    'is rejected as %s before anything is measured',
    async (text) => {
      const measured = timing.measure({ 'response-time': text }, new AbortController().signal);
      await expect(measured).rejects.toThrow(UsageError);
      await expect(measured).rejects.toThrow(
        `--response-time must be 0 (off) or a whole number of milliseconds from 500 to 10000, not "${text}".`,
      );
    },
  );
});

describe('an address of a class', () => {
  test('tells its class, and no class by its length', () => {
    const addresses = CALLER_CLASSES.map((callerClass) => addressOf(callerClass, 42));
    expect(addresses.map(classOf)).toEqual(CALLER_CLASSES);
    expect(new Set(addresses.map(({ length }) => length)).size).toBe(1);
    expect(classOf('user-1@example.com')).toBeUndefined();
  });

  test('is answered by the tenant as late as its class asks for', () => {
    const random = seededRandom(2);
    const latencies = Array.from({ length: 2000 }, () => tenantLatencyMs(TENANT_ANSWERS.unknown, random));
    const average = latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length;
    expect(average).toBeGreaterThan(24);
    expect(average).toBeLessThan(26);
    expect(Math.min(...latencies)).toBeGreaterThanOrEqual(1);
  });
});

describe("the function's log", () => {
  test('tells what each request came to, and when the rate limiter was too slow', () => {
    const log = [
      '{"audit":{"requestId":"a","outcome":"forwarded","mailbox":"m"}}',
      '{"_aws":{},"service":"recover-user","RateLimiterFallback":1,"RateLimited":1}',
      '{"_aws":{},"service":"recover-user","RateLimiterFallback":[1,1],"RateLimited":1}',
      '{"audit":{"requestId":"b","outcome":"rate-limited"}}',
      '{"level":"WARN","message":"Beyond Identity","status":404}',
      'a line of somebody else',
      '',
    ].join('\n');
    const { outcomes, rateLimiterFallbacks } = readServiceLog(log);
    expect([...outcomes]).toEqual([
      ['a', 'forwarded'],
      ['b', 'rate-limited'],
    ]);
    expect(rateLimiterFallbacks).toBe(3);
  });
});

describe('a load', () => {
  const signal = new AbortController().signal;

  test('starts items in their order without waiting for answers, and hands back every result', async () => {
    const started: number[] = [];
    const answers = Promise.withResolvers<void>();
    const send = async (item: number) => {
      started.push(item);
      if (started.length === 5) answers.resolve();
      await answers.promise;
      return item * 2;
    };
    const load = { perSecond: 1000, mostAtOnce: 5, random: seededRandom(1), signal };
    await expect(spread([1, 2, 3, 4, 5], send, load)).resolves.toEqual([2, 4, 6, 8, 10]);
    expect(started).toEqual([1, 2, 3, 4, 5]);
  });

  test('never has more under way than it may', async () => {
    let underWay = 0;
    let most = 0;
    const send = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay -= 1;
    };
    await spread([1, 2, 3, 4, 5, 6], send, { perSecond: 1000, mostAtOnce: 2, random: () => 0, signal });
    expect(most).toBe(2);
  });

  test('ends with the first failure', async () => {
    const send = jest.fn<(item: number) => Promise<number>>().mockRejectedValue(new Error('no answer'));
    const load = { perSecond: 200, mostAtOnce: 1, random: () => 0.5, signal };
    await expect(spread([1, 2, 3, 4], send, load)).rejects.toThrow('no answer');
    expect(send).toHaveBeenCalledTimes(1);
  });

  test('ends at once where its signal aborts', async () => {
    const controller = new AbortController();
    const send = jest.fn(async (item: number) => item);
    const load = { perSecond: 0.01, mostAtOnce: 1, random: () => 0.5, signal: controller.signal };
    const ended = spread([1], send, load);
    controller.abort();
    await expect(ended).rejects.toThrow();
    expect(send).not.toHaveBeenCalled();
  });
});
