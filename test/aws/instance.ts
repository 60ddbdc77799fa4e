import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { lambdaEnvironment } from '../../benchmark/fresh-process.ts';
import { withinTime } from '../../local/emulators/lambda-invocation.ts';
import { readBody, startHttpServer } from '../../local/http-server.ts';

const INVOCATION = '/2018-06-01/runtime/invocation';
const MAXIMUM_RESPONSE_BYTES = 6 * 1024 * 1024;
const description = z.object({ errorType: z.string(), errorMessage: z.string() });

/** What an instance runs. */
export interface InstanceOptions {
  /** The folder with the bundle, as it is in cdk.out. */
  readonly bundle: string;
  /** The variables of the function, and those of its credentials. */
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** An instance of a function, in a process of its own. */
export interface Instance {
  /** The result of the function for one event; one event after the other. Rejects when it throws, exits or times out. */
  invoke(event: unknown): Promise<unknown>;
  /** What it printed so far, on both streams. */
  log(): string;
  close(): Promise<void>;
}

/** Starts an instance: AWS's runtime client, which loads the bundle, and the Runtime API that it polls. */
export async function startInstance({ bundle, variables, timeoutMs }: InstanceOptions): Promise<Instance> {
  const runtimeClient = process.env['AWS_RUNTIME_CLIENT'] ?? '';
  const results = new Map<string, PromiseWithResolvers<string>>();
  let poll = Promise.withResolvers<ServerResponse>();

  const api = await startHttpServer(async (request, response) => {
    const [requestId = '', kind] = (request.url ?? '').slice(INVOCATION.length + 1).split('/');
    if (requestId === 'next') return poll.resolve(response);
    const body = (await readBody(request, MAXIMUM_RESPONSE_BYTES)) ?? '';
    const result = results.get(requestId);
    if (kind === 'response') result?.resolve(body);
    else result?.reject(errorOf(body));
    response.writeHead(202).end();
  });
  const child = spawn(process.execPath, [runtimeClient, 'index.handler'], {
    cwd: bundle,
    env: {
      ...variables,
      ...environmentOfLambda(bundle, new URL(api.url).host),
      HOME: dirname(runtimeClient),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const exited = once(child, 'close').then(() => {
    throw new Error(`The function exited (${child.exitCode ?? child.signalCode}):\n${log}`);
  });
  exited.catch(() => {});

  async function invokeOnce(event: unknown): Promise<unknown> {
    const response = await Promise.race([poll.promise, exited]);
    poll = Promise.withResolvers();
    const requestId = randomUUID();
    const result = Promise.withResolvers<string>();
    results.set(requestId, result);
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': requestId,
      'Lambda-Runtime-Deadline-Ms': Date.now() + timeoutMs,
      'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:123456789012:function:function',
    });
    response.end(JSON.stringify(event));
    return JSON.parse(await withinTime(Promise.race([result.promise, exited]), timeoutMs));
  }

  let previous: Promise<unknown> = Promise.resolve();
  return {
    invoke(event) {
      const result = previous.then(() => invokeOnce(event));
      previous = result.catch(() => {});
      return result;
    },
    log: () => log,
    async close() {
      child.kill('SIGKILL');
      await exited.catch(() => {});
      await api.close();
    },
  };
}

function errorOf(body: string): Error {
  const { errorType, errorMessage } = description.parse(JSON.parse(body));
  return new Error(`${errorType}: ${errorMessage}`);
}

/** The variables that Lambda sets, as far as AWS's runtime client or a library reads them. */
function environmentOfLambda(bundle: string, runtimeApi: string): Record<string, string> {
  return {
    ...lambdaEnvironment(bundle, runtimeApi),
    AWS_LAMBDA_FUNCTION_NAME: 'function',
    AWS_LAMBDA_FUNCTION_VERSION: '1',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_GROUP_NAME: 'function',
    AWS_LAMBDA_LOG_STREAM_NAME: 'instance',
  };
}
