import { environment } from '../integration/bin/doctor-simulation.ts';
import { runCommandProcess } from './command-process.ts';

/** Runs a command of the help desk as a process of its own, against the running simulation. */
export async function runLocally(script: string, ...args: readonly string[]) {
  // an account that must not be used
  return runCommandProcess(script, ['--local', ...args], { AWS_PROFILE: 'mine', ...environment });
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
