import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { recoveryEvent } from './gateway-event.ts';
import { startRuntimeApi } from './runtime-api.ts';
import { percentile } from './statistics.ts';
import { untimelyEnd } from './untimely-end.ts';

const LONGEST_RUN_MS = 30_000;

/** A function to start in a process of its own. */
export interface FreshProcess {
  /** File of the runtime client, which loads the function. */
  readonly runtimeClient: string;
  /** Folder of the function's `index.mjs`. */
  readonly bundle: string;
  /** All that the process gets, beside what names the function and the Runtime API. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How often a function is invoked, each time for another address. */
export interface Invocations {
  readonly count: number;
  /** The number of the first address. */
  readonly firstNumber: number;
  /** So many of the first ones do not count as warm. */
  readonly leftOut: number;
}

/** What one process showed. */
export interface Sample {
  /** From the start of the process to its request for the first event, in milliseconds. */
  readonly initMs: number;
  /** The first invocation, in milliseconds. */
  readonly firstMs: number;
  /** From the start of the process to the first answer, in milliseconds. */
  readonly coldMs: number;
  /** Of the warm invocations, in milliseconds. */
  readonly warmP50Ms: number;
  readonly warmP99Ms: number;
  /** The largest resident set, in MiB. */
  readonly peakMemoryMib: number;
}

/** Starts a process, invokes its function, ends it. Rejects when it fails, is too slow, or the signal aborts. */
export async function measureFreshProcess(
  { runtimeClient, bundle, environment }: FreshProcess,
  { count, firstNumber, leftOut }: Invocations,
  signal: AbortSignal,
): Promise<Sample> {
  signal.throwIfAborted();
  const runtimeApi = await startRuntimeApi(
    Array.from({ length: count }, (_, index) => recoveryEvent(firstNumber + index)),
  );
  const startedAt = performance.now();
  const child = spawn(process.execPath, [runtimeClient, 'index.handler'], {
    cwd: bundle,
    env: { ...environment, ...lambdaEnvironment(bundle, new URL(runtimeApi.url).host) },
    // what the function prints is thrown away at no cost; what it complains of is seen
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_RUN_MS)]);
    const record = await Promise.race([runtimeApi.record, untimelyEnd(child, limited)]);
    const warm = record.durationsMs.slice(leftOut);
    return {
      initMs: record.readyAt - startedAt,
      firstMs: record.durationsMs[0] ?? Number.NaN,
      coldMs: record.firstAnswerAt - startedAt,
      warmP50Ms: percentile(warm, 50),
      warmP99Ms: percentile(warm, 99),
      peakMemoryMib: (largestResidentSetKib(child) ?? record.peakMemoryKib ?? Number.NaN) / 1024,
    };
  } finally {
    child.kill('SIGKILL');
    await runtimeApi.close();
  }
}

/** What Lambda tells every function of Node 24, as far as a runtime client or a library asks for it. */
function lambdaEnvironment(bundle: string, runtimeApi: string): Record<string, string> {
  return {
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    LAMBDA_TASK_ROOT: bundle,
    _HANDLER: 'index.handler',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'benchmark',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/benchmark',
    AWS_LAMBDA_LOG_STREAM_NAME: 'benchmark',
  };
}

/**
 * From outside, and not `maxRSS`: on Linux that one starts with the size of the process that started this one.
 * `undefined` where the system has no such file.
 */
function largestResidentSetKib({ pid }: ChildProcess): number | undefined {
  const file = `/proc/${pid}/status`;
  const highWaterMark = existsSync(file) && /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1];
  return highWaterMark ? Number(highWaterMark) : undefined;
}
