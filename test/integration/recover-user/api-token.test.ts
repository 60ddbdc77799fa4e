import { afterEach, describe, expect, test } from '@jest/globals';
import { API_TOKEN, metricValues, type RecoveryService, startRecoveryService } from '../recovery-service.ts';
import { expectUnavailable } from './responses.ts';

let service: RecoveryService;
afterEach(() => service.close());

const KNOWN = 'jane@example.com';

async function start(options?: Parameters<typeof startRecoveryService>[0]) {
  service = await startRecoveryService(options);
}

describe('the API token', () => {
  test('is read again when it was rotated, and the request succeeds', async () => {
    await start();
    await service.recover(KNOWN);
    service.tenant.rotateToken('new_token');
    service.secretsManager.put('the-secret', '{"API_TOKEN":"new_token"}');
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(service.tenant.mails).toHaveLength(2);
    expect(service.secretsManager.requests).toHaveLength(2);
  });

  test('leads to a 503 for every address, and a metric, when it stays rejected', async () => {
    await start();
    service.tenant.rotateToken('unknown_here');
    for (const email of [KNOWN, 'nobody@example.com']) await expectUnavailable(await service.recover(email));
    expect(metricValues(service.printed(), 'TokenRefused')).toEqual([1, 1]);
  });

  test.each([null, '', '{"API_TOKEN":""}', '{"OTHER":"x"}'])(
    'leads to a 503, with the secret in the log, until the secret %j is fixed',
    async (secret) => {
      await start({ secret: secret === '' ? ' ' : secret });
      await expectUnavailable(await service.recover(KNOWN));
      expect(metricValues(service.printed(), 'TokenUnavailable')).toEqual([1]);
      expect(service.printed()).toContain('secret the-secret: ');
      service.secretsManager.put('the-secret', API_TOKEN);
      expect((await service.recover(KNOWN)).status).toBe(202);
    },
  );

  test.each(['error', 'access-denied', 'throttled', 'reset'] as const)(
    'is read by the next request when Secrets Manager failed at the start: %s',
    async (kind) => {
      service = await startRecoveryService({ secret: null });
      service.secretsManager.fault({ kind });
      await expectUnavailable(await service.recover(KNOWN));
      service.secretsManager.heal();
      service.secretsManager.put('the-secret', API_TOKEN);
      expect((await service.recover(KNOWN)).status).toBe(202);
    },
  );

  test('leads to a 503 at its timeout when Secrets Manager hangs', async () => {
    await start({ secret: null, timing: { secretsManagerRequestTimeoutMs: 50 } });
    service.secretsManager.fault({ kind: 'hang' });
    await expectUnavailable(await service.recover(KNOWN));
  });

  test('stays in use after its time to live while Secrets Manager is down', async () => {
    await start({ timing: { secretTimeToLiveMs: 0 } });
    service.secretsManager.fault({ kind: 'error' });
    for (let request = 0; request < 3; request++) expect((await service.recover(KNOWN)).status).toBe(202);
  });
});
