import type { WriteStream } from 'node:tty';
import * as z from 'zod/mini';
import { parseJson } from './json-text.ts';

/** How the functions' log lines are printed: as readable text, or as JSON. */
export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** A line of the function's logger (Powertools). */
const logLine = z.looseObject({ level: z.string(), message: z.string(), timestamp: z.string() });

/** A line of metrics, in CloudWatch's embedded metric format. */
const metricsLine = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({ Metrics: z.array(z.object({ Name: z.string(), Unit: z.optional(z.string()) })) }),
    ),
  }),
});

/** An event that was not published on an event bus. */
const eventLine = z.strictObject({
  event: z.strictObject({ 'detail-type': z.string(), detail: z.record(z.string(), z.unknown()) }),
});

/** Fields that are the same in every line, or only matter on AWS. */
const LEFT_OUT = new Set(['service', 'stage', 'version', 'sampling_rate', 'xray_trace_id']);

const UNITS: Readonly<Record<string, string>> = { Milliseconds: ' ms', Seconds: ' s' };

/** Control characters, and the two line separators that JSON allows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these must not reach a terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/**
 * Makes a stream of this process print the functions' JSON lines as readable text: time, level, message, fields. Other output
 * is unchanged.
 */
export function printReadableLog(stream: Pick<WriteStream, 'write'>): void {
  const write = stream.write.bind(stream);
  stream.write = (
    chunk: Uint8Array | string,
    encodingOrCallback?: BufferEncoding | Callback,
    callback?: Callback,
  ) => {
    const text = typeof chunk === 'string' ? readableLog(chunk) : chunk;
    return typeof encodingOrCallback === 'function'
      ? write(text, encodingOrCallback)
      : write(text, encodingOrCallback, callback);
  };
}

type Callback = (error?: Error | null) => void;

/** Replaces each of the functions' JSON lines in the text with a readable one. */
export function readableLog(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith('{') ? readableLine(line) : line))
    .join('\n');
}

function readableLine(line: string): string {
  const log = parseJson(logLine, line);
  if ('value' in log) {
    const { level, message, timestamp, stack, ...facts } = log.value;
    return [describe(new Date(timestamp), level, plain(message), facts), ...framesOf(stack)].join('\n');
  }
  const metrics = parseJson(metricsLine, line);
  if ('value' in metrics) return describeMetrics(metrics.value);
  const published = parseJson(eventLine, line);
  if ('value' in published) {
    const { 'detail-type': detailType, detail } = published.value.event;
    return describe(new Date(), 'INFO', plain(detailType), detail);
  }
  return line;
}

function describeMetrics({ _aws, ...values }: z.infer<typeof metricsLine>): string {
  const metrics = _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics);
  const names = new Set(metrics.map(({ Name }) => Name));
  // outcomes first
  const [counts = [], others = []] = [true, false].map((isCount) =>
    metrics.filter(({ Unit }) => (Unit === 'Count') === isCount),
  );
  const descriptions = [
    // a count of one adds nothing to the name
    ...counts.map(({ Name }) => (values[Name] === 1 ? Name : `${Name} ${numbersText(values[Name])}`)),
    ...others.map(({ Name, Unit }) => `${Name} ${numbersText(values[Name])}${UNITS[Unit ?? ''] ?? ''}`),
  ].map(plain);
  const facts = Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)));
  return describe(new Date(_aws.Timestamp), 'INFO', descriptions.join(', '), facts);
}

/** A value, or several, with at most one decimal. */
function numbersText(value: unknown): string {
  return [value]
    .flat()
    .map((item) => (typeof item === 'number' ? Math.round(item * 10) / 10 : item))
    .join(' and ');
}

function describe(
  time: Date,
  level: string,
  message: string,
  facts: Readonly<Record<string, unknown>>,
): string {
  const shown = Object.entries(facts).filter(
    ([name, value]) => !LEFT_OUT.has(name) && value !== undefined && value !== null,
  );
  const texts = shown.map(([name, value]) => `${plain(name)}=${valueText(value)}`);
  return [timeOfDay(time), plain(level).padEnd(5), message, ...texts].join(' ');
}

/** For example `13:32:00.123`, in the machine's time zone. */
function timeOfDay(time: Date): string {
  return `${time.toTimeString().slice(0, 8)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** Quoted where its end would be ambiguous. */
function valueText(value: unknown): string {
  if (typeof value !== 'string') return plain(JSON.stringify(value));
  return /^[^\s"=]+$/.test(value) ? plain(value) : plain(JSON.stringify(value));
}

function framesOf(stack: unknown): string[] {
  const frames = z.array(z.string()).safeParse(stack);
  return frames.success ? frames.data.map((frame) => `    ${plain(frame)}`) : [];
}

/** Escapes everything that could move a terminal's cursor or start another line. */
function plain(text: string): string {
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
