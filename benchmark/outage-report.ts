import { DELIVERY_METRICS, OUTCOME_METRICS } from '../functions/runtime/metric-names.ts';
import type { BenchmarkReport } from './benchmark.ts';
import type { Answered } from './outage-client.ts';
import type { Outcome } from './outage-process.ts';
import { percentile } from './statistics.ts';
import { table } from './table.ts';

/** All that the soak found. */
export interface OutageResult {
  readonly answered: readonly Answered[];
  readonly outcome: Outcome;
  /** What the two functions counted, by the metric's name. */
  readonly counts: ReadonlyMap<string, number>;
  /** The constant response time of the endpoint, in milliseconds. */
  readonly responseTimeMs: number;
  /** From the end of the last answer until the outbox was empty, or was not waited for any longer, in milliseconds. */
  readonly drainedAfterMs: number;
}

/** One line of the table; with a limit, it is judged. */
interface Figure {
  readonly name: string;
  readonly label: string;
  readonly value: number;
  /** What it must not exceed. */
  readonly limit?: number;
}

/** How far beyond the constant response time the 99th percentile may lie, in milliseconds. */
const SLACK_MS = 50;

const NOT_SHOWN =
  "Not shown: AWS itself (its faults, its latency, cold starts), and that each instance of Lambda has a brake of its own: here one process does each function's work.";
const LOST_ANSWERS =
  'Where Beyond Identity accepts and its answer is lost, the request is sent again: those doubles cannot be avoided, and are counted apart.';

/** Words the result as a table and as a document. */
export function reportOutage(result: OutageResult): BenchmarkReport {
  const { answered, responseTimeMs, drainedAfterMs } = result;
  const figures = [...tally(result), ...responseTimes(answered, responseTimeMs)];
  const met = figures.every(isMet);
  return {
    met,
    document: {
      benchmark: 'outage',
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      drainedAfterMs: Math.round(drainedAfterMs),
      figures: Object.fromEntries(
        figures.map((figure) => {
          const { name, label: _label, ...rest } = figure;
          return [name, { ...rest, ...(figure.limit !== undefined && { met: isMet(figure) }) }];
        }),
      ),
      met,
      notShown: [NOT_SHOWN],
    },
    text: [
      'The service through an outage: healthy, faulty with a rotation of the API token, dark, healthy again.',
      `The outbox was empty ${(drainedAfterMs / 1000).toFixed(1)} s after the last answer. Node ${process.version}, ${process.platform} ${process.arch}.`,
      '',
      table([['', 'figure', 'limit', ''], ...figures.map(row)]),
      '',
      LOST_ANSWERS,
      NOT_SHOWN,
      met ? 'Every limit is met.' : 'A limit is missed.',
    ].join('\n'),
  };
}

function tally({ answered, outcome, counts }: OutageResult): Figure[] {
  const accepted = answered.filter(isAccepted);
  const mails = countEach(outcome.mailedTo);
  const lostAnswers = countEach(outcome.answersLostFor);
  const lost = accepted.filter(({ address }) => !mails.has(address)).length;
  let doubles = 0;
  let explained = 0;
  for (const [address, sent] of mails) {
    doubles += sent - 1;
    explained += Math.min(sent - 1, lostAnswers.get(address) ?? 0);
  }
  const counted = (name: string) => counts.get(name) ?? 0;
  return [
    { name: 'requests', label: 'requests', value: answered.length },
    { name: 'accepted', label: 'answered 202', value: accepted.length },
    { name: 'refused', label: 'answered otherwise', value: answered.length - accepted.length, limit: 0 },
    { name: 'queued', label: 'through the outbox', value: counted(OUTCOME_METRICS.queued) },
    { name: 'postponed', label: 'deliveries postponed', value: counted(DELIVERY_METRICS.postponed) },
    { name: 'mails', label: 'mails', value: outcome.mailedTo.length },
    { name: 'lostAnswers', label: 'mails whose answer was lost', value: outcome.answersLostFor.length },
    { name: 'doublesExplained', label: 'doubles, after a lost answer', value: explained },
    { name: 'doubles', label: 'doubles, others', value: doubles - explained, limit: 0 },
    { name: 'lost', label: 'lost: a 202 without a mail', value: lost, limit: 0 },
    { name: 'deadLetters', label: 'dead letters', value: outcome.deadLetters, limit: 0 },
    { name: 'dropped', label: 'dropped for their age', value: counted(DELIVERY_METRICS.dropped), limit: 0 },
    { name: 'inOutbox', label: 'left in the outbox', value: outcome.inOutbox, limit: 0 },
  ];
}

function responseTimes(answered: readonly Answered[], responseTimeMs: number): Figure[] {
  const times = answered.filter(isAccepted).map(({ responseMs }) => responseMs);
  // nothing was measured: shown as such, and missed by "answered otherwise"
  const at = (percent: number) => (times.length === 0 ? 0 : Math.round(percentile(times, percent)));
  return [
    { name: 'responseP0Ms', label: 'response time of a 202, p0, ms', value: at(0) },
    { name: 'responseP50Ms', label: 'p50, ms', value: at(50) },
    { name: 'responseP99Ms', label: 'p99, ms', value: at(99), limit: responseTimeMs + SLACK_MS },
    { name: 'responseP100Ms', label: 'p100, ms', value: at(100) },
  ];
}

function isAccepted({ status }: Answered): boolean {
  return status === 202;
}

function isMet({ value, limit }: Figure): boolean {
  return limit === undefined || value <= limit;
}

function countEach(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function row(figure: Figure): string[] {
  const { label, value, limit } = figure;
  const judgement = limit === undefined ? '' : isMet(figure) ? 'met' : 'MISSED';
  return [label, String(value), limit === undefined ? '' : String(limit), judgement];
}
