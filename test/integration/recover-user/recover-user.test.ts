import { afterEach, describe, expect, test } from '@jest/globals';
import { API_TOKEN, metricValues, type RecoveryService, startRecoveryService } from '../recovery-service.ts';
import { expectCommonHeaders } from './responses.ts';

let service: RecoveryService;
afterEach(() => service.close());

const KNOWN = 'jane@example.com';

async function start(options?: Parameters<typeof startRecoveryService>[0]) {
  service = await startRecoveryService(options);
}

describe('a recovery on v0', () => {
  test('of a known user is forwarded as the contract says, and sends one email', async () => {
    await start();
    const response = await service.recover(KNOWN);
    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expectCommonHeaders(response);
    expect(await response.text()).toBe(
      '{"status":"accepted","message":"If an account exists for this email address, a recovery email is on its way."}',
    );
    expect(service.tenant.mails.map(({ to }) => to)).toEqual([KNOWN]);
    expect(service.tenant.requests).toHaveLength(1);
    expect(service.tenant.requests[0]).toMatchObject({
      method: 'POST',
      path: '/v1/manage/recover-user',
      body: `{"external_id":"${KNOWN}","binding_token_delivery_method":"email"}`,
      headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' },
    });
    expect(metricValues(service.printed(), 'Forwarded')).toEqual([1]);
    expect(metricValues(service.printed(), 'UpstreamLatency')).toEqual([expect.any(Number)]);
  });

  test('forwards the address as typed, but trimmed, and with its domain in A-labels', async () => {
    await start();
    await service.recover('  Jane+Device@BU\u0308CHER.example ');
    expect(JSON.parse(service.tenant.requests[0]?.body ?? '')).toEqual({
      external_id: 'Jane+Device@xn--bcher-kva.example',
      binding_token_delivery_method: 'email',
    });
  });

  test('forwards only the address', async () => {
    await start();
    await service.post(`{"email":"${KNOWN}","external_id":"admin","binding_token_delivery_method":"sms"}`);
    expect(JSON.parse(service.tenant.requests[0]?.body ?? '')).toEqual({
      external_id: KNOWN,
      binding_token_delivery_method: 'email',
    });
  });

  test('accepts a nested user in the response as well as a flat one', async () => {
    await start({ tenant: { nestedUser: true } });
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(service.printed()).not.toContain('check BEYOND_IDENTITY_API_URL');
  });

  test('asks Beyond Identity to keep the connection', async () => {
    await start();
    for (let request = 0; request < 5; request++) await service.recover(KNOWN);
    expect(new Set(service.tenant.requests.map(({ headers }) => headers['connection']))).toEqual(
      new Set(['keep-alive']),
    );
  });
});
