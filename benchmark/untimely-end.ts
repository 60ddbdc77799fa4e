import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Rejects when a process ends, or cannot be started, or when the signal aborts: to race with what it is to do. */
export async function untimelyEnd(child: ChildProcess, signal: AbortSignal): Promise<never> {
  const [code, killedBy] = await once(child, 'exit', { signal });
  throw new Error(`${child.spawnargs.join(' ')} ended too early (${code ?? killedBy}).`);
}
