import { describe, expect, test } from '@jest/globals';
import { ACCEPTED_BODY } from '../../../functions/recover-user/http/contract.ts';
import { CLIENT_SECRET_PATH, FAULT_PATH, JOBS_PATH, LINKS_PATH, TOKENS_PATH } from '../../../local/paths.ts';
import {
  calls,
  outboxIsEmpty,
  printed,
  recipients,
  recover,
  restart,
  send,
  simulation,
  useV1Simulation,
} from './v1-simulation-harness.ts';

useV1Simulation();

describe('a recovery on the v1 platform', () => {
  test('has the same response for every user, and one email for the known one', async () => {
    for (const user of ['jane', 'nobody', 'sam', 'noah']) {
      const response = await recover(`${user}@example.com`);
      expect([user, response.status, await response.text()]).toEqual([user, 202, ACCEPTED_BODY]);
    }
    expect(recipients()).toEqual(['jane@example.com']);
    expect(calls().filter((call) => !call.startsWith('token'))).toEqual([
      ...['identities 200', 'jobs 200'],
      'identities 200',
      'identities 200',
      ...['identities 200', 'jobs 422'],
    ]);
    expect(printed()).not.toContain('@example.com');
  });

  test('finds the user whatever the letter case of the address', async () => {
    await recover('Jane@Example.COM');
    expect(recipients()).toEqual(['jane@example.com']);
  });

  test('goes on without a restart when the client secret is rotated and all tokens are revoked', async () => {
    await recover('jane@example.com');
    await send(1, CLIENT_SECRET_PATH, { method: 'PUT', body: '{"clientSecret":"rotated"}' });
    await send(1, TOKENS_PATH, { method: 'DELETE' });
    const before = simulation.tenant.requests.length;

    expect((await recover('john@example.com')).status).toBe(202);
    expect(recipients()).toEqual(['jane@example.com', 'john@example.com']);
    expect(calls(before)).toEqual(['identities 401', 'token 401', 'token 200', 'identities 200', 'jobs 200']);
    expect(printed()).not.toContain('rotated');
  });

  test('is delivered from the outbox once the tenant no longer returns 500', async () => {
    await restart({ RESPONSE_TIME_MS: '1000' });
    await send(1, FAULT_PATH, { method: 'PUT', body: '{"kind":"500","operation":"jobs"}' });
    const response = await recover('john@example.com');
    expect([response.status, await response.text()]).toEqual([202, ACCEPTED_BODY]);
    expect(recipients()).toEqual([]);

    await send(1, FAULT_PATH, { method: 'DELETE' });
    await outboxIsEmpty();
    expect(recipients()).toEqual(['john@example.com']);
  });

  test('sends one email when the job is created but its response comes too late', async () => {
    await restart({ RESPONSE_TIME_MS: '1000' });
    const fault = '{"kind":"late-response","delayMs":5000,"operation":"jobs","times":1}';
    await send(1, FAULT_PATH, { method: 'PUT', body: fault });
    expect((await recover('john@example.com')).status).toBe(202);
    await outboxIsEmpty();
    expect(calls()).toContain('list-jobs 200');
    expect(recipients()).toEqual(['john@example.com']);
  });

  test('sends one email when the connection is reset after the job was created', async () => {
    const fault = '{"kind":"lost-response","operation":"jobs","times":1}';
    await send(1, FAULT_PATH, { method: 'PUT', body: fault });
    expect((await recover('john@example.com')).status).toBe(202);
    await outboxIsEmpty();
    expect(calls()).toContain('list-jobs 200');
    expect(recipients()).toEqual(['john@example.com']);
  });

  test('goes through the outbox with queued delivery', async () => {
    await restart({ DELIVERY: 'queued' });
    expect((await recover('jane@example.com')).status).toBe(202);
    await outboxIsEmpty();
    expect(recipients()).toEqual(['jane@example.com']);
  });
});

describe('the pages of the app on the v1 platform', () => {
  test('complete a recovery at /bind, where links lead, under a policy that lets the SDK of the vendor run', async () => {
    await recover('jane@example.com');
    const link = new URL(simulation.tenant.mails[0]?.recoveryLink ?? '');
    expect([link.origin, link.pathname]).toEqual([simulation.appUrl, '/bind']);
    expect(link.searchParams.get('api_base_url')).toBe('https://auth-us.beyondidentity.com');
    const page = await fetch(link.href.replace('localhost', '127.0.0.1'));
    expect(await page.text()).toContain('<complete-recovery');
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain(
      `connect-src 'self' https://api-us.beyondidentity.com https://auth-us.beyondidentity.com ${simulation.tenantUrl};`,
    );
    expect(policy).toContain("script-src 'self' 'unsafe-eval';");
    expect((await send(0, '/')).headers.get('content-security-policy')).not.toContain('unsafe');
    expect((await send(0, '/register')).status).toBe(404);
  });

  test('come with the SDK of the vendor, its wiring and the service worker, and know the platform', async () => {
    for (const path of ['/register-credential.js', '/vendor-worker.js', '/beyond-identity-sdk.js']) {
      const file = await send(0, path);
      expect([file.status, file.headers.get('content-type')]).toEqual([
        200,
        'text/javascript; charset=utf-8',
      ]);
      const bytes = (await file.text()).length;
      // the SDK is a file of its own, which the others load on demand
      expect(bytes > 5_000_000).toBe(path === '/beyond-identity-sdk.js');
    }
    expect(await (await send(0, '/simulation/config.json')).json()).toEqual({
      tenantUrl: simulation.tenantUrl,
      platform: 'v1',
    });
  });
});

describe('the controls on the v1 platform', () => {
  const ofApp = () => ({ origin: simulation.appUrl, 'sec-fetch-site': 'same-origin' });

  test('at the origin of the app set a fault of one operation and expire links', async () => {
    const fault = { kind: '500', operation: 'jobs', times: 3 };
    const set = await send(0, FAULT_PATH, { method: 'PUT', headers: ofApp(), body: JSON.stringify(fault) });
    expect(await set.json()).toEqual({ fault });
    expect(await (await send(0, '/simulation/steps')).json()).toMatchObject({ platform: 'v1', fault });
    await send(0, FAULT_PATH, { method: 'DELETE', headers: ofApp() });

    await recover('jane@example.com');
    await send(0, LINKS_PATH, { method: 'DELETE', headers: ofApp() });
    expect(simulation.tenant.bindingJobs).toMatchObject([{ state: 'EXPIRED' }]);
  });

  test('at the port of the tenant show the binding jobs, the newest first', async () => {
    await recover('jane@example.com');
    await recover('john@example.com');
    const { jobs } = Object(await (await send(1, JOBS_PATH)).json());
    expect(jobs).toHaveLength(2);
    expect(jobs).toEqual(simulation.tenant.bindingJobs);
    const link = new URL(simulation.tenant.mails.at(-1)?.recoveryLink ?? '');
    expect(jobs[0]).toMatchObject({ id: link.searchParams.get('job_id'), state: 'LINK_SENT' });
    const foreign = await send(1, JOBS_PATH, { headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
  });

  test('list the accounts on every page, the one without an email address included', async () => {
    for (const path of ['/', '/bind', '/mailbox', '/sign-in']) {
      expect(await (await send(0, path)).text()).toContain(
        'Active: jane@example.com, john@example.com. Suspended: sam@example.com. Without an email address: noah@example.com.',
      );
    }
  });
});
