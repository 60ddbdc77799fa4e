import { once } from 'node:events';
import { get, type IncomingMessage, request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as z from 'zod/mini';
import { startHttpServer } from '../../../local/http-server.ts';
import { FAULT_PATH, FEED_PATH, LINKS_PATH, MAILBOX_JSON_PATH, MAILBOX_PATH } from '../../../local/paths.ts';
import { type Simulation, type SimulationOptions, startSimulation } from '../../../local/simulation.ts';
import { RECOVER_USER_PATH } from '../../../local/tenant/recover-user-operation.ts';
import { recordOutput } from '../recorded-output.ts';
import { fiveFreePorts } from './five-free-ports.ts';
import { createSoftwareAuthenticator, type SoftwareAuthenticator } from './software-authenticator.ts';

jest.setTimeout(30_000);

const OPTIONS = z.object({ challenge: z.string() });
const AT_ONCE = { RESPONSE_TIME_MS: '0', MAILBOX_COOLDOWN_SECONDS: '0', MAILBOX_ATTEMPTS_PER_DAY: '20' };

let simulation: Simulation;
let port: number;
let recording: ReturnType<typeof recordOutput>;

beforeEach(async () => {
  recording = recordOutput();
  port = await fiveFreePorts();
  simulation = await startSimulation({ port, host: '127.0.0.1', environment: AT_ONCE });
});
afterEach(async () => {
  await simulation.close();
  recording.stop();
});

async function restart(environment: SimulationOptions['environment'], host = '127.0.0.1'): Promise<void> {
  await simulation.close();
  const merged = { ...AT_ONCE, ...environment };
  simulation = await startSimulation({ port, host, environment: merged });
}

function url(path: string, host = '127.0.0.1'): string {
  return `http://${host}:${port}${path}`;
}

function recover(email: string, host?: string) {
  return fetch(url('/recover-user', host), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });
}

function callTenant(operation: string, body: object) {
  return fetch(`http://127.0.0.1:${port + 1}/simulated/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: simulation.appUrl },
    body: JSON.stringify(body),
  });
}

async function challengeFor(operation: string, body: object): Promise<string> {
  return OPTIONS.parse(await (await callTenant(operation, body)).json()).challenge;
}

/** The token of the latest link. */
function latestToken(): string {
  return new URL(simulation.tenant.mails.at(-1)?.recoveryLink ?? '').searchParams.get('token') ?? '';
}

/** Registers a credential; returns its device. */
async function register(token: string): Promise<SoftwareAuthenticator> {
  const device = createSoftwareAuthenticator(simulation.appUrl);
  const response = device.register(await challengeFor('registration/options', { token }));
  expect((await callTenant('registration/verify', { token, response })).status).toBe(200);
  return device;
}

async function signIn(device: SoftwareAuthenticator): Promise<void> {
  const response = device.authenticate(await challengeFor('authentication/options', {}));
  expect((await callTenant('authentication/verify', { response })).status).toBe(200);
}

/** The status of a request with another `Host` header, which `fetch` cannot set. */
async function statusAs(host: string, method: string, target: string): Promise<number | undefined> {
  const sent = request(target, { method, headers: { host } }).end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  response?.destroy();
  return response?.statusCode;
}

/** The state of each step. */
function states(): string[] {
  return simulation.steps().map(({ state }) => state);
}

/** The details of one step's occurrences. */
function details(number: number): string[] {
  return simulation.steps()[number - 1]?.occurrences.map(({ detail }) => detail) ?? [];
}

/** The events of the feed as they arrive. */
async function* feed(): AsyncGenerator<{ fault: unknown; mails: number; steps: { state: string }[] }> {
  const sent = get(url('/simulation/steps'), { headers: { accept: 'text/event-stream' } });
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response === undefined) throw new Error('There was no response.');
  expect(response.headers['content-type']).toBe('text/event-stream');
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) yield JSON.parse(event.replace(/^data: /, ''));
  }
}

describe('the pages', () => {
  test.each([
    ['/', 'recovery-page.js'],
    ['/register?token=x', 'completion-page.js'],
    ['/sign-in', 'sign-in.js'],
  ])('%s loads its script and the panel under a strict content security policy', async (path, script) => {
    const response = await fetch(url(path));
    const html = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    for (const source of [script, '/simulation/panel.js']) {
      expect(html).toMatch(new RegExp(`src="/?${source.replace(/^\//, '')}"`));
      const loaded = await fetch(url(`/${source.replace(/^\//, '')}`));
      expect(loaded.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    }
  });

  test('of registration and sign-in know the URL of the tenant and may call it', async () => {
    expect(await (await fetch(url('/simulation/config.json'))).json()).toEqual({
      tenantUrl: simulation.tenantUrl,
    });
    expect((await fetch(url('/register-credential.js'))).status).toBe(200);
    for (const path of ['/register', '/sign-in']) {
      const policy = (await fetch(url(path))).headers.get('content-security-policy');
      expect(policy).toContain(`connect-src 'self' ${simulation.tenantUrl};`);
    }
  });

  test('accept only GET and HEAD', async () => {
    expect((await fetch(url('/register'), { method: 'POST' })).status).toBe(405);
  });
});

describe('the steps', () => {
  test('go from waiting to done in order, from the address to the sign-in', async () => {
    await fetch(url('/'));
    expect(states()).toEqual(Array(8).fill('waiting'));

    await recover('jane@example.com');
    expect(states()).toEqual([...Array(4).fill('done'), ...Array(4).fill('waiting')]);
    expect(details(2)).toEqual([expect.stringMatching(/^Accepted: 202 after \d+ ms$/)]);

    const link = simulation.tenant.mails[0]?.recoveryLink ?? '';
    expect(link).toMatch(`${simulation.appUrl}/register?token=`);
    await fetch(link.replace('localhost', '127.0.0.1'));
    expect(states()[4]).toBe('done');

    const token = latestToken();
    const device = createSoftwareAuthenticator(simulation.appUrl);
    const created = device.register(await challengeFor('registration/options', { token }));
    expect(states().slice(5)).toEqual(['done', 'waiting', 'waiting']);
    await callTenant('registration/verify', { token, response: created });
    expect(states().slice(5)).toEqual(['done', 'done', 'waiting']);

    await fetch(url('/sign-in'));
    const signed = device.authenticate(await challengeFor('authentication/options', {}));
    expect(states()[7]).toBe('under-way');
    expect((await callTenant('authentication/verify', { response: signed })).status).toBe(200);
    expect(states()).toEqual(Array(8).fill('done'));
    expect(JSON.stringify(simulation.steps())).not.toMatch(/example\.com|Jane/);

    await recover('nobody@example.com');
    expect(states()).toEqual(['done', 'done', 'problem', ...Array(5).fill('waiting')]);
    expect(details(3).at(-1)).toMatch(/^Returned 404/);
  });

  test('show a link that is used twice, and a malformed one', async () => {
    await recover('jane@example.com');
    const token = latestToken();
    await register(token);
    expect((await callTenant('registration/options', { token })).status).toBe(410);
    expect(details(6)).toEqual([
      'The link is valid and not used up yet',
      'The recovery link has already been used',
    ]);
    await callTenant('registration/options', { token: 'x' });
    expect(details(6).at(-1)).toBe('This is not a recovery link of this tenant');
  });

  test('show a fault that hits a browser; a slow tenant is not a problem', async () => {
    simulation.tenant.fault({ kind: '500', times: 1 });
    await callTenant('authentication/options', {});
    expect(details(8)).toEqual(['The tenant returned 500']);
    expect(states()[7]).toBe('problem');

    const events = feed();
    simulation.tenant.fault({ kind: 'slow', delayMs: 100 });
    const asked = callTenant('registration/options', { token: 'x' });
    for await (const { steps } of events) {
      if (steps[5]?.state === 'waiting') continue;
      const occurrence = expect.objectContaining({ detail: 'The tenant is slow' });
      expect(steps[5]).toMatchObject({ state: 'under-way', occurrences: [occurrence] });
      break;
    }
    await asked;
    expect(states()[5]).toBe('problem');
  });

  test('ignore the sign-in page before the registration and after the sign-in', async () => {
    await fetch(url('/sign-in'));
    expect(states()[7]).toBe('waiting');
    await recover('jane@example.com');
    const device = await register(latestToken());
    await fetch(url('/sign-in'));
    expect(details(8)).toEqual(['The user opened the sign-in route']);
    await signIn(device);
    await fetch(url('/sign-in'));
    await callTenant('authentication/options', {});
    expect(details(8)).toEqual(['Signed in with the credential']);
    expect(states()[7]).toBe('done');
  });

  test('show the latest request only', async () => {
    simulation.tenant.fault({ kind: 'slow', delayMs: 500, times: 1 });
    const events = feed();
    const earlier = recover('jane@example.com');
    for await (const { steps } of events) if (steps[2]?.state === 'under-way') break;
    await recover('nobody@example.com');
    expect((await earlier).status).toBe(202);
    expect(simulation.tenant.mails).toHaveLength(1);
    expect(details(2)).toEqual([expect.stringMatching(/^Accepted/)]);
    expect(details(3)).toEqual([expect.stringMatching(/^Returned 404/)]);
    expect(states()[3]).toBe('waiting');
  });

  test('show expired links only when one was still valid', async () => {
    simulation.tenant.expireLinks();
    expect(details(4)).toEqual([]);
    await recover('jane@example.com');
    await register(latestToken());
    simulation.tenant.expireLinks();
    expect(details(4)).toEqual(['Sent to the registered address']);
    await recover('jane@example.com');
    await recover('nobody@example.com');
    simulation.tenant.expireLinks();
    expect(details(4)).toEqual([]);
  });

  test('arrive as server-sent events, with the active fault', async () => {
    await fetch(url('/register?token=x'));
    const events = feed();
    expect((await events.next()).value).toMatchObject({
      fault: null,
      mails: 0,
      steps: { 4: { state: 'done' } },
    });
    simulation.tenant.fault({ kind: 'hang' });
    expect((await events.next()).value).toMatchObject({ fault: { kind: 'hang' } });
    simulation.tenant.heal();
    await events.next();
    await recover('jane@example.com');
    for await (const { mails, steps } of events) {
      if (mails === 1 && steps[1]?.state === 'done') break;
    }
  });

  test('show an outage: the request waits in the outbox until the tenant is healed', async () => {
    // without a response time, the function would retry longer than a test should take
    await restart({ RESPONSE_TIME_MS: '1000' });
    simulation.tenant.fault({ kind: '500' });
    expect((await recover('jane@example.com')).status).toBe(202);
    expect(details(3)).toContain('The request waits in the outbox');
    expect(states()[3]).toBe('waiting');

    const events = feed();
    simulation.tenant.heal();
    for await (const { steps } of events) if (steps[3]?.state === 'done') break;
    expect(details(3)).toContain('The outbox retries the request');
    expect(simulation.tenant.mails).toHaveLength(1);
  });

  test('show no problem with queued delivery', async () => {
    await restart({ DELIVERY: 'queued' });
    const events = feed();
    expect((await recover('jane@example.com')).status).toBe(202);
    for await (const { steps } of events) {
      expect(steps).not.toContainEqual(expect.objectContaining({ state: 'problem' }));
      if (steps[3]?.state === 'done') break;
    }
    expect(details(3)).toEqual(['Returned 200']);
  });

  test('show that the tenant is not called when the mailbox is rate limited', async () => {
    await restart({ MAILBOX_COOLDOWN_SECONDS: '60' });
    await recover('jane@example.com');
    await recover('jane@example.com');
    expect(details(3)).toEqual(['Not called: this mailbox is rate limited']);
  });
});

describe('the controls', () => {
  test("switch the tenant's faults, expire links and reset the steps", async () => {
    const init = { method: 'PUT', headers: { origin: simulation.appUrl, 'sec-fetch-site': 'same-origin' } };
    expect((await fetch(url('/simulation/fault'), { ...init, body: '{"kind":"500"}' })).status).toBe(200);
    expect((await callTenant('authentication/options', {})).status).toBe(500);
    await fetch(url('/simulation/fault'), { ...init, method: 'DELETE' });

    await recover('jane@example.com');
    await fetch(url('/simulation/links'), { ...init, method: 'DELETE' });
    const rejected = await callTenant('registration/options', { token: latestToken() });
    expect(await rejected.json()).toMatchObject({ reason: 'expired' });
    expect(details(4).at(-1)).toBe('The links sent so far have expired');

    const response = await fetch(url('/simulation/steps'), { ...init, method: 'DELETE' });
    expect(await response.json()).toMatchObject({ mails: 1, steps: { 0: { state: 'waiting' } } });
    expect((await fetch(url('/simulation/steps'), { method: 'POST' })).status).toBe(405);
  });

  test.each([
    ['another origin', () => ({ origin: 'https://evil.example' })],
    ["the tenant's origin", () => ({ origin: simulation.tenantUrl, 'sec-fetch-site': 'same-site' })],
    ['an opaque origin', () => ({ origin: 'null' })],
    ['a link on another site', () => ({ 'sec-fetch-site': 'cross-site' })],
  ])('reject a page of %s', async (_, headersOf) => {
    const headers: Record<string, string> = { ...headersOf() };
    for (const path of ['/simulation/fault', '/simulation/links', '/simulation/steps']) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const response = await fetch(url(path), { method, headers });
        expect(response.status).toBe(403);
        expect(response.headers.get('access-control-allow-origin')).toBeNull();
      }
    }
  });

  test('and the mailbox reject a foreign Host header (DNS rebinding)', async () => {
    const tenantFault = simulation.tenantUrl.replace('localhost', '127.0.0.1') + FAULT_PATH;
    const guarded = [FAULT_PATH, FEED_PATH, MAILBOX_PATH, MAILBOX_JSON_PATH]
      .map((path) => url(path))
      .concat(tenantFault);
    for (const target of guarded) {
      for (const host of ['evil.example', 'localhost.evil.example:80', '192.0.2.1']) {
        expect([target, host, await statusAs(host, 'GET', target)]).toEqual([target, host, 403]);
      }
      for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1:3000', '[::1]:3000']) {
        expect([target, host, await statusAs(host, 'GET', target)]).toEqual([target, host, 200]);
      }
    }
    for (const target of [FEED_PATH, FAULT_PATH, LINKS_PATH].map((path) => url(path))) {
      expect(await statusAs('evil.example', 'DELETE', target)).toBe(403);
    }
    // a container, or another machine, uses another host name for this one
    expect(await statusAs('host.docker.internal:3000', 'POST', url('/recover-user'))).toBe(415);
    const recoverUser = url('').replace(`${port}`, `${port + 1}`) + RECOVER_USER_PATH;
    expect(await statusAs('host.docker.internal:3001', 'POST', recoverUser)).toBe(401);
  });
});

test.each([0, 1, 4])('stops every part when port %i of the five is in use', async (offset) => {
  await simulation.close();
  const occupant = await startHttpServer(() => {}, { port: port + offset });
  await expect(startSimulation({ port, host: '127.0.0.1' })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port: port + offset,
  });
  await occupant.close();
  simulation = await startSimulation({ port, host: '127.0.0.1' });
});

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

test.each([
  ['localhost', 'localhost'],
  ['0.0.0.0', '127.0.0.1'],
  ...(hasIpv6 ? [['::1', '[::1]'] as const, ['::', '[::1]'] as const] : []),
])('listens on the host %s, with pages at localhost', async (host, reachedAs) => {
  await restart({}, host);
  expect(simulation.appUrl).toBe(`http://localhost:${port}`);
  expect((await recover('john@example.com', reachedAs)).status).toBe(202);
  const mailbox = await fetch(url(MAILBOX_JSON_PATH, reachedAs));
  const link = expect.stringContaining(`http://localhost:${port}/register?`);
  expect(await mailbox.json()).toEqual({ mails: [expect.objectContaining({ recoveryLink: link })] });
});
