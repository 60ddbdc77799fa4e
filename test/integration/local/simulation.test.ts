import { networkInterfaces } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { startHttpServer } from '../../../local/http-server.ts';
import {
  API_TOKEN_PATH,
  FAULT_PATH,
  FEED_PATH,
  LINKS_PATH,
  MAILBOX_JSON_PATH,
  MAILBOX_PATH,
} from '../../../local/paths.ts';
import { startSimulation } from '../../../local/simulation.ts';
import { RECOVER_USER_PATH } from '../../../local/tenant/recover-user-operation.ts';
import {
  callTenant,
  details,
  latestToken,
  port,
  recover,
  restart,
  simulation,
  statusAs,
  url,
  useSimulation,
} from './simulation-harness.ts';

useSimulation();

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
      platform: 'v0',
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

test('goes on without a restart when the API token is rotated at the control endpoint', async () => {
  const target = `http://127.0.0.1:${port + 1}${API_TOKEN_PATH}`;
  await fetch(target, { method: 'PUT', body: '{"apiToken":"rotated"}' });
  expect((await recover('jane@example.com')).status).toBe(202);
  expect(simulation.tenant.requests.map(({ responseStatus }) => responseStatus)).toEqual([401, 200]);
  expect(simulation.tenant.mails).toHaveLength(1);
});

test.each([0, 1, 5])('stops every part when port %i of the six is in use', async (offset) => {
  await simulation.close();
  const occupant = await startHttpServer(() => {}, { port: port + offset });
  await expect(startSimulation({ port, host: '127.0.0.1' })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port: port + offset,
  });
  await occupant.close();
  await restart({});
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
