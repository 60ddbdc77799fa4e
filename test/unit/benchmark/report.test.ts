import { describe, expect, test } from '@jest/globals';
import type { Sample } from '../../../benchmark/fresh-process.ts';
import { type InvocationResult, reportInvocations } from '../../../benchmark/invocation-report.ts';

function sample(coldMs: number): Sample {
  return { initMs: coldMs - 10, firstMs: 10, coldMs, warmP50Ms: 1, warmP99Ms: 4, peakMemoryMib: 70 };
}

function result(coldMs: readonly number[], bundleBytes = 250_000): InvocationResult {
  return {
    rounds: coldMs.map((functionColdMs) => ({ function: sample(functionColdMs), bare: sample(100) })),
    bundleBytes: { function: bundleBytes, bare: 500 },
    conditions: { invocations: 500, leftOut: 50, runtimeClient: 'own', rateLimiter: undefined },
  };
}

describe('the report on invocations', () => {
  test('takes the median of the rounds, so that one bad round misses no limit', () => {
    const report = reportInvocations(result([150, 900, 160]));
    expect(report.met).toBe(true);
    expect(report.document).toMatchObject({
      rounds: 3,
      met: true,
      figures: {
        bundleKilobytes: { function: 250, bare: 0.5, limit: { figure: 350 }, met: true },
        coldMs: {
          function: 160,
          bare: 100,
          ratio: 1.6,
          middleHalf: { from: 1.5, to: 9 },
          limit: { ratio: 1.8 },
          met: true,
        },
        warmP99Ms: { function: 4, bare: 4, ratio: 1 },
      },
    });
    expect(report.text).toMatch(/^cold start .* 160 +100 +1\.60 x +1\.50-9\.00 +1\.8 x {2}met$/m);
    expect(report.text).toContain('Every limit is met.');
  });

  test.each([
    { what: 'a ratio', missing: result([190]), line: /^cold start .*MISSED$/m },
    { what: 'a figure', missing: result([150], 350_001), line: /^bundle.*MISSED$/m },
  ])('says when $what is over its limit', ({ missing, line }) => {
    const report = reportInvocations(missing);
    expect(report.met).toBe(false);
    expect(report.text).toMatch(line);
    expect(report.text).toContain('A limit is missed.');
  });

  test('judges a ratio as it is shown', () => {
    expect(reportInvocations(result([180.4])).met).toBe(true);
    expect(reportInvocations(result([180.6])).met).toBe(false);
  });

  test('allows a cold start a quarter more with the rate limiter, and judges no warm invocation by one call', () => {
    const { conditions, ...slow } = result([220]);
    expect(reportInvocations({ ...slow, conditions }).met).toBe(false);
    const report = reportInvocations({
      ...slow,
      conditions: { ...conditions, rateLimiter: { standInP50Ms: 1.234 } },
    });
    expect(report.met).toBe(true);
    expect(report.document).toMatchObject({ rateLimiter: { standInP50Ms: 1.234 } });
    expect(report.text).toMatch(/^cold start .* 2\.25 x {2}met$/m);
    expect(report.text).toMatch(/^warm invocation p50, ms +1\.00 +1\.00 +1\.00 x +1\.00-1\.00$/m);
    expect(report.text).toContain('1.23 ms (p50) are those of');
  });

  test('limits a warm invocation without the rate limiter', () => {
    expect(reportInvocations(result([150])).text).toMatch(/^warm invocation p50.* 1\.3 x {2}met$/m);
    expect(reportInvocations(result([150])).text).toContain('Without the rate limiter');
  });

  test('says what it does not show', () => {
    const { conditions, ...own } = result([150]);
    expect(reportInvocations({ ...own, conditions }).text).toContain("Nor Lambda's real runtime client");
    const real = { ...own, conditions: { ...conditions, runtimeClient: 'aws-lambda-ric' as const } };
    expect(reportInvocations(real).text).not.toContain("Nor Lambda's real runtime client");
    expect(reportInvocations(real).text).toContain("Not shown: the platform's own start-up");
  });
});
