import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { DELIVERY_METRICS, OUTCOME_METRICS } from '../functions/runtime/metric-names.ts';
import { untimelyEnd } from './untimely-end.ts';

const places = z.object({ controlUrl: z.string(), environment: z.record(z.string(), z.string()) });
const progress = z.object({ inOutbox: z.int(), deadLetters: z.int() });
const outcome = z.extend(progress, {
  mailedTo: z.array(z.string()),
  answersLostFor: z.array(z.string()),
});
const ready = z.object({ url: z.string() });

/** Where the outside world is controlled, and the environment with which the service goes to it. */
export type Places = z.infer<typeof places>;

/** How many messages the outbox still holds, and how many ended in the dead-letter queue. */
export type Progress = z.infer<typeof progress>;

/** What the outside world saw: the receiver of every mail, and of every mail whose answer did not get back. */
export type Outcome = z.infer<typeof outcome>;

/** Which part of the service a process is. */
export type Role = 'endpoint' | 'delivery';

/** The outside world, in a process of its own. */
export interface OutageWorld {
  readonly environment: Readonly<Record<string, string>>;
  /** Lets the outage begin. */
  start(): Promise<void>;
  progress(): Promise<Progress>;
  outcome(): Promise<Outcome>;
  close(): void;
}

/** A part of the service, in a process of its own. */
export interface ServiceProcess {
  /** Where the endpoint is; of the delivery function, nothing. */
  readonly url: string;
  /** How often it has counted what, by the metric's name. */
  readonly counts: ReadonlyMap<string, number>;
  close(): void;
}

/** Starts the outside world with so many users; rejects when it ends instead, or when the signal aborts. */
export async function startOutageWorld(users: number, signal: AbortSignal): Promise<OutageWorld> {
  const child = fork(scriptOf('outage-world.ts'), [String(users)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { controlUrl, environment } = places.parse(await firstMessage(child, signal));
  const ask = async (path: string) => (await fetch(controlUrl + path, { signal })).json();
  return {
    environment,
    start: async () => {
      await ask('/start');
    },
    progress: async () => progress.parse(await ask('/progress')),
    outcome: async () => outcome.parse(await ask('/outcome')),
    close: () => void child.kill('SIGKILL'),
  };
}

/** Starts a part of the service; rejects when it ends instead, or when the signal aborts. */
export async function startService(
  role: Role,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ServiceProcess> {
  const child = fork(scriptOf('outage-service.ts'), [role], {
    // nothing of the developer's own
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const counts = new Map<string, number>();
  onLine(child.stdout, (line) => {
    for (const name of countedIn(line)) counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  onLine(child.stderr, (line) => {
    if (!isExpected(line)) console.error(line);
  });
  const { url } = ready.parse(await firstMessage(child, signal));
  return { url, counts, close: () => void child.kill('SIGKILL') };
}

function onLine(output: Readable | null, read: (line: string) => void): void {
  if (output) createInterface(output).on('line', read);
}

/** Whether a line of the log is one that an outage brings along: a call that failed. */
function isExpected(line: string): boolean {
  return line.startsWith('{"level":"WARN"');
}

async function firstMessage(child: ChildProcess, signal: AbortSignal): Promise<unknown> {
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), untimelyEnd(child, signal)]);
    return message;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

const COUNTED: readonly string[] = [...Object.values(OUTCOME_METRICS), ...Object.values(DELIVERY_METRICS)];

/** The names of what a line of the function's output counts; once each, as often as it has values. */
export function countedIn(line: string): string[] {
  if (!line.startsWith('{"_aws"')) return [];
  const metrics: Record<string, unknown> = JSON.parse(line);
  return COUNTED.flatMap((name) => {
    const value = metrics[name];
    if (value === undefined) return [];
    return Array.isArray(value) ? value.map(() => name) : [name];
  });
}

function scriptOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
