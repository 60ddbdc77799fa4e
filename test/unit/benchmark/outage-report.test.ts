import { describe, expect, test } from '@jest/globals';
import type { Answered } from '../../../benchmark/outage-client.ts';
import { countedIn } from '../../../benchmark/outage-process.ts';
import { type OutageResult, reportOutage } from '../../../benchmark/outage-report.ts';

function answered(responsesMs: readonly number[], status = 202): Answered[] {
  return responsesMs.map((responseMs, number) => ({ address: `user-${number}`, status, responseMs }));
}

function result(change: Partial<OutageResult> = {}, outcome: Partial<OutageResult['outcome']> = {}) {
  return {
    answered: answered([1001, 1002, 1003]),
    outcome: {
      inOutbox: 0,
      deadLetters: 0,
      mailedTo: ['user-0', 'user-1', 'user-2'],
      answersLostFor: [],
      ...outcome,
    },
    counts: new Map([['Queued', 2]]),
    responseTimeMs: 1000,
    drainedAfterMs: 1234,
    ...change,
  };
}

describe('the report on an outage', () => {
  test('is met where every request has its mail, in time', () => {
    const report = reportOutage(result());
    expect(report.met).toBe(true);
    expect(report.document).toMatchObject({
      benchmark: 'outage',
      met: true,
      drainedAfterMs: 1234,
      figures: {
        requests: { value: 3 },
        accepted: { value: 3 },
        queued: { value: 2 },
        mails: { value: 3 },
        lost: { value: 0, limit: 0, met: true },
        doubles: { value: 0, limit: 0, met: true },
        responseP0Ms: { value: 1001 },
        responseP50Ms: { value: 1002 },
        responseP99Ms: { value: 1003, limit: 1050, met: true },
        responseP100Ms: { value: 1003 },
      },
    });
    expect(report.text).toMatch(/^lost: a 202 without a mail +0 +0 {2}met$/m);
    expect(report.text).toContain('empty 1.2 s after');
    expect(report.text).toContain('Every limit is met.');
  });

  test('counts a double apart where an answer was lost, and only as often as one was', () => {
    const mailedTo = ['user-0', 'user-0', 'user-0', 'user-1', 'user-1', 'user-2'];
    const explained = reportOutage(
      result({}, { mailedTo, answersLostFor: ['user-0', 'user-0', 'user-1', 'user-2'] }),
    );
    expect(explained.met).toBe(true);
    expect(explained.document).toMatchObject({
      figures: { lostAnswers: { value: 4 }, doublesExplained: { value: 3 }, doubles: { value: 0 } },
    });
    const others = reportOutage(result({}, { mailedTo, answersLostFor: ['user-0', 'user-2'] }));
    expect(others.met).toBe(false);
    expect(others.document).toMatchObject({
      figures: { doublesExplained: { value: 1 }, doubles: { value: 2, met: false } },
    });
  });

  test('owes no mail to a request that was not accepted, and does not count its time', () => {
    const [first, ...others] = answered([5000, 1001, 1002]);
    const refused = first === undefined ? [] : [{ ...first, status: 503 }];
    const report = reportOutage(
      result({ answered: [...refused, ...others] }, { mailedTo: ['user-1', 'user-2'] }),
    );
    expect(report.document).toMatchObject({
      figures: {
        accepted: { value: 2 },
        refused: { value: 1, met: false },
        lost: { value: 0 },
        responseP100Ms: { value: 1002 },
      },
    });
  });

  test.each<[string, OutageResult, RegExp]>([
    ['a mail is lost', result({}, { mailedTo: ['user-0', 'user-1'] }), /^lost.* 1 .*MISSED$/m],
    ['there is a dead letter', result({}, { deadLetters: 1 }), /^dead letters.*MISSED$/m],
    ['a message is left', result({}, { inOutbox: 1 }), /^left in the outbox.*MISSED$/m],
    ['one is dropped', result({ counts: new Map([['DeliveryDropped', 1]]) }), /^dropped.*MISSED$/m],
    [
      'an answer is late',
      result({ answered: answered([1001, 1002, 1051]) }),
      /^p99, ms +1051 +1050 {2}MISSED$/m,
    ],
    [
      'nothing is accepted',
      result({ answered: answered([1, 2, 3], 503) }),
      /^answered otherwise +3 .*MISSED$/m,
    ],
  ])('is missed where %s', (_, missing, line) => {
    const report = reportOutage(missing);
    expect(report.met).toBe(false);
    expect(report.text).toMatch(line);
    expect(report.text).toContain('A limit is missed.');
  });
});

describe('what a line of the output counts', () => {
  test.each([
    ['{"_aws":{},"UpstreamLatency":[1,2],"Queued":1}', ['Queued']],
    ['{"_aws":{},"Delivered":[1,1]}', ['Delivered', 'Delivered']],
    ['{"_aws":{},"UpstreamLatency":3}', []],
    ['{"level":"INFO","Queued":1}', []],
    ['no JSON', []],
  ])('%s', (line, names) => {
    expect(countedIn(line)).toEqual(names);
  });
});
