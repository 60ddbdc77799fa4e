import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { on, once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import type { BenchmarkContext, Platform } from './benchmark.ts';

/**
 * Starts a script of this folder in a process of its own and waits for its first message, `ready`; see {@link serveParent}.
 * The environment is the whole one of the process; absent: inherited.
 */
export async function startScript<Ready extends z.ZodMiniType>(
  script: string,
  argument: string,
  ready: Ready,
  { folder, signal }: BenchmarkContext,
  environment?: Readonly<Record<string, string>>,
) {
  signal.throwIfAborted();
  // a file, because writing to it costs the function as little as in Lambda
  const logFile = join(folder, `${script}-${randomUUID()}.log`);
  await using output = await open(logFile, 'w');
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), [argument], {
    env: environment ? { ...environment, HOME: folder } : process.env,
    // the progress of tools is of interest only when they fail
    stdio: ['ignore', output.fd, environment ? 'inherit' : output.fd, 'ipc'],
    // a process group, so that what the script starts is killed with it
    detached: true,
  });
  const log = () => readFile(logFile, 'utf8');
  const messages = on(child, 'message', { close: ['exit'], signal });

  async function nextMessage<Message extends z.ZodMiniType>(schema: Message) {
    const { value, done } = await messages.next();
    if (done) throw new Error(`${script} exited early.\n${await log()}`);
    return schema.parse(value[0]);
  }
  function request<Reply extends z.ZodMiniType>(message: string, reply: Reply) {
    child.send(message);
    return nextMessage(reply);
  }
  async function close(): Promise<void> {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await exited;
  }
  try {
    return { ready: await nextMessage(ready), request, log, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the upstreams are to be. */
export interface UpstreamOptions {
  readonly platform: Platform;
  /** Whether the tenant goes through the outage; otherwise it is healthy, with realistic latency. */
  readonly isOutage: boolean;
  /** How far away everything is, in milliseconds, and no other latency; absent: only the tenant has a realistic one. */
  readonly roundTripMs: number | undefined;
  /** How many users the tenant has of each class that has any. */
  readonly users: number;
}

/** Starts the upstreams of the functions; by default, a healthy v0 tenant. */
export function startUpstreams(context: BenchmarkContext, options: Partial<UpstreamOptions> = {}) {
  const ready = z.object({ environment: z.record(z.string(), z.string()) });
  const argument = JSON.stringify({ platform: 'v0', isOutage: false, users: 0, ...options });
  return startScript('upstreams.ts', argument, ready, context);
}

/** Starts a function behind its emulated trigger, whose URL it reports. Only its errors appear on the standard error. */
export function startService(
  name: 'recover-user' | 'deliver-outbox',
  environment: Readonly<Record<string, string>>,
  context: BenchmarkContext,
) {
  const ready = z.object({ url: z.string() });
  return startScript('service.ts', name, ready, context, { ...environment, POWERTOOLS_LOG_LEVEL: 'ERROR' });
}

/** In a script: sends the first message, replies to the parent's messages, and exits when the parent is gone. */
export function serveParent(ready: object, reply: (message: unknown) => object = () => ({})): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (message) => process.send?.(reply(message)));
  process.send?.(ready);
}
