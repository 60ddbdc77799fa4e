import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import cdk from '../../cdk.json' with { type: 'json' };

/** The program as the CDK's command line runs it, with the context of cdk.json. */
export async function synthesize(outputDirectory: string, context: Record<string, unknown>) {
  const child = spawn(process.execPath, ['bin/recovery.ts'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      CDK_OUTDIR: outputDirectory,
      CDK_CONTEXT_JSON: JSON.stringify({ ...cdk.context, ...context }),
    },
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exited, stdout, stderr };
}

/** Runs a bundle with the variables that the template gives it, those of a Lambda, and these. */
export async function invokeBundle(file: string, events: unknown[], environment: Record<string, string>) {
  const child = spawn(process.execPath, ['test/processes/invoke-bundle.js', file], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...environment,
    },
  });
  child.stdin.on('error', () => undefined).end(JSON.stringify(events));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const lines = stdout.split('\n');
  const responses = lines
    .filter((line) => line.startsWith('response '))
    .map((line): unknown => JSON.parse(line.slice(9)));
  return { responses, log: lines.filter((line) => !line.startsWith('response ')).join('\n') + stderr };
}

/** An event that a handler cannot read: invoke-bundle.js has the header throw an error. */
export const FAILING_EVENT = { httpMethod: 'POST', headers: { 'x-throws': 'planted' } };
