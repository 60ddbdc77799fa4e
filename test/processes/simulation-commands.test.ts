import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { SIMULATED_API_TOKEN } from '../../local/tenant/tenant.ts';
import { diagnose } from '../integration/bin/doctor-process.ts';
import {
  bury,
  createSecret,
  environment,
  plant,
  useSimulation,
} from '../integration/bin/doctor-simulation.ts';

useSimulation();

async function run(script: string, input = '', variables: Readonly<Record<string, string>> = environment) {
  const child = spawn(process.execPath, [`bin/${script}.ts`, '--local'], {
    // an account that must not be used
    env: { PATH: process.env['PATH'], AWS_PROFILE: 'mine', ...variables },
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exited, stdout, stderr };
}

async function problems(): Promise<string[]> {
  const report = await diagnose({ isLocal: true }, environment);
  return report.problems.map(({ name }) => name);
}

test('npm run store-token -- --local fixes an API token that the simulated tenant rejects', async () => {
  expect(await run('store-token', 'wrong')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await problems()).toContain('endpoint function, Beyond Identity');
  expect(await run('store-token', SIMULATED_API_TOKEN)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await problems()).toEqual([]);
});

test('npm run store-token -- --local fixes a secret without a value', async () => {
  await createSecret('empty');
  await plant({ outputs: { ApiTokenSecretArn: 'empty' } });
  expect(await problems()).toEqual(['API token secret']);
  expect(await run('store-token', 'any-token')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await problems()).toEqual([]);
});

test('npm run redrive -- --local empties the dead-letter queue of the simulation', async () => {
  await bury(1);
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
