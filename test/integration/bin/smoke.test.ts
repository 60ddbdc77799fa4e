import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { startHttpServer } from '../../../local/http-server.ts';
import { environment, plant, simulation, useSimulation } from './doctor-simulation.ts';

useSimulation();

/** Runs the command as a child process, with nothing of this machine's AWS configuration. */
async function runSmoke(args: readonly string[], variables: Record<string, string> = environment) {
  const child = spawn(process.execPath, ['bin/smoke.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...variables,
    },
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exited, stdout, stderr };
}

describe('npm run smoke', () => {
  test('finds the endpoint of a stack, and that it rejects a bad address', async () => {
    const { exitCode, stdout, stderr } = await runSmoke(['--local']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(`ok       ${simulation.appUrl}/recover-user rejects a bad address\n`);
    expect(simulation.tenant.mails).toEqual([]);
  });

  test('tests a URL without AWS credentials, and prints one JSON document with --json', async () => {
    const url = `${simulation.appUrl}/recover-user`;
    const { exitCode, stdout } = await runSmoke(['--json', '--url', url], {});
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, { status: 'ok', url, problems: [] }]);
  });

  test('exits with 1, and names the problem and its fix, when the endpoint responds with something else', async () => {
    const endpoint = await startHttpServer((_request, response) => void response.writeHead(502).end());
    await plant({ outputs: { EndpointUrl: `${endpoint.url}/recover-user` } });
    const [plain, json] = await Promise.all([runSmoke(['--local']), runSmoke(['--local', '--json'])]);
    await endpoint.close();
    const problem = `${endpoint.url}/recover-user responds to a bad address with 502 instead of 422`;
    expect(plain.exitCode).toBe(1);
    expect(plain.stdout).toBe(
      `problem  ${problem}\n         fix: see docs/troubleshooting.md#the-endpoint-responds-with\n`,
    );
    expect([json.exitCode, JSON.parse(json.stdout)]).toMatchObject([
      1,
      { status: 'problem', problems: [problem] },
    ]);
  });

  test.each([
    [['--local', '--stage', 'staging'], /^There is no stack RecoveryStack-staging .*--url/],
    [['--url', 'recover-user'], /^--url is "recover-user"; it must be a URL such as/],
    [['--url', 'ftp://example.com/'], /^--url is "ftp:/],
    [['--stag', 'staging'], /^Unknown option '--stag'[\s\S]*npm run smoke -- --stage/],
  ])('explains what is wrong with %j', async (args, message) => {
    const { exitCode, stdout, stderr } = await runSmoke(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('explains that a stack has no endpoint', async () => {
    await plant({ outputs: { EndpointUrl: null } });
    const { exitCode, stderr } = await runSmoke(['--local']);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('RecoveryStack has no output EndpointUrl'),
    ]);
  });

  test('explains itself with --help', async () => {
    const { exitCode, stdout } = await runSmoke(['--help'], {});
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Sends a deployed endpoint a bad address[\s\S]*cloudformation:DescribeStacks\n$/);
  });
});
