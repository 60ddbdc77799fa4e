import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { examine } from '../../../bin/doctor/examine.ts';
import { jsonReport, problemsIn } from '../../../bin/doctor/report.ts';
import { useSimulation } from '../../../bin/simulation-endpoints.ts';
import { stackNameOf } from '../../../lib/config/stages.ts';

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

/** Nothing of this machine's AWS configuration. */
const WITHOUT_AWS = {
  AWS_CONFIG_FILE: '/nonexistent',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: '1',
};

/** Runs the command as a child process, with nothing of this machine's AWS configuration. */
export async function runDoctor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['bin/doctor.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      // most of a run is loading the AWS SDK
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ...WITHOUT_AWS,
      ...environment,
    },
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exited, stdout, stderr };
}

/** Examines a deployment in this process, with these variables; returns the report of `--json` and the exit code. */
export async function diagnose(
  { stage = 'production', isLocal = false }: { stage?: string; isLocal?: boolean },
  environment: Readonly<Record<string, string>> = {},
) {
  Object.assign(process.env, WITHOUT_AWS, environment);
  if (isLocal) useSimulation();
  const stack = stackNameOf(stage);
  const found = await examine({ stage, stack, isLocal });
  const { status, checks } = report.parse(JSON.parse(jsonReport(stack, found)));
  const problems = checks.filter((check) => check.status === 'problem');
  return { exitCode: problemsIn(found) > 0 ? 1 : 0, status, checks, problems };
}
