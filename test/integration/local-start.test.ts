import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ACCEPTED_BODY } from '../../functions/recover-user/contract.ts';
import { startHttpServer } from '../../local/http-server.ts';
import { SIMULATED_API_TOKEN } from '../../local/tenant/tenant.ts';
import { fiveFreePorts } from './five-free-ports.ts';

jest.setTimeout(30_000);

const START = fileURLToPath(new URL('../../local/start.ts', import.meta.url));
const LAST_LINE_OF_BANNER = 'Ctrl-C ends it.';

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  /** The exit code, as soon as it has ended. */
  readonly ended: Promise<number | null>;
}

let started: Started | undefined;
afterEach(() => {
  started?.child.kill('SIGKILL');
});

function start(environment: Record<string, string>): Started {
  const child = spawn(process.execPath, [START], { env: { ...process.env, ...environment } });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close').then(() => child.exitCode);
  started = { child, output: () => output, errors: () => errors, ended };
  return started;
}

async function startReady(port: number): Promise<Started> {
  const local = start({ PORT: String(port), RESPONSE_TIME_MS: '1000' });
  while (!local.output().includes(LAST_LINE_OF_BANNER)) {
    const stdout = local.child.stdout;
    if (stdout === null) throw new Error('There is no standard output.');
    await Promise.race([once(stdout, 'data'), local.ended]);
    if (local.child.exitCode !== null) throw new Error(`It ended early: ${local.errors()}`);
  }
  return local;
}

function recover(port: number, email: string) {
  return fetch(`http://127.0.0.1:${port}/recover-user`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });
}

test('one recovery mail for a known user, none for an unknown one, the same answer, and nothing of it in the logs', async () => {
  const port = await fiveFreePorts();
  const local = await startReady(port);
  const banner = local.output();
  expect(banner).toContain(`\n  http://localhost:${port}/\n`);
  expect(banner).toContain(`curl -i -X POST http://localhost:${port}/recover-user`);

  const known = await recover(port, 'john@example.com');
  const unknown = await recover(port, 'nobody@example.com');
  expect([known.status, await known.text()]).toEqual([202, ACCEPTED_BODY]);
  expect([unknown.status, await unknown.text()]).toEqual([202, ACCEPTED_BODY]);

  const mailbox = await fetch(`http://127.0.0.1:${port}/mailbox.json`);
  expect(await mailbox.json()).toEqual({ mails: [expect.objectContaining({ to: 'john@example.com' })] });
  expect(await (await fetch(`http://127.0.0.1:${port}/mailbox`)).text()).toContain('to john@example.com');

  local.child.kill('SIGINT');
  expect(await local.ended).toBe(0);
  const printed = local.output().slice(banner.length) + local.errors();
  expect(printed).not.toContain('@example.com');
  expect(local.output() + local.errors()).not.toContain(SIMULATED_API_TOKEN);
  expect(local.errors()).not.toMatch(/^ {4}at /m);
});

test('an outage heals: the request is accepted as always, and mailed exactly once when the tenant is back', async () => {
  const port = await fiveFreePorts();
  const local = await startReady(port);
  const read = async (offset: number, path: string) =>
    (await fetch(`http://127.0.0.1:${port + offset}${path}`)).json();
  const fault = `http://127.0.0.1:${port + 1}/simulation/fault`;
  await fetch(fault, { method: 'PUT', body: '{"kind":"reset"}' });

  const answer = await recover(port, 'john@example.com');
  expect([answer.status, await answer.text()]).toEqual([202, ACCEPTED_BODY]);
  expect(await read(0, '/mailbox.json')).toEqual({ mails: [] });
  expect(await read(4, '/simulation/outbox')).toMatchObject({ deadLetters: 0 });

  await fetch(fault, { method: 'DELETE' });
  const empty = JSON.stringify({ waiting: 0, hidden: 0, deadLetters: 0 });
  while (JSON.stringify(await read(4, '/simulation/outbox')) !== empty);
  expect(await read(0, '/mailbox.json')).toEqual({
    mails: [expect.objectContaining({ to: 'john@example.com' })],
  });

  local.child.kill('SIGINT');
  expect(await local.ended).toBe(0);
  expect(local.errors()).not.toMatch(/^ {4}at /m);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it cleanly while a request hangs', async (signal) => {
  const port = await fiveFreePorts();
  const local = await startReady(port);
  const fault = `http://127.0.0.1:${port + 1}/simulation/fault`;
  await fetch(fault, { method: 'PUT', body: '{"kind":"hang","times":1}' });
  const hanging = recover(port, 'jane@example.com').catch(() => 'cut off');
  const isHanging = async () => (await (await fetch(fault)).text()) === '{"fault":null}';
  while (!(await isHanging()));

  local.child.kill(signal);
  local.child.kill(signal);
  expect(await local.ended).toBe(0);
  expect(await hanging).toBe('cut off');
  expect(local.errors()).not.toMatch(/^ {4}at /m);
});

/** A container, for example, may be without. */
describe('a start that cannot succeed ends with one clear line', () => {
  test.each([0, 4])('when port %i of the five is in use', async (offset) => {
    const first = await fiveFreePorts();
    const occupant = await startHttpServer(() => {}, { port: first + offset });
    const local = start({ PORT: String(first) });
    expect(await local.ended).toBe(1);
    expect(local.errors()).toBe(
      `Port ${first + offset} is in use. Choose the first of five other ports, for example: PORT=4000 npm start\n`,
    );
    expect(local.output()).toBe('');
    await occupant.close();
  });

  test('when a setting does not fit', async () => {
    const local = start({ PORT: 'abc' });
    expect(await local.ended).toBe(1);
    expect(local.errors()).toMatch(/^PORT must be a whole number from 1 to 65531.*\n$/);
    expect(local.output()).toBe('');
  });
});
