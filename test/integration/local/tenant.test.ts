import { afterEach, describe, expect, test } from '@jest/globals';
import { RECOVER_USER_PATH } from '../../../local/tenant/recover-user-operation.ts';
import {
  SIMULATED_API_TOKEN,
  startTenant,
  type Tenant,
  type TenantOptions,
} from '../../../local/tenant/tenant.ts';
import type { TenantFault } from '../../../local/tenant/tenant-controls.ts';

let tenant: Tenant;

async function start(options: TenantOptions = {}): Promise<void> {
  tenant = await startTenant(options);
}

function recover(
  body: unknown,
  { token = SIMULATED_API_TOKEN, ...init }: RequestInit & { token?: string } = {},
) {
  return fetch(tenant.url + RECOVER_USER_PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });
}

function recoverUser(externalId: string) {
  return recover({ external_id: externalId, binding_token_delivery_method: 'email' });
}

function control(method: string, path: string, body?: string) {
  return fetch(`${tenant.url}/simulation/${path}`, { method, ...(body !== undefined && { body }) });
}

afterEach(() => tenant.close());

describe('recover-user', () => {
  test('returns a known user, flat, and emails a new link to the registered address', async () => {
    await start();
    const response = await recoverUser('jane@example.com');
    await recoverUser('jane@example.com');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      internal_id: expect.any(String),
      external_id: 'jane@example.com',
      email: 'jane@example.com',
      user_name: 'jane@example.com',
      display_name: 'Jane Doe',
      date_created: expect.any(String),
      date_modified: expect.any(String),
      status: 'USER_STATUS_ACTIVE',
    });
    expect(tenant.mails.map((mail) => mail.to)).toEqual(['jane@example.com', 'jane@example.com']);
    expect(tenant.mails[0]?.recoveryLink).not.toBe(tenant.mails[1]?.recoveryLink);
  });

  test('emails the registered address, which may differ from the external id', async () => {
    await start({
      users: [{ externalId: '42', email: 'ann@example.com', displayName: 'Ann', status: 'active' }],
      nestedUser: true,
    });
    const response = await recoverUser('42');
    expect(await response.json()).toEqual({
      user: expect.objectContaining({ external_id: '42', email: 'ann@example.com' }),
    });
    expect(tenant.mails.map((mail) => mail.to)).toEqual(['ann@example.com']);
  });

  test.each([
    ['an unknown user', 'nobody@example.com', 404],
    ['a suspended user', 'sam@example.com', 409],
  ])('rejects %s and sends no email', async (_, externalId, status) => {
    await start();
    expect((await recoverUser(externalId)).status).toBe(status);
    expect(tenant.mails).toEqual([]);
  });

  test.each([
    ['invalid JSON', '{', /not JSON/],
    ['a non-object', '[]', /expected object/],
    ['no external id', { binding_token_delivery_method: 'email' }, /external_id/],
    ['a number as external id', { external_id: 1, binding_token_delivery_method: 'email' }, /external_id/],
    ['another method', { external_id: 'x', binding_token_delivery_method: 'sms' }, /binding_token/],
    ['a further field', { external_id: 'x', binding_token_delivery_method: 'email', extra: 1 }, /"extra"/],
  ])('rejects a body with %s and names it', async (_, body, message) => {
    await start();
    const response = await recover(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: expect.stringMatching(message) });
  });

  test('rejects another path, method, token, content type, and a body that is too large', async () => {
    await start();
    const headers = { authorization: `Bearer ${SIMULATED_API_TOKEN}`, 'content-type': 'text/plain' };
    expect((await fetch(`${tenant.url}/v1/manage/other`, { method: 'POST' })).status).toBe(404);
    const put = await recover('{}', { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await recover('{}', { headers })).status).toBe(400);
    expect((await recover('x'.repeat(70_000))).status).toBe(413);
    const rejected = await recover('{}', { token: 'another' });
    expect(rejected.status).toBe(401);
    expect(await rejected.json()).toEqual({ message: 'Authorization token is not active' });
  });

  test('records requests with the status of their responses', async () => {
    await start();
    await recoverUser('jane@example.com');
    await recover('{}', { token: 'another' });
    expect(tenant.requests).toEqual([
      expect.objectContaining({ method: 'POST', path: RECOVER_USER_PATH, responseStatus: 200 }),
      expect.objectContaining({ body: '{}', responseStatus: 401 }),
    ]);
    expect(tenant.requests[0]?.headers['authorization']).toBe(`Bearer ${SIMULATED_API_TOKEN}`);
  });

  test('accepts only the new token after a rotation', async () => {
    await start();
    tenant.rotateToken('new');
    expect((await recover('{}')).status).toBe(401);
    expect((await recover('{}', { token: 'new' })).status).toBe(400);
  });
});

describe('faults', () => {
  test.each<[TenantFault, number, string | null]>([
    [{ kind: '429', retryAfterSeconds: 7, times: 1 }, 429, '7'],
    [{ kind: '429', times: 1 }, 429, null],
    [{ kind: '500', times: 1 }, 500, null],
  ])('%j hits one request', async (fault, status, retryAfter) => {
    await start();
    tenant.fault(fault);
    const response = await recoverUser('jane@example.com');
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(tenant.mails).toEqual([]);
    expect((await recoverUser('jane@example.com')).status).toBe(200);
  });

  test('not-json responds with 200 and HTML, and sends no email', async () => {
    await start();
    tenant.fault({ kind: 'not-json' });
    const response = await recoverUser('jane@example.com');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(await response.text()).toMatch(/^<html>/);
    expect(tenant.mails).toEqual([]);
  });

  test('slow responds after the delay', async () => {
    await start();
    tenant.fault({ kind: 'slow', delayMs: 1 });
    expect((await recoverUser('jane@example.com')).status).toBe(200);
  });

  test('reset resets the connection until it is healed', async () => {
    await start();
    tenant.fault({ kind: 'reset' });
    await expect(recoverUser('jane@example.com')).rejects.toThrow();
    expect(tenant.requests).toEqual([
      expect.objectContaining({ responseStatus: undefined, isMailed: false }),
    ]);
    tenant.heal();
    expect((await recoverUser('jane@example.com')).status).toBe(200);
  });

  test('lost-response sends the email, and resets the connection instead of responding', async () => {
    await start();
    tenant.fault({ kind: 'lost-response', times: 1 });
    await expect(recoverUser('jane@example.com')).rejects.toThrow();
    expect(tenant.mails).toEqual([expect.objectContaining({ to: 'jane@example.com' })]);
    expect((await recoverUser('jane@example.com')).status).toBe(200);
    expect(tenant.requests).toEqual([
      expect.objectContaining({ responseStatus: undefined, isMailed: true, isResponseLost: true }),
      expect.objectContaining({ responseStatus: 200, isMailed: true, isResponseLost: false }),
    ]);
  });

  test('hang never responds, and does not prevent closing', async () => {
    await start();
    tenant.fault({ kind: 'hang', times: 1 });
    const asked = [recoverUser('jane@example.com'), recoverUser('jane@example.com')];
    await Promise.any(asked);
    await tenant.close();
    const outcomes = (await Promise.allSettled(asked)).map((result) => result.status);
    expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('control endpoints', () => {
  test('show, set and heal a fault', async () => {
    await start();
    const show = async () => (await control('GET', 'fault')).json();
    expect(await show()).toEqual({ fault: null });
    expect((await control('PUT', 'fault', '{"kind":"500","times":2}')).status).toBe(200);
    expect((await recoverUser('jane@example.com')).status).toBe(500);
    expect(await show()).toEqual({ fault: { kind: '500', times: 1 } });
    expect((await control('DELETE', 'fault')).status).toBe(200);
    expect((await recoverUser('jane@example.com')).status).toBe(200);
    expect(tenant.requests).toHaveLength(2);
  });

  test('rotate the token', async () => {
    await start();
    expect((await control('POST', 'api-token', '{"apiToken":"new"}')).status).toBe(200);
    expect((await recover('{}')).status).toBe(401);
  });

  test.each([
    ['PUT', 'fault', '{"kind":"boom"}', 400, /kind: .*'hang'/],
    ['PUT', 'fault', '{"kind":"slow"}', 400, /delayMs: /],
    ['PUT', 'fault', '{"kind":"500","times":0}', 400, /times: /],
    ['PUT', 'fault', '{"kind":"500","delayMs":1}', 400, /"delayMs"/],
    ['PUT', 'fault', 'kind=500', 400, /not JSON/],
    ['PATCH', 'fault', '{}', 405, /GET, PUT, POST, DELETE/],
    ['PUT', 'api-token', '{"apiToken":""}', 400, /apiToken: /],
    ['DELETE', 'api-token', undefined, 405, /PUT, POST/],
    ['PUT', 'other', '{}', 404, /fault/],
  ])('reject %s %s %s', async (method, path, body, status, message) => {
    await start();
    const response = await control(method, path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message: expect.stringMatching(message) });
  });
});
