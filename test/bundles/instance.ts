import { fork } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Bundles } from './bundles.ts';

const reply = z.object({
  /** What the function returned. */
  result: z.optional(z.unknown()),
  /** What it threw, as text; absent: nothing. */
  thrown: z.optional(z.string()),
  /** How long the invocation took, in milliseconds. */
  durationMs: z.number(),
  /** What the functions wrote to both streams meanwhile. */
  printed: z.string(),
});
const loadReply = z.object({ initMs: z.number() });
const heapReply = z.object({ heapBytes: z.number() });

/** What came of an invocation. */
export type Reply = z.infer<typeof reply>;

/** A process with the bundled functions in it, as Lambda runs them. */
export interface Instance extends AsyncDisposable {
  /** Loads a function; resolves with how long that took, in milliseconds. Rejects where the process ends. */
  load(name: keyof Bundles): Promise<number>;
  /** Invokes a function that is loaded. Rejects where the process ends. */
  invoke(name: keyof Bundles, event: unknown, timeoutMs?: number): Promise<Reply>;
  /** The size of the heap after a garbage collection. */
  heapBytes(): Promise<number>;
}

const PROCESS = join(import.meta.dirname, 'instance-process.js');
const LAMBDA_TIMEOUT_MS = 15_000;

/** Starts an instance with the variables of the template, and these. */
export async function startInstance(
  { endpoint, delivery }: Bundles,
  environment: Readonly<Record<string, string>>,
): Promise<Instance> {
  const files = { endpoint: endpoint.file, delivery: delivery.file };
  const child = fork(PROCESS, [JSON.stringify(files)], {
    env: { ...delivery.environment, ...endpoint.environment, ...environment },
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let waiting = Promise.withResolvers<unknown>();
  const exited = Promise.withResolvers<void>();
  child.on('message', (message) => waiting.resolve(message));
  child.on('error', (error) => waiting.reject(error));
  child.on('exit', (code, signal) => {
    waiting.reject(new Error(`The instance ended (${signal ?? code}).`));
    exited.resolve();
  });

  function ask(message: object): Promise<unknown> {
    waiting = Promise.withResolvers();
    child.send(message);
    return waiting.promise;
  }

  await waiting.promise;
  return {
    invoke: async (name, event, timeoutMs = LAMBDA_TIMEOUT_MS) =>
      reply.parse(await ask({ task: 'invoke', name, event, timeoutMs })),
    load: async (name) => loadReply.parse(await ask({ task: 'load', name })).initMs,
    heapBytes: async () => heapReply.parse(await ask({ task: 'heap' })).heapBytes,
    [Symbol.asyncDispose]: async () => {
      // whoever waits no longer needs to
      waiting.promise.catch(() => undefined);
      child.kill('SIGKILL');
      await exited.promise;
    },
  };
}
