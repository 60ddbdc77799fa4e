import * as z from 'zod/mini';
import type { BenchmarkContext } from './benchmark.ts';
import { type FreshProcess, INVOCATIONS, measureFreshProcess, type ProcessRecord } from './fresh-process.ts';
import { startScript } from './processes.ts';

/** A function to measure: its bundle, and the variables that it is deployed with. */
const bundle = z.object({
  folder: z.string(),
  bytes: z.int(),
  environment: z.record(z.string(), z.string()),
});
const bundles = z.object({
  direct: bundle,
  queued: bundle,
  bare: bundle,
  bareWithoutUndici: bundle,
  baseline: z.optional(bundle),
  runtimeClient: z.string(),
});

/** What is bundled. */
export type Bundles = z.infer<typeof bundles>;

/** Bundles everything, as it is deployed. */
export async function createBundles(context: BenchmarkContext): Promise<Bundles> {
  await using bundler = await startScript('bundle.ts', context.folder, bundles, context);
  return bundler.ready;
}

/** What is measured, by name; each begins with `bare`, `minimal`, `full`, `queued` or the name of the baseline. */
export interface Subject {
  readonly folder: string;
  /** The size of its bundle. */
  readonly bytes: number;
  readonly environment: Readonly<Record<string, string>>;
}

const OUTBOX = '/1/outbox';

/**
 * The function with one secret and nothing else (minimal), with all protections (full) and with queued delivery; the bare
 * handler; and the baseline. Upstreams are emulated: `upstreams` are their variables.
 */
export function subjectsOf(bundled: Bundles, upstreams: Readonly<Record<string, string>>) {
  const { direct, queued, bare, bareWithoutUndici, baseline } = bundled;
  const { PSEUDONYM_KEY_SECRET_ID = '', ...withoutKey } = upstreams;
  const shared = {
    OUTBOX_QUEUE_URL: `${upstreams['AWS_ENDPOINT_URL_SQS']}${OUTBOX}`,
    EVENT_BUS_NAME: 'events',
  };
  const all = { ...upstreams, ...shared };
  const minimal = { ...withoutKey, ATTEMPTS_TABLE_NAME: '', PSEUDONYM_KEY_SECRET_ID: '' };
  const subject = ({ folder, bytes, environment }: Subject, more: Readonly<Record<string, string>>) => ({
    folder,
    bytes,
    environment: { ...environment, ...more, RESPONSE_TIME_MS: '0' },
  });
  return {
    bare: subject(bare, upstreams),
    bareWithoutUndici: subject(bareWithoutUndici, upstreams),
    minimal: subject(direct, minimal),
    full: subject(direct, all),
    queued: subject(queued, { ...all, PSEUDONYM_KEY_SECRET_ID }),
    ...(baseline && { baseline: subject(baseline, { ...all, ...baseline.environment }) }),
  };
}

/** The name of a subject. */
export type SubjectName = keyof ReturnType<typeof subjectsOf>;

/** Measures one subject after the other, each in a fresh process with addresses that were not used before. */
export function createMeasure(
  runtimeClient: string,
  context: BenchmarkContext,
): (subject: Subject, options?: Pick<FreshProcess, 'controlGroup'>) => Promise<ProcessRecord> {
  let used = 0;
  return ({ folder, environment }, options = {}) => {
    const emails = Array.from({ length: INVOCATIONS }, (_, index) => `user-${used + index}@example.com`);
    // every address is new, because the rate limiter would end a second request early
    used += INVOCATIONS;
    const process = { runtimeClient, bundle: folder, environment: { ...environment, HOME: context.folder } };
    return measureFreshProcess({ ...process, emails, ...options }, context.signal);
  };
}
