import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ACCEPTED_BODY } from '../../functions/recover-user/http/contract.ts';
import { startHttpServer } from '../../local/http-server.ts';
import { SIMULATED_API_TOKEN } from '../../local/tenant/tenant.ts';
import { freePorts } from '../integration/local/free-ports.ts';
import { LAST_LINE_OF_BANNER, printed, recover, start, startReady, stopStarted } from './start-harness.ts';

jest.setTimeout(30_000);

afterEach(stopStarted);

test('sends one email to a known user, none to an unknown one, with the same response and no address in the logs', async () => {
  const port = await freePorts();
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

test('accepts a request during an outage, and sends exactly one email when the tenant is healed', async () => {
  const port = await freePorts();
  const local = await startReady(port);
  const read = async (offset: number, path: string) =>
    (await fetch(`http://127.0.0.1:${port + offset}${path}`)).json();
  const fault = `http://127.0.0.1:${port + 1}/simulation/fault`;
  await fetch(fault, { method: 'PUT', body: '{"kind":"reset"}' });

  const response = await recover(port, 'john@example.com');
  expect([response.status, await response.text()]).toEqual([202, ACCEPTED_BODY]);
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

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops it cleanly while a request hangs', async (signal) => {
  const port = await freePorts();
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

describe('a start that cannot succeed exits with one line per problem', () => {
  test.each([0, 5])('when port %i of the six is in use', async (offset) => {
    const first = await freePorts();
    const occupant = await startHttpServer(() => {}, { port: first + offset });
    const local = start({ PORT: String(first) });
    expect(await local.ended).toBe(1);
    expect(local.errors()).toBe(
      `Port ${first + offset} is in use. Choose the first of six other ports, for example: PORT=4000 npm start\n`,
    );
    expect(local.output()).toBe('');
    await occupant.close();
  });

  test('when variables are invalid', async () => {
    const local = start({ PORT: 'abc', LOG_FORMAT: 'yaml', CAPTCHA_PROVIDER: 'foo', DELIVERY: 'later' });
    expect(await local.ended).toBe(1);
    expect(local.errors().split('\n')).toEqual([
      expect.stringMatching(/^PORT must be a whole number from 1 to 65530/),
      expect.stringMatching(/^LOG_FORMAT must be /),
      expect.stringMatching(/^CAPTCHA_PROVIDER has no effect here: /),
      'DELIVERY must be direct or queued',
      '',
    ]);
    expect(local.output()).toBe('');
  });
});

test('PORT=80 starts at http://localhost/, or reports why port 80 is unavailable', async () => {
  const local = start({ PORT: '80' });
  await printed(local, LAST_LINE_OF_BANNER);
  expect(local.output() + local.errors()).toMatch(
    /^ {2}http:\/\/localhost\/$|^Port 8[0-5] (is in use|needs privileges).* PORT=4000 npm start$/m,
  );
});

test('sends every email through the outbox with DELIVERY=queued', async () => {
  const port = await freePorts();
  const local = await startReady(port, { DELIVERY: 'queued' });
  const response = await recover(port, 'john@example.com');
  expect([response.status, await response.text()]).toEqual([202, ACCEPTED_BODY]);
  await printed(local, 'Delivered');
  const mailbox = await fetch(`http://127.0.0.1:${port}/mailbox.json`);
  expect(await mailbox.json()).toEqual({ mails: [expect.objectContaining({ to: 'john@example.com' })] });
  expect(local.output()).toMatch(/ INFO {2}Queued requestId=/);
});

describe('the log', () => {
  async function logOf(environment: Record<string, string>): Promise<string[]> {
    const port = await freePorts();
    const local = await startReady(port, { RESPONSE_TIME_MS: '0', ...environment });
    const banner = local.output();
    await fetch(`http://127.0.0.1:${port + 1}/simulation/fault`, {
      method: 'PUT',
      body: '{"kind":"500","times":1}',
    });
    await recover(port, 'john@example.com');
    local.child.kill('SIGINT');
    expect(await local.ended).toBe(0);
    return (local.output().slice(banner.length) + local.errors()).split('\n').filter((line) => line !== '');
  }

  test('has a readable line for each event by default', async () => {
    const lines = await logOf({});
    const time = String.raw`\d\d:\d\d:\d\d\.\d{3}`;
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(`^${time} INFO  Forwarded, UpstreamLatency [\\d.]+ and [\\d.]+ ms requestId=[\\w-]+$`),
      ),
      expect.stringMatching(
        new RegExp(
          `^${time} INFO  Recovery Requested requestId=[\\w-]+ sourceIp=127\\.0\\.0\\.1 outcome=forwarded mailbox=\\S+ attemptId=[\\w-]+$`,
        ),
      ),
      expect.stringMatching(new RegExp(`^${time} WARN  Beyond Identity operation=recover-user status=500$`)),
    ]);
  });

  test('has the JSON lines of the deployed functions with LOG_FORMAT=json', async () => {
    const lines: unknown[] = (await logOf({ LOG_FORMAT: 'json' })).map((line) => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({ _aws: expect.anything(), Forwarded: 1 }),
      {
        event: {
          'detail-type': 'Recovery Requested',
          detail: expect.objectContaining({ outcome: 'forwarded' }),
        },
      },
      expect.objectContaining({ level: 'WARN', message: 'Beyond Identity', status: 500 }),
    ]);
  });
});
