import { availableParallelism } from 'node:os';
import { shuffle } from 'simple-statistics';
import * as z from 'zod/mini';
import type { BenchmarkContext, Platform } from './benchmark.ts';
import { measureFreshProcess } from './fresh-process.ts';
import { startUpstreams } from './processes.ts';
import { createBundles } from './subjects.ts';
import { CALLER_CLASSES, type CallerClass, CLASS_BEHAVIOR, emailOf } from './tenant.ts';

/** What was measured of first requests, each on an instance that starts for it. */
export interface ColdMeasurement {
  readonly responseTimeMs: number;
  /** From the start of the instance's process until its response, in milliseconds. */
  readonly responses: readonly { readonly callerClass: CallerClass; readonly durationMs: number }[];
  /** The response times of second requests to some of the instances, in milliseconds. */
  readonly warmMs: readonly number[];
  /** How many requests had another outcome than their class demands. */
  readonly unexpectedOutcomes: number;
}

const RATE_LIMITED_MAILBOXES = 50;
/** Every so many instances get a second request. */
const WARM_EVERY = 4;
/** How many instances live at a time: most of the time they wait, and half of every core is idle. */
const INSTANCES = 4 * availableParallelism();

const upstreamRecord = z.object({ outcomes: z.record(z.string(), z.number()) });

/** Sends each request to a fresh instance of the bundle as it is deployed. Rejects when one responds with an error. */
export async function measureColdTiming(
  requests: number,
  platform: Platform,
  context: BenchmarkContext,
): Promise<ColdMeasurement> {
  const { direct, runtimeClient } = await createBundles(context);
  await using upstreams = await startUpstreams(context, { platform, users: requests });
  const environment: Readonly<Record<string, string>> = {
    ...direct.environment,
    ...upstreams.ready.environment,
    EVENT_BUS_NAME: 'events',
    OUTBOX_QUEUE_URL: `${upstreams.ready.environment['AWS_ENDPOINT_URL_SQS']}/1/outbox`,
    MAILBOX_COOLDOWN_SECONDS: '3600',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    HOME: context.folder,
  };
  const failure = new AbortController();
  const signal = AbortSignal.any([context.signal, failure.signal]);
  const start = (emails: readonly string[], more = {}) =>
    measureFreshProcess(
      { runtimeClient, bundle: direct.folder, environment: { ...environment, ...more }, emails },
      signal,
    );

  // not measured: uses up the one attempt of each
  const limited = Array.from({ length: RATE_LIMITED_MAILBOXES }, (_, number) =>
    emailOf('rate-limited', number),
  );
  await start(limited, { RESPONSE_TIME_MS: '0' });
  const before = await upstreams.request('record', upstreamRecord);

  const calls = shuffle(
    CALLER_CLASSES.flatMap((callerClass) =>
      Array.from({ length: requests }, (_, number) => ({ callerClass, number })),
    ),
  );
  const warmMs: number[] = [];
  const responses: { callerClass: CallerClass; durationMs: number }[] = [];
  const startOneAfterTheOther = async () => {
    for (let call = calls.pop(); call !== undefined; call = calls.pop()) {
      const { callerClass, number } = call;
      const distinct = callerClass === 'rate-limited' ? number % RATE_LIMITED_MAILBOXES : number;
      const second = number % WARM_EVERY === 0 ? [`${callerClass}-${number}@warm.example.com`] : [];
      const { coldMs, durationsMs } = await start([emailOf(callerClass, distinct), ...second]);
      warmMs.push(...durationsMs.slice(1));
      responses.push({ callerClass, durationMs: coldMs });
    }
  };
  try {
    await Promise.all(Array.from({ length: INSTANCES }, startOneAfterTheOther));
  } finally {
    // after a failure, the others must not keep the process alive
    failure.abort();
  }
  const { outcomes } = await upstreams.request('record', upstreamRecord);
  const count = (outcome: string) => (outcomes[outcome] ?? 0) - (before.outcomes[outcome] ?? 0);
  const missing = CALLER_CLASSES.map((name) => CLASS_BEHAVIOR[name].outcome)
    .filter((outcome, index, all) => all.indexOf(outcome) === index)
    .map((outcome) => {
      const classes = CALLER_CLASSES.filter((name) => CLASS_BEHAVIOR[name].outcome === outcome).length;
      const expected = classes * requests + (outcome === 'forwarded' ? warmMs.length : 0);
      return Math.max(0, expected - count(outcome));
    });
  return {
    responseTimeMs: Number(environment['RESPONSE_TIME_MS']),
    responses,
    warmMs,
    unexpectedOutcomes: missing.reduce((sum, one) => sum + one, 0),
  };
}
