import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { median } from 'simple-statistics';
import sampleEvent from '../events/recover-user.json' with { type: 'json' };
import { readBody, startHttpServer } from '../local/http-server.ts';

/** How often a process is invoked whose warm invocations are measured; the first ones do not count as warm. */
export const INVOCATIONS = 500;
export const WARM_UP_INVOCATIONS = 50;
const RUN_TIMEOUT_MS = 120_000;
const MAXIMUM_RESPONSE_BYTES = 6 * 1024 * 1024;
const NEXT = '/2018-06-01/runtime/invocation/next';

/** A function to measure in a process of its own. */
export interface FreshProcess {
  /** The file of the runtime client, which loads the function. */
  readonly runtimeClient: string;
  /** The folder of the function's `index.mjs`. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The address of each invocation. */
  readonly emails: readonly string[];
  /** A file that the process writes its id into when it starts: its control group. */
  readonly controlGroup?: string | undefined;
}

/** What was measured of one process. */
export interface ProcessRecord {
  /** From the start of the process until its first response, in milliseconds. */
  readonly coldMs: number;
  /** From handing each event out until its response, in milliseconds. */
  readonly durationsMs: readonly number[];
  /** The time of the CPU that a warm invocation takes, in milliseconds; not a number with the real runtime client. */
  readonly cpuMs: number;
  readonly peakMemoryMib: number;
}

/** Starts a process, invokes its function and kills it. Rejects when it fails or times out, and when the signal aborts. */
export async function measureFreshProcess(
  { runtimeClient, bundle, environment, emails, controlGroup }: FreshProcess,
  signal: AbortSignal,
): Promise<ProcessRecord> {
  signal.throwIfAborted();
  const runtimeApi = await startRuntimeApi(emails);
  const command = [process.execPath, runtimeClient, 'index.handler'];
  const [file = '', ...args] = controlGroup
    ? ['/bin/sh', '-c', `echo $$ > '${controlGroup}' && exec "$@"`, 'sh', ...command]
    : command;
  const startedAt = performance.now();
  const child = spawn(file, args, {
    cwd: bundle,
    env: { ...environment, ...lambdaEnvironment(bundle, new URL(runtimeApi.url).host) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(RUN_TIMEOUT_MS)]);
    const exited = once(child, 'exit', { signal: limited }).then(([code]) => {
      throw new Error(`The process of ${bundle} exited early (${code}).`);
    });
    const record = await Promise.race([runtimeApi.record, exited]);
    const { durationsMs, warmCpuUs } = record;
    return {
      coldMs: record.firstResponseAt - startedAt,
      durationsMs,
      cpuMs: warmCpuUs / 1000 / (emails.length - WARM_UP_INVOCATIONS),
      peakMemoryMib: (largestResidentSetKib(child.pid) ?? record.peakMemoryKib) / 1024,
    };
  } finally {
    child.kill('SIGKILL');
    await ended;
    await runtimeApi.close();
  }
}

/** The median of a process's warm invocations, in milliseconds. */
export function warmMs({ durationsMs }: ProcessRecord): number {
  return median(durationsMs.slice(WARM_UP_INVOCATIONS));
}

/** Starts an emulator of the Lambda Runtime API. Its record is complete when the runtime requests one event too many. */
async function startRuntimeApi(emails: readonly string[]) {
  const durationsMs: number[] = [];
  const times = { firstResponseAt: 0, durationsMs };
  const record = Promise.withResolvers<typeof times & { peakMemoryKib: number; warmCpuUs: number }>();
  let startedAt = 0;
  let cpuBeforeUs = 0;
  const server = await startHttpServer(async (request, response) => {
    const invocation = durationsMs.length;
    const email = emails[invocation];
    if (request.url === NEXT && email !== undefined) {
      const event = JSON.stringify(recoveryEvent(invocation, email));
      if (invocation === WARM_UP_INVOCATIONS) cpuBeforeUs = Number(request.headers['cpu-us']);
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Lambda-Runtime-Aws-Request-Id': `invocation-${invocation}`,
        'Lambda-Runtime-Deadline-Ms': Date.now() + 15_000,
        'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:123456789012:function:benchmark',
      });
      startedAt = performance.now();
      response.end(event);
    } else if (request.url === NEXT) {
      // no response: the process idles until it has been inspected and killed
      const peakMemoryKib = Number(request.headers['peak-memory-kib']);
      const warmCpuUs = Number(request.headers['cpu-us']) - cpuBeforeUs;
      record.resolve({ ...times, peakMemoryKib, warmCpuUs });
    } else {
      const body = (await readBody(request, MAXIMUM_RESPONSE_BYTES)) ?? '';
      const endedAt = performance.now();
      times.firstResponseAt ||= endedAt;
      durationsMs.push(endedAt - startedAt);
      if (!/"statusCode":\s*202/.test(body)) record.reject(new Error(`An invocation responded with ${body}`));
      response.writeHead(202).end();
    }
  });
  return { ...server, record: record.promise };
}

function recoveryEvent(number: number, email: string): object {
  const requestContext = { ...sampleEvent.requestContext, requestId: `request-${number}` };
  return { ...sampleEvent, requestContext, body: JSON.stringify({ email }) };
}

/** The variables that Lambda sets, as far as a runtime client or a library reads them. */
export function lambdaEnvironment(bundle: string, runtimeApi: string): Record<string, string> {
  return {
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    LAMBDA_TASK_ROOT: bundle,
    _HANDLER: 'index.handler',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'benchmark',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  };
}

/** From /proc, if there is one, rather than `maxRSS`, which on Linux starts with the size of the parent. */
function largestResidentSetKib(pid: number | undefined): number | undefined {
  const file = `/proc/${pid}/status`;
  const highWaterMark = existsSync(file) && /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1];
  return highWaterMark ? Number(highWaterMark) : undefined;
}
