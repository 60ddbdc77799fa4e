import { quantile } from 'simple-statistics';
import * as z from 'zod/mini';
import { DELIVERY_METRICS, OUTCOME_METRICS } from '../functions/runtime/metric-names.ts';
import { atMost, type BenchmarkReport, createReport, type Figure } from './report.ts';

/** What the upstreams recorded: the outbox, and the recipient of each email and of each with a lost response. */
export const outageOutcome = z.object({
  inOutbox: z.int(),
  deadLetters: z.int(),
  emailedTo: z.array(z.string()),
  responsesLostFor: z.array(z.string()),
});

/** What the benchmark measured; times in milliseconds. */
export interface OutageResult {
  /** Without a status, the connection failed. */
  readonly responses: readonly {
    readonly email: string;
    readonly status: number | undefined;
    readonly durationMs: number;
  }[];
  readonly outcome: z.infer<typeof outageOutcome>;
  /** What the functions counted, by the metric's name. */
  readonly counts: ReadonlyMap<string, number>;
  readonly responseTimeMs: number;
  /** From the last response until the outbox was empty, or the time limit. */
  readonly drainedAfterMs: number;
}

/** How far the 99th percentile may exceed the constant response time, in milliseconds. */
const SLACK_MS = 50;
const NOTES = [
  'If the response of Beyond Identity is lost after it accepted, the request is sent again: such duplicates are unavoidable and counted separately.',
  'Not shown: AWS itself (its faults, latency, cold starts), and that each Lambda instance has its own circuit breaker: here one process runs each function.',
];

/** Judges what became of every accepted request. */
export function reportOutage(result: OutageResult): BenchmarkReport {
  const { responses, outcome, counts, responseTimeMs, drainedAfterMs } = result;
  const accepted = responses.filter(({ status }) => status === 202);
  const emails = countEach(outcome.emailedTo);
  const lostResponses = countEach(outcome.responsesLostFor);
  let duplicates = 0;
  let explained = 0;
  for (const [email, sent] of emails) {
    duplicates += sent - 1;
    explained += Math.min(sent - 1, lostResponses.get(email) ?? 0);
  }
  const lost = accepted.filter(({ email }) => !emails.has(email)).length;
  const counted = (name: string) => counts.get(name) ?? 0;
  const times = accepted.map(({ durationMs }) => durationMs);
  // 0 without any: then no request is accepted, which misses a limit
  const percentile = (p: number) => (times.length === 0 ? 0 : Math.round(quantile(times, p)));
  const figures = [
    figure('requests', responses.length),
    figure('accepted (202)', accepted.length),
    figure('other responses', responses.length - accepted.length, 0),
    figure('through the outbox', counted(OUTCOME_METRICS.queued)),
    figure('deliveries postponed', counted(DELIVERY_METRICS.postponed)),
    figure('outbox empty after, s', Math.round(drainedAfterMs / 1000)),
    figure('emails', outcome.emailedTo.length),
    figure('emails with a lost response', outcome.responsesLostFor.length),
    figure('duplicates after a lost response', explained),
    figure('other duplicates', duplicates - explained, 0),
    figure('lost: accepted, no email', lost, 0),
    figure('dead letters', outcome.deadLetters, 0),
    figure('dropped because of age', counted(DELIVERY_METRICS.dropped), 0),
    figure('left in the outbox', outcome.inOutbox, 0),
    figure('response time p0, ms', percentile(0)),
    figure('response time p50, ms', percentile(0.5)),
    figure('response time p99, ms', percentile(0.99), responseTimeMs + SLACK_MS),
    figure('response time p100, ms', percentile(1)),
  ];
  const about =
    'The service through an outage: healthy, transient faults with an API token rotation, down, healthy again.';
  return createReport('outage', [{ about, figures }], NOTES);
}

function figure(name: string, value: number, limit?: number): Figure {
  return { name, values: { figure: value }, ...atMost(limit, value) };
}

function countEach(values: readonly string[]): Map<string, number> {
  return new Map([...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]));
}
