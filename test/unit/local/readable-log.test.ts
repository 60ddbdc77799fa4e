import type { WriteStream } from 'node:tty';
import { describe, expect, test } from '@jest/globals';
import { printReadableLog, readableLog } from '../../../local/readable-log.ts';

const TIME = String.raw`\d\d:\d\d:\d\d\.123`;
const ISO_TIME = '2026-11-22T13:32:00.123Z';

describe('a readable log', () => {
  test('shows the time, level, message and fields of a log line, without those that every line has', () => {
    const line = JSON.stringify({
      level: 'WARN',
      message: 'Beyond Identity',
      timestamp: ISO_TIME,
      service: 'recover-user',
      sampling_rate: 0,
      status: 500,
      reason: 'ECONNRESET',
      detail: 'two words',
      ports: [1, 2],
      absent: null,
    });
    expect(readableLog(`${line}\n`)).toMatch(
      new RegExp(
        `^${TIME} WARN  Beyond Identity status=500 reason=ECONNRESET detail="two words" ports=\\[1,2\\]\n$`,
      ),
    );
  });

  test('shows the stack of an unexpected error on separate lines', () => {
    const line = { level: 'ERROR', message: 'unexpected error', timestamp: ISO_TIME, error: 'TypeError' };
    const printed = readableLog(JSON.stringify({ ...line, stack: ['at a (a.ts:1:2)', 'at b (b.ts:3:4)'] }));
    expect(printed.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${TIME} ERROR unexpected error error=TypeError$`)),
      '    at a (a.ts:1:2)',
      '    at b (b.ts:3:4)',
    ]);
  });

  test('shows the names of metrics, and values other than a count of one', () => {
    const line = {
      _aws: {
        Timestamp: Date.parse(ISO_TIME),
        CloudWatchMetrics: [
          {
            Namespace: 'UserRecovery',
            Dimensions: [['service']],
            Metrics: [
              { Name: 'UpstreamLatency', Unit: 'Milliseconds' },
              { Name: 'Forwarded', Unit: 'Count' },
              { Name: 'Retries', Unit: 'Count' },
            ],
          },
        ],
      },
      service: 'recover-user',
      requestId: 'the-id',
      Forwarded: 1,
      Retries: 2,
      UpstreamLatency: [12.345, 5],
    };
    expect(readableLog(JSON.stringify(line))).toMatch(
      new RegExp(`^${TIME} INFO  Forwarded, Retries 2, UpstreamLatency 12.3 and 5 ms requestId=the-id$`),
    );
  });

  test('shows the fields of an event', () => {
    const detail = { version: 1, stage: 'local', requestId: 'the-id', outcome: 'forwarded', mailbox: 'm' };
    const line = { event: { 'detail-type': 'Recovery Requested', detail } };
    expect(readableLog(JSON.stringify(line))).toMatch(
      /^[\d:.]{12} INFO {2}Recovery Requested requestId=the-id outcome=forwarded mailbox=m$/,
    );
  });

  test('escapes control characters and line breaks', () => {
    const line = {
      level: 'WARN',
      message: 'a\nb',
      timestamp: ISO_TIME,
      reason: '\u001b[2J\u009b1m',
      other: 'x y\u009b',
    };
    const printed = readableLog(JSON.stringify(line));
    expect(printed).toContain(String.raw`WARN  a\u000ab reason=\u001b[2J\u009b1m other="x y\u009b"`);
    expect(printed).not.toContain('\n');
  });
});

test.each(['The handler failed:\n    at x', '{"some":"JSON"}', '{not JSON', '  {"level":"x"}', '', '\n'])(
  'leaves other output unchanged: %j',
  (text) => {
    expect(readableLog(text)).toBe(text);
  },
);

test('printReadableLog converts every line of a chunk, and passes on bytes, encoding and callback', () => {
  const calls: unknown[][] = [];
  const stream: Pick<WriteStream, 'write'> = {
    write: (...call: unknown[]) => {
      calls.push(call);
      return true;
    },
  };
  printReadableLog(stream);
  const done = () => undefined;
  const line = JSON.stringify({ level: 'INFO', message: 'hi', timestamp: ISO_TIME });
  stream.write(`${line}\nplain\n${line}\n`, done);
  stream.write('x', 'utf8', done);
  stream.write(Buffer.from(line));
  const [first, second, third] = calls;
  expect(first).toEqual([expect.stringMatching(/^\S+ INFO {2}hi\nplain\n\S+ INFO {2}hi\n$/), done]);
  expect(second).toEqual(['x', 'utf8', done]);
  expect(third?.[0]).toEqual(Buffer.from(line));
});
