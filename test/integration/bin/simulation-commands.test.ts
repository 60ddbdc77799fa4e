import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { DEPLOYMENT_PATH } from '../../../local/emulators/operator/operator-api.ts';
import { API_TOKEN_PATH } from '../../../local/paths.ts';
import { type Simulation, startSimulation } from '../../../local/simulation.ts';
import { fiveFreePorts } from '../local/five-free-ports.ts';
import { recordOutput } from '../recorded-output.ts';
import { diagnose } from './doctor-process.ts';

jest.setTimeout(30_000);

let simulation: Simulation;
let port: string;
let recording: ReturnType<typeof recordOutput>;

beforeEach(async () => {
  recording = recordOutput();
  const first = await fiveFreePorts();
  port = String(first);
  simulation = await startSimulation({ port: first, host: '127.0.0.1' });
});
afterEach(async () => {
  await simulation.close();
  recording.stop();
});

async function run(script: string, input = '', environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [`bin/${script}.ts`, '--local'], {
    // an account that must not be used
    env: { PATH: process.env['PATH'], AWS_PROFILE: 'mine', PORT: port, ...environment },
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exited, stdout, stderr };
}

async function problems(): Promise<string[]> {
  const report = await diagnose(['--local'], { PORT: port });
  return report.problems.map(({ name }) => name);
}

async function put(url: string, body: object): Promise<void> {
  expect((await fetch(url, { method: 'PUT', body: JSON.stringify(body) })).status).toBe(200);
}

test('npm run store-token -- --local fixes an API token that the simulated tenant rejects', async () => {
  await put(simulation.tenantUrl + API_TOKEN_PATH, { apiToken: 'rotated' });
  expect(await problems()).toContain('endpoint function, Beyond Identity');
  expect(await run('store-token', 'rotated')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await problems()).toEqual([]);
});

test('npm run store-token -- --local fixes a secret without a value', async () => {
  const client = new SecretsManagerClient({ endpoint: simulation.secretsManagerUrl });
  await client.send(new CreateSecretCommand({ Name: 'empty' }));
  client.destroy();
  await put(simulation.operatorUrl + DEPLOYMENT_PATH, { outputs: { ApiTokenSecretArn: 'empty' } });
  expect(await problems()).toEqual(['API token secret']);
  expect(await run('store-token', 'any-token')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await problems()).toEqual([]);
});

test('npm run redrive -- --local empties the dead-letter queue of the simulation', async () => {
  const client = new SQSClient({ endpoint: simulation.sqsUrl });
  const QueueUrl = `${simulation.sqsUrl}/123456789012/outbox-dead-letters`;
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
  client.destroy();
  expect(await problems()).toEqual(['dead-letter queue']);
  expect(await run('redrive')).toMatchObject({
    exitCode: 0,
    stdout: 'Moved 1 request back to the outbox.\n',
  });
  expect(await problems()).toEqual([]);
});

test.each(['store-token', 'redrive', 'doctor'])(
  'npm run %s -- --local rejects a PORT that is no port',
  async (script) => {
    const { exitCode, stderr } = await run(script, 'token', { PORT: 'soon' });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^PORT must be the first port of the simulation/);
  },
);
