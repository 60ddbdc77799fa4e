import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { untimelyEnd } from './untimely-end.ts';

const SCRIPT = fileURLToPath(new URL('stand-ins.ts', import.meta.url));

const standIns = z.object({ tenantUrl: z.string(), secretsManagerUrl: z.string(), secretId: z.string() });

/** Where the stand-ins are, and which secret holds the API token. */
export type StandIns = z.infer<typeof standIns>;

/** The stand-ins, running in a process of their own. */
export interface RunningStandIns extends StandIns {
  /** How many requests for recovery have reached the tenant. */
  recoveries(): Promise<number>;
  close(): void;
}

/** Starts the stand-ins; rejects when they end instead of starting, or when the signal aborts. */
export async function startStandIns(signal: AbortSignal): Promise<RunningStandIns> {
  const child = fork(SCRIPT, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const close = () => {
    child.kill('SIGKILL');
  };
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), untimelyEnd(child, signal)]);
    const places = standIns.parse(message);
    const recoveries = async () =>
      z.int().parse(await (await fetch(`${places.tenantUrl}/recoveries`)).json());
    return { ...places, recoveries, close };
  } catch (error) {
    close();
    throw error;
  }
}
