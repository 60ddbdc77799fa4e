import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import malformedEvent from '../../events/not-an-address.json' with { type: 'json' };
import validEvent from '../../events/recover-user.json' with { type: 'json' };
import type { AnyTenant } from '../../local/platforms/platform.ts';
import { type Simulation, startSimulation, startV1Simulation } from '../../local/simulation.ts';
import { freePorts } from '../integration/local/free-ports.ts';
import { IMAGE } from './image.ts';

const selfTestReport = z.object({ checks: z.array(z.object({ status: z.string(), detail: z.string() })) });

const { SAM_TEST_FOLDER = '', SAM_TEST_COMMAND, SAM_TEST_TEMPLATE = '' } = process.env;
const describeWithDocker = SAM_TEST_COMMAND === undefined ? describe.skip : describe;

const PLATFORMS = [
  { platform: 'v0', variables: 'sam-environment.json', start: startSimulation },
  { platform: 'v1', variables: 'sam-environment-v1.json', start: startV1Simulation },
];

describeWithDocker.each(PLATFORMS)('sam local, on $platform', ({ platform, variables, start }) => {
  let simulation: Simulation<AnyTenant>;
  let options: string[];

  beforeAll(async () => {
    const port = await freePorts();
    simulation = await start({ port, host: '0.0.0.0' });
    const file = join(SAM_TEST_FOLDER, variables);
    const documented = await readFile(join('local', variables), 'utf8');
    const shifted = documented.replaceAll(/:300(\d)/g, (_, part) => `:${port + Number(part)}`);
    await writeFile(file, shifted);
    options = [
      ...['--template', SAM_TEST_TEMPLATE, '--env-vars', file, '--skip-pull-image', '--invoke-image', IMAGE],
      ...['--add-host', 'host.docker.internal:host-gateway'],
    ];
  });
  afterAll(() => simulation?.close());

  const recipients = () => simulation.tenant.mails.map(({ to }) => to);

  test('invoke: the endpoint has an email sent', async () => {
    expect(await invoke('RecoverUserFunction', validEvent, options)).toMatchObject({ statusCode: 202 });
    expect(recipients()).toEqual(['jane@example.com']);
  });

  test('invoke: the endpoint rejects what is no address', async () => {
    expect(await invoke('RecoverUserFunction', malformedEvent, options)).toMatchObject({ statusCode: 422 });
  });

  test('invoke: the delivery function delivers a message of the outbox', async () => {
    const now = Date.now();
    const message = { attemptId: randomUUID(), mailbox: 'a', acceptedAt: now, sentAt: now, postponements: 0 };
    const body = JSON.stringify({ ...message, address: 'john@example.com' });
    const record = { messageId: 'a', receiptHandle: 'a', body, attributes: { SentTimestamp: `${now}` } };
    const result = await invoke('DeliverOutboxFunction', { Records: [record] }, options);
    expect(result).toEqual({ batchItemFailures: [] });
    expect(recipients()).toEqual(['jane@example.com', 'john@example.com']);
  });

  test.each(['RecoverUserFunction', 'DeliverOutboxFunction'])('invoke: %s tests itself', async (id) => {
    const { checks } = selfTestReport.parse(await invoke(id, { kind: 'self-test' }, options));
    // a container knows the tenant by another host than the one that the tenant signs its tokens with
    const expected =
      platform === 'v1' ? [expect.stringMatching(/^the token was issued by 127\.0\.0\.1/)] : [];
    expect(checks.flatMap(({ status, detail }) => (status === 'ok' ? [] : [detail]))).toEqual(expected);
  });

  test('start-api: the endpoint responds to HTTP', async () => {
    const port = await freePorts();
    const child = spawn(SAM_TEST_COMMAND ?? '', ['local', 'start-api', '-p', `${port}`, ...options], {
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      await printed(child.stderr, 'Running on http');
      const post = (email: string) =>
        fetch(`http://127.0.0.1:${port}/recover-user`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email }),
        });
      expect(await post(`nobody-${platform}@example.com`)).toHaveProperty('status', 202);
      expect(await post('not-an-address')).toHaveProperty('status', 422);
    } finally {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      await exited;
    }
  });
});

/** Resolves once a stream has had a text, and goes on reading it; rejects when it ends before. */
async function printed(stream: Readable, expected: string): Promise<void> {
  let log = '';
  const found = Promise.withResolvers<void>();
  stream.on('data', (output) => {
    log += output;
    if (log.includes(expected)) found.resolve();
  });
  stream.on('end', () => found.reject(new Error(log)));
  await found.promise;
}

/** Runs `sam local invoke`; the result of the function. Rejects with the log where there is none. */
async function invoke(id: string, event: object, options: readonly string[]): Promise<unknown> {
  const child = spawn(SAM_TEST_COMMAND ?? '', ['local', 'invoke', id, '--event', '-', ...options], {
    env: environment(),
  });
  child.stdin.end(JSON.stringify(event));
  const [result, log] = await Promise.all([text(child.stdout), text(child.stderr)]);
  try {
    return JSON.parse(result);
  } catch {
    throw new Error(`sam local invoke ${id} has no result: ${result}\n${log}`);
  }
}

/** Without the machine's own settings of AWS and of the SAM CLI. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, DOCKER_HOST, TMPDIR } = process.env;
  return {
    ...{ PATH, TMPDIR, HOME: SAM_TEST_FOLDER, SAM_CLI_TELEMETRY: '0', AWS_DEFAULT_REGION: 'us-east-1' },
    ...(DOCKER_HOST && { DOCKER_HOST }),
  };
}
