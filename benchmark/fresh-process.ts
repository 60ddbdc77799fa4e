import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { median } from 'simple-statistics';
import sampleEvent from '../events/recover-user.json' with { type: 'json' };
import { readBody, startHttpServer } from '../local/http-server.ts';

/** How often each process is invoked, the first ones included, which do not count as warm. */
export const INVOCATIONS = 500;
const WARM_UP_INVOCATIONS = 50;
const RUN_TIMEOUT_MS = 30_000;
const MAXIMUM_RESPONSE_BYTES = 6 * 1024 * 1024;
const NEXT = '/2018-06-01/runtime/invocation/next';

/** A function to measure in a process of its own. */
export interface FreshProcess {
  /** The file of the runtime client, which loads the function. */
  readonly runtimeClient: string;
  /** The folder of the function's `index.mjs`. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The number of the first email address; every invocation has another. */
  readonly firstNumber: number;
}

/** The figures of one process; the cold start lasts from its start until its first response. A warm invocation is the median. */
export type Sample = Readonly<Record<'coldMs' | 'warmMs' | 'peakMemoryMib', number>>;

/** Starts a process, invokes its function and kills it. Rejects when it fails or times out, and when the signal aborts. */
export async function measureFreshProcess(
  { runtimeClient, bundle, environment, firstNumber }: FreshProcess,
  signal: AbortSignal,
): Promise<Sample> {
  signal.throwIfAborted();
  const runtimeApi = await startRuntimeApi(firstNumber);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [runtimeClient, 'index.handler'], {
    cwd: bundle,
    env: { ...environment, ...lambdaEnvironment(bundle, new URL(runtimeApi.url).host) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(RUN_TIMEOUT_MS)]);
    const exited = once(child, 'exit', { signal: limited }).then(([code]) => {
      throw new Error(`The process of ${bundle} exited early (${code}).`);
    });
    const record = await Promise.race([runtimeApi.record, exited]);
    return {
      coldMs: record.firstResponseAt - startedAt,
      warmMs: median(record.durationsMs.slice(WARM_UP_INVOCATIONS)),
      peakMemoryMib: (largestResidentSetKib(child.pid) ?? record.peakMemoryKib) / 1024,
    };
  } finally {
    child.kill('SIGKILL');
    await runtimeApi.close();
  }
}

/** Starts an emulator of the Lambda Runtime API. Its record is complete when the runtime requests one event too many. */
async function startRuntimeApi(firstNumber: number) {
  const durationsMs: number[] = [];
  const times = { firstResponseAt: 0, durationsMs };
  const record = Promise.withResolvers<typeof times & { peakMemoryKib: number }>();
  let startedAt = 0;
  const server = await startHttpServer(async (request, response) => {
    const invocation = durationsMs.length;
    if (request.url === NEXT && invocation < INVOCATIONS) {
      const event = JSON.stringify(recoveryEvent(firstNumber + invocation));
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
      record.resolve({ ...times, peakMemoryKib });
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

function recoveryEvent(number: number): object {
  const requestContext = { ...sampleEvent.requestContext, requestId: `request-${number}` };
  return { ...sampleEvent, requestContext, body: JSON.stringify({ email: `user-${number}@example.com` }) };
}

/** The variables that Lambda sets, as far as a runtime client or a library reads them. */
function lambdaEnvironment(bundle: string, runtimeApi: string): Record<string, string> {
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
