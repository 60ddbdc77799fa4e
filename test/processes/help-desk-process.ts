import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { environment } from '../integration/bin/doctor-simulation.ts';

/** Runs a command of the help desk as a process of its own, against the running simulation. */
export async function runLocally(script: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [`bin/${script}.ts`, '--local', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // an account that must not be used
    env: { PATH: process.env['PATH'], AWS_PROFILE: 'mine', AWS_MAX_ATTEMPTS: '1', ...environment },
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exited, stdout, stderr };
}

/** Requests a recovery by the public route. */
export async function request(appUrl: string, email: string): Promise<string> {
  const response = await fetch(`${appUrl}/recover-user`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });
  return response.headers.get('x-request-id') ?? '';
}
