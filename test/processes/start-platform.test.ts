import { afterEach, expect, jest, test } from '@jest/globals';
import { ACCEPTED_BODY } from '../../functions/recover-user/http/contract.ts';
import { SIMULATED_CLIENT_SECRET } from '../../local/tenant/v1/simulated-ids.ts';
import { freePorts } from '../integration/local/free-ports.ts';
import { recover, start, startReady, stopStarted } from './start-harness.ts';

jest.setTimeout(30_000);
afterEach(stopStarted);

test('runs a v1 tenant with --platform v1, with no address and no secret in the logs', async () => {
  const port = await freePorts();
  const local = await startReady(port, {}, ['--platform', 'v1']);
  const banner = local.output();
  for (const line of [
    '  Platform         v1 (client credentials)',
    '  No email address noah@example.com',
    `  Binding jobs     http://localhost:${port + 1}/simulation/jobs`,
  ]) {
    expect(banner).toContain(`\n${line}`);
  }
  expect(banner).toContain('late-response (delayMs)');
  expect(banner).toContain('Operations, all if absent: token, identities, jobs, ');

  const response = await recover(port, 'jane@example.com');
  expect([response.status, await response.text()]).toEqual([202, ACCEPTED_BODY]);
  const mailbox = await fetch(`http://127.0.0.1:${port}/mailbox`);
  expect(await mailbox.text()).toContain(`http://localhost:${port}/bind?`);

  local.child.kill('SIGINT');
  expect(await local.ended).toBe(0);
  expect(local.output().slice(banner.length) + local.errors()).not.toContain('@example.com');
  expect(local.output() + local.errors()).not.toContain(SIMULATED_CLIENT_SECRET);
});

test('prints the options and exits with --help', async () => {
  const local = start({}, ['--help']);
  expect(await local.ended).toBe(0);
  expect(local.output()).toContain('--platform NAME');
  expect(local.errors()).toBe('');
});

test('an unknown platform prevents the start, with the allowed ones', async () => {
  const local = start({}, ['--platform', 'v2']);
  expect(await local.ended).toBe(1);
  expect(local.errors()).toBe('--platform must be v0 or v1. For example: npm start -- --platform v1\n');
  expect(local.output()).toBe('');
});
