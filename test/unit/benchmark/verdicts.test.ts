import { describe, expect, test } from '@jest/globals';
import type { ColdMeasurement } from '../../../benchmark/cold-timing.ts';
import { type InvocationResult, reportInvocations } from '../../../benchmark/invocation-report.ts';
import { type OutageResult, reportOutage } from '../../../benchmark/outage-report.ts';
import { type BenchmarkReport, exitCodeOf, renderMarkdown, renderReport } from '../../../benchmark/report.ts';
import { CALLER_CLASSES } from '../../../benchmark/tenant.ts';
import { reportTiming, type TimingMeasurement } from '../../../benchmark/timing-report.ts';

/** The names of the figures that miss their limit. */
function missed({ sections }: BenchmarkReport): string[] {
  const figures = sections.flatMap((section) => section.figures);
  return figures.filter(({ verdict }) => verdict?.met === false).map(({ name }) => name);
}

function valuesOf({ sections }: BenchmarkReport, name: string) {
  return sections.flatMap(({ figures }) => figures).find((figure) => figure.name === name)?.values;
}

/** Rounds in which the bare handler has 100 ms, 1 ms, 2 ms and 70 MiB, and the full configuration this cold start. */
function invocations(coldMs: readonly number[], bytes = 250_000, cpuMs = 1.5): InvocationResult {
  const sample = (ms: number) => ({ coldMs: ms, warmMs: 1, cpuMs, peakMemoryMib: 70 });
  return {
    rounds: coldMs.map((ms) => ({
      bare: sample(100),
      minimal: sample(120),
      full: sample(ms),
      baseline: { ...sample(200), cpuMs: 2 },
    })),
    bytes: new Map([
      ['bare', 500],
      ['minimal', bytes],
      ['full', bytes],
      ['baseline', bytes],
    ]),
  };
}

describe('the invocation verdict', () => {
  test('judges the median of the rounds, so that one slow round does not miss the limit', () => {
    const report = reportInvocations(invocations([150, 900, 160]));
    expect(report.met).toBe(true);
    expect(valuesOf(report, 'full: rate limiter, events, outbox')).toMatchObject({
      'cold, ms': 160,
      ratio: 1.6,
    });
    expect(renderReport(report)).toMatch(/bundle, kB .* 250 .* 380 .* met/);
    expect(renderReport(report)).toContain('Every limit is met.');
  });

  test('fails when the cold start exceeds its ratio', () => {
    const report = reportInvocations(invocations([190]));
    expect(missed(report)).toEqual(['full: cold start']);
    expect(renderReport(report)).toMatch(/full: cold start .* 1\.85 .* MISSED/);
    expect(renderReport(report)).toContain('A limit is missed.');
  });

  test('fails when a request takes more CPU than the share of the baseline', () => {
    expect(missed(reportInvocations(invocations([150], 250_000, 1.8)))).toEqual(['full: CPU of 66daa96']);
  });

  test('fails when the bundle exceeds 380 kB', () => {
    expect(missed(reportInvocations(invocations([150], 380_100)))).toEqual(['bundle, kB']);
  });

  test('compares with no baseline in a clone that does not have its commit', () => {
    const { rounds, bytes } = invocations([150], 250_000, 9);
    const others = new Map([...bytes].filter(([name]) => name !== 'baseline'));
    expect(reportInvocations({ rounds, bytes: others }).met).toBe(true);
  });

  test('can be rendered as Markdown, with the machine, and with targets where there are any', () => {
    const markdown = renderMarkdown(reportInvocations(invocations([150])));
    expect(markdown).toContain('| full: cold start | 1.5 | 1.85 | met |');
    expect(markdown).toMatch(/\| bare node:https handler \| 0.5 \| 100 \|/);
    expect(markdown).toMatch(/Measured \d{4}-\d\d-\d\d, Node v/);
    expect(markdown.split('\n').filter((line) => line.length > 120 && !line.startsWith('|'))).toEqual([]);
  });
});

function timing(responseTimeMs: number, knownExtraMs: number): TimingMeasurement {
  const responses = CALLER_CLASSES.flatMap((callerClass) =>
    Array.from({ length: 200 }, (_, number) => {
      const extraMs = callerClass === 'known' ? knownExtraMs : 0;
      return { callerClass, durationMs: responseTimeMs + extraMs + number / 100 };
    }),
  );
  return { responseTimeMs, responses, unexpectedOutcomes: 0, rateLimiterFallbacks: 0 };
}

describe('the timing verdict', () => {
  test('passes when nothing leaks at the response time and the control leaks', () => {
    const report = reportTiming([timing(2000, 0), timing(0, 10)], 90);
    expect(report.met).toBe(true);
    expect(report.sections.map(({ figures }) => figures[0]?.verdict?.limit)).toEqual([
      '0.47 - 0.53',
      '0.95 - 1',
    ]);
  });

  test('fails when one class takes a little longer, and only for pairs of that class', () => {
    expect(missed(reportTiming([timing(2000, 0.1)], 90))).toEqual([
      'known - unknown',
      'known - suspended',
      'known - rate-limited',
    ]);
  });

  test('fails when the control shows no leak', () => {
    expect(missed(reportTiming([timing(0, 0)], 90))).toEqual(['known - unknown']);
  });
});

describe('the timing verdict of cold starts', () => {
  const cold = (knownExtraMs: number, warmMs: number): ColdMeasurement => ({
    ...timing(2000, knownExtraMs),
    warmMs: [warmMs],
  });

  test('passes when every class gets its first response alike, as late as a warm one', () => {
    expect(reportTiming([], 90, cold(0, 2001)).met).toBe(true);
  });

  test('fails when one class takes a little longer', () => {
    expect(missed(reportTiming([], 90, cold(0.2, 2001)))).toEqual([
      'known - unknown',
      'known - suspended',
      'known - rate-limited',
    ]);
  });

  test('fails when the start adds to the response time', () => {
    expect(missed(reportTiming([], 90, cold(0, 1970)))).toEqual(['first response later than a warm one, ms']);
  });
});

type Outcome = OutageResult['outcome'];

function outage(change: Partial<Outcome> = {}, durationsMs = [2001, 2002, 2003], status = 202): OutageResult {
  return {
    responses: durationsMs.map((durationMs, number) => ({ email: `user-${number}`, status, durationMs })),
    outcome: {
      inOutbox: 0,
      deadLetters: 0,
      emailedTo: ['user-0', 'user-1', 'user-2'],
      responsesLostFor: [],
      ...change,
    },
    counts: new Map([['Queued', 2]]),
    responseTimeMs: 2000,
    drainedAfterMs: 1234,
  };
}

describe('the outage verdict', () => {
  test('passes when every accepted request leads to one email in time', () => {
    const report = reportOutage(outage());
    expect(report.met).toBe(true);
    expect(valuesOf(report, 'through the outbox')).toEqual({ figure: 2 });
  });

  test('accepts a duplicate for each lost response, and no other one', () => {
    const emailedTo = ['user-0', 'user-0', 'user-0', 'user-1', 'user-1', 'user-2'];
    const responsesLostFor = ['user-0', 'user-0', 'user-1', 'user-2'];
    const explained = reportOutage(outage({ emailedTo, responsesLostFor }));
    expect(explained.met).toBe(true);
    expect(valuesOf(explained, 'duplicates after a lost response')).toEqual({ figure: 3 });
    const unexplained = reportOutage(outage({ emailedTo, responsesLostFor: ['user-0', 'user-2'] }));
    expect(valuesOf(unexplained, 'other duplicates')).toEqual({ figure: 2 });
    expect(missed(unexplained)).toEqual(['other duplicates']);
  });

  test.each<[string, string, OutageResult]>([
    ['an email is lost', 'lost: accepted, no email', outage({ emailedTo: ['user-0', 'user-1'] })],
    ['a message is in the dead-letter queue', 'dead letters', outage({ deadLetters: 1 })],
    ['a message is left in the outbox', 'left in the outbox', outage({ inOutbox: 1 })],
    [
      'a message is dropped',
      'dropped because of age',
      { ...outage(), counts: new Map([['DeliveryDropped', 1]]) },
    ],
    ['a response is late', 'response time p99, ms', outage({}, [2001, 2002, 2060])],
    ['no request is accepted', 'other responses', outage({}, [1, 2, 3], 503)],
  ])('fails when %s', (_, name, result) => {
    expect(missed(reportOutage(result))).toEqual([name]);
  });
});

test.each([
  { met: true, check: true, code: 0 },
  { met: false, check: true, code: 1 },
  { met: false, check: false, code: 0 },
])('exits with $code when met is $met and --check is $check', ({ met, check, code }) => {
  expect(exitCodeOf({ ...reportOutage(outage()), met }, check)).toBe(code);
});
