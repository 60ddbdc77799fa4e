import { afterEach, describe, expect, test } from '@jest/globals';
import { ALLOWED_ORIGIN, type RecoveryService, startRecoveryService } from '../recovery-service.ts';
import { expectCommonHeaders } from './responses.ts';

let service: RecoveryService;
afterEach(() => service.close());

const KNOWN = 'jane@example.com';

async function start(options?: Parameters<typeof startRecoveryService>[0]) {
  service = await startRecoveryService(options);
}

describe('CORS', () => {
  const preflight = (origin: string) =>
    fetch(`${service.url}/recover-user`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });

  test('allows the preflight of an allowed origin', async () => {
    await start();
    const response = await preflight(ALLOWED_ORIGIN);
    expect(response.status).toBe(204);
    expectCommonHeaders(response);
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    expect(response.headers.get('access-control-allow-headers')).toMatch(/content-type/i);
    expect(response.headers.get('access-control-max-age')).toBe('7200');
  });

  test.each([
    'https://evil.example',
    'null',
    'https://app.example.com.evil.example',
    'http://app.example.com',
  ])('does not allow the origin %s', async (origin) => {
    await start({ environment: { ALLOWED_ORIGINS: `${ALLOWED_ORIGIN},https://other.example.com` } });
    for (const response of [await preflight(origin), await service.recover(KNOWN, { origin })]) {
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(response.headers.get('vary')).toBe('Origin');
    }
  });

  test('names the requesting origin where several are allowed', async () => {
    await start({ environment: { ALLOWED_ORIGINS: 'https://a.example,https://b.example' } });
    for (const origin of ['https://a.example', 'https://b.example']) {
      const response = await service.recover(KNOWN, { origin });
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
      expect(response.headers.get('vary')).toBe('Origin');
      expect(response.headers.get('access-control-expose-headers')).toBe('Retry-After, X-Request-Id');
    }
  });

  test('is off without allowed origins, and a preflight is a 405', async () => {
    await start({ environment: { ALLOWED_ORIGINS: '' } });
    const response = await service.recover(KNOWN);
    expect([...response.headers.keys()].filter((name) => /^(access-control|vary)/.test(name))).toEqual([]);
    const refused = await preflight(ALLOWED_ORIGIN);
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('POST');
  });
});
