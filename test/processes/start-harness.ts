import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../../local/start.ts', import.meta.url));
/** Printed once all parts have started. */
export const LAST_LINE_OF_BANNER = 'Press Ctrl+C to stop.';

/** A process of `npm start`. */
export interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

let started: Started | undefined;

/** Ends the latest process, if a test has left it running. */
export function stopStarted(): void {
  started?.child.kill('SIGKILL');
}

/** Starts the simulation in a process of its own. */
export function start(environment: Record<string, string>, args: readonly string[] = []): Started {
  const child = spawn(process.execPath, [START, ...args], { env: { ...process.env, ...environment } });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close').then(() => child.exitCode);
  started = { child, output: () => output, errors: () => errors, ended };
  return started;
}

/** Starts it, and resolves once it has printed the banner. */
export async function startReady(
  port: number,
  environment: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<Started> {
  const local = start({ PORT: String(port), RESPONSE_TIME_MS: '1000', ...environment }, args);
  await printed(local, LAST_LINE_OF_BANNER);
  if (!isRunning(local)) throw new Error(`It exited early: ${local.errors()}`);
  return local;
}

function isRunning({ child }: Started): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Resolves when it has printed this text, or has exited. */
export async function printed(local: Started, text: string): Promise<void> {
  while (!local.output().includes(text) && isRunning(local)) {
    const stdout = local.child.stdout;
    if (stdout === null) throw new Error('There is no standard output.');
    await Promise.race([once(stdout, 'data'), local.ended]);
  }
}

/** Requests recovery for the address. */
export function recover(port: number, email: string) {
  return fetch(`http://127.0.0.1:${port}/recover-user`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });
}
