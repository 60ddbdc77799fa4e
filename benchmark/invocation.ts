import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { shuffle } from 'simple-statistics';
import * as z from 'zod/mini';
import { type Benchmark, UsageError, wholeNumber } from './benchmark.ts';
import { INVOCATIONS, warmMs } from './fresh-process.ts';
import { type Round, reportInvocations, type Sample } from './invocation-report.ts';
import { startUpstreams } from './processes.ts';
import { createBundles, createMeasure, type SubjectName, subjectsOf } from './subjects.ts';

const ROUNDS = { byDefault: 9, lowest: 1, highest: 99 };

const upstreamRecord = z.object({ recoveries: z.int(), rateLimiterCalls: z.int() });

/** Bundle size, cold start, warm invocation, CPU and memory of the function as it is deployed, relative to a bare handler. */
export const invocation: Benchmark = {
  usage: `bundle size, cold start, warm invocation, CPU and memory, compared with a bare node:https handler
  --rounds N             fresh processes of each (${ROUNDS.byDefault})
  --runtime-client DIR   a folder in which you ran npm install aws-lambda-ric: use the real runtime client`,
  options: { rounds: { type: 'string' }, 'runtime-client': { type: 'string' } },
  measure: async (values, context) => {
    const roundCount = wholeNumber(values, 'rounds', ROUNDS);
    const realClient = realRuntimeClient(values['runtime-client']);
    const bundled = await createBundles(context);
    await using upstreams = await startUpstreams(context);
    const subjects = subjectsOf(bundled, upstreams.ready.environment);
    const measure = createMeasure(realClient ?? bundled.runtimeClient, context);
    const names = Object.keys(subjects).filter((name): name is SubjectName => name in subjects);

    const rounds: Round[] = [];
    // the first one is not measured: it brings every file into the cache of the system
    while (rounds.length < roundCount + 1) {
      const samples: Partial<Record<SubjectName, Sample>> = {};
      // in random order, so that drift of the machine affects all alike
      for (const name of shuffle(names)) {
        const subject = subjects[name];
        if (subject === undefined) continue;
        const record = await measure(subject);
        const { coldMs, cpuMs, peakMemoryMib } = record;
        samples[name] = { coldMs, warmMs: warmMs(record), cpuMs, peakMemoryMib };
      }
      rounds.push(samples);
    }

    const { recoveries, rateLimiterCalls } = await upstreams.request('record', upstreamRecord);
    const each = (roundCount + 1) * INVOCATIONS;
    // all but the queued one forward, and half of them ask the rate limiter
    const limited = names.filter((name) => ['full', 'queued', 'baseline'].includes(name)).length;
    if (recoveries < (names.length - 1) * each || rateLimiterCalls < limited * each) {
      throw new Error(
        `Expected ${each} invocations of each, but ${recoveries} reached the tenant and ${rateLimiterCalls} the rate limiter.`,
      );
    }
    const bytes = new Map(names.map((name) => [name, subjects[name]?.bytes ?? 0]));
    return reportInvocations({ rounds: rounds.slice(1), bytes });
  },
};

function realRuntimeClient(folder: unknown): string | undefined {
  if (typeof folder !== 'string') return undefined;
  const file = resolve(folder, 'node_modules', 'aws-lambda-ric', 'index.mjs');
  if (existsSync(file)) return file;
  throw new UsageError(`--runtime-client: ${file} does not exist. Run npm install aws-lambda-ric there.`);
}
