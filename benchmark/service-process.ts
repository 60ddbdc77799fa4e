import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { forkScript } from './forked-script.ts';

const service = z.object({ url: z.string(), responseTimeMs: z.int() });

/** Where the gateway is, and the setting of the response time with which the function behind it runs. */
export type Service = z.infer<typeof service>;

/** The service, running in a process of its own. */
export interface RunningService extends Service {
  readonly child: ChildProcess;
  /** All that the function has printed so far. */
  log(): Promise<string>;
  close(): void;
}

/**
 * Starts the service with these settings and no other; its log goes to a file in that folder, where writing it costs as
 * little as in Lambda. Rejects when it ends instead of starting, or when the signal aborts.
 */
export async function startService(
  environment: Readonly<Record<string, string>>,
  folder: string,
  signal: AbortSignal,
): Promise<RunningService> {
  const logFile = join(folder, 'service.log');
  const output = openSync(logFile, 'w');
  try {
    const { child, message } = await forkScript(
      { script: 'service.ts', environment: { ...environment, HOME: folder }, output },
      service,
      signal,
    );
    return {
      ...message,
      child,
      log: () => readFile(logFile, 'utf8'),
      close: () => {
        child.kill('SIGKILL');
      },
    };
  } finally {
    closeSync(output);
  }
}
