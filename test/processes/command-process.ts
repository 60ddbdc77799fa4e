import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** Runs a command of `bin/` as a process of its own, with nothing of this machine's environment but the path and these variables. */
export async function runCommandProcess(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
) {
  const child = spawn(process.execPath, [`bin/${script}.ts`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], AWS_MAX_ATTEMPTS: '1', ...environment },
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exited, stdout, stderr };
}
