import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';

const report = z.strictObject({
  status: z.enum(['ok', 'problem']),
  stack: z.string(),
  checks: z.array(
    z.strictObject({
      status: z.enum(['ok', 'problem', 'skipped']),
      name: z.string(),
      detail: z.string(),
      fix: z.optional(z.string()),
    }),
  ),
});

/** Runs the command as a child process, with nothing of this machine's AWS configuration. */
export async function runDoctor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['bin/doctor.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      // most of a run is loading the AWS SDK
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
      ...environment,
    },
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exited, stdout, stderr };
}

/** Runs the command with `--json`; returns its report. */
export async function diagnose(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout } = await runDoctor([...args, '--json'], environment);
  const { status, checks } = report.parse(JSON.parse(stdout));
  return { exitCode, status, checks, problems: checks.filter((check) => check.status === 'problem') };
}
