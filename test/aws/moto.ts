import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunningServer } from '../../local/http-server.ts';
import { installPackages } from '../python.ts';

const RUNNING = /Running on (http:\/\/127\.0\.0\.1:\d+)/;
const START_MS = 30_000;

/** A running moto, which emulates AWS. */
export interface Moto extends RunningServer {
  /** From now on, every call needs credentials of moto's IAM whose policies allow its action. */
  enforcePermissions(): Promise<void>;
}

/** Installs moto into a new virtual environment in the folder, and returns its command. */
export async function installMoto(folder: string): Promise<string> {
  const bin = await installPackages(folder, join(import.meta.dirname, 'requirements.txt'));
  return join(bin, 'moto_server');
}

/** Starts moto at a free port of the loopback interface. Rejects with its output when it does not start in time. */
export async function startMoto(command: string): Promise<Moto> {
  const child = spawn(command, ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // every deployment has a region of its own
    env: { ...process.env, MOTO_ALLOW_NONEXISTENT_REGION: 'true' },
  });
  const url = await urlOf(child).catch(async (error: unknown) => {
    await kill(child);
    throw error;
  });
  return {
    url,
    async enforcePermissions() {
      const response = await fetch(`${url}/moto-api/reset-auth`, { method: 'POST', body: '0' });
      if (!response.ok) throw new Error(`moto does not enforce permissions: ${response.status}`);
    },
    close: () => kill(child),
  };
}

async function urlOf(child: ChildProcess): Promise<string> {
  const { stderr } = child;
  if (stderr === null) throw new Error('moto has no standard error.');
  const printed: string[] = [];
  const timeout = AbortSignal.timeout(START_MS);
  const lines = createInterface({ input: stderr, signal: timeout });
  for await (const line of lines) {
    const [, url] = RUNNING.exec(line) ?? [];
    if (url !== undefined) {
      // its log of requests goes nowhere, but must not fill the pipe
      stderr.resume();
      return url;
    }
    printed.push(line);
  }
  throw new Error(`moto did not start within ${START_MS} ms:\n${printed.join('\n')}`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
