import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type * as z from 'zod/mini';
import { untimelyEnd } from './untimely-end.ts';

/** How long a script may take to start, and to answer a message. */
const LONGEST_ANSWER_MS = 20_000;

/** A script of this folder, to run in a process of its own. */
export interface ForkedScript {
  /** Such as `service.ts`. */
  readonly script: string;
  /** All that the process gets; absent: what this process has. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The descriptor of an open file for what it prints and complains of; absent: only complaints are shown. */
  readonly output?: number;
}

/**
 * Forks a script whose first message says that it has started; it is to end when its channel to this process closes.
 * Rejects when it ends instead of starting, is too slow, or the signal aborts.
 */
export async function forkScript<Schema extends z.ZodMiniType>(
  { script, environment, output }: ForkedScript,
  firstMessage: Schema,
  signal: AbortSignal,
): Promise<{ child: ChildProcess; message: z.output<Schema> }> {
  signal.throwIfAborted();
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), {
    env: environment ?? process.env,
    stdio: ['ignore', output ?? 'ignore', output ?? 'inherit', 'ipc'],
  });
  try {
    return { child, message: await nextMessage(child, firstMessage, signal) };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** The next message of a process; rejects when it ends instead, is too slow, or the signal aborts. */
export async function nextMessage<Schema extends z.ZodMiniType>(
  child: ChildProcess,
  schema: Schema,
  signal: AbortSignal,
): Promise<z.output<Schema>> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_ANSWER_MS)]);
  const message = once(child, 'message', { signal: limited });
  const [received] = await Promise.race([message, untimelyEnd(child, limited)]);
  return schema.parse(received);
}
