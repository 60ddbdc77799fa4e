import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CaptchaProvider } from '../../../../functions/adapters/captcha/captcha-verifier.ts';
import type { HttpsClient } from '../../../../functions/adapters/http/https-client.ts';
import { SIMULATED_CAPTCHA_SECRET } from '../../../emulators/captcha/captcha-provider.ts';
import {
  createVerifier,
  deadline,
  PROVIDERS,
  reportedReasons,
  SOURCE_IP,
  startProvider,
  startVerifier,
  useVerifiers,
} from './verifiers.ts';

useVerifiers();

describe.each(PROVIDERS)('%s', (provider) => {
  test('is trusted only for a success, and no reason quotes its response, the token or the secret', async () => {
    let sent = { status: 200, body: '' };
    const verifyUrl = await startProvider((_request, response) => {
      response.writeHead(sent.status).end(sent.body);
    });
    const captcha = createVerifier({ verifyUrl }, provider);
    const token = 'the-token'.repeat(3);
    const errorCodes = fc.array(
      fc.constantFrom(
        'invalid-input-response',
        'invalid-input-secret',
        'bad-request',
        'internal-error',
        'timeout-or-duplicate',
        `the token was ${token}`,
        `the secret was ${SIMULATED_CAPTCHA_SECRET}`,
        '__proto__',
      ),
      { maxLength: 3 },
    );
    const verdict = fc.record(
      {
        success: fc.oneof(fc.boolean(), fc.constantFrom('true', 1, null)),
        'error-codes': fc.oneof(errorCodes, fc.constantFrom(null, 'invalid-input-secret', [1])),
        score: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(null, '0.9')),
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      verdict.map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string({ unit: 'binary' }),
    );
    const status = fc.oneof(
      fc.constant(200),
      fc.constantFrom(201, 204, 302, 400, 403, 413, 422, 429, 500, 503),
    );
    await fc.assert(
      fc.asyncProperty(status, body, async (sentStatus, sentBody) => {
        sent = { status: sentStatus, body: sentBody };
        const result = await captcha.verify(token, SOURCE_IP, deadline);
        expect(['human', 'not-human', 'unavailable', 'overloaded']).toContain(result);
        expect(result === 'overloaded').toBe(sentStatus === 429);
        if (result === 'human') {
          expect(sentStatus).toBeLessThan(300);
          expect(JSON.parse(sentBody)).toMatchObject({ success: true });
        }
      }),
      { numRuns: 300 },
    );
    for (const secret of [token, SIMULATED_CAPTCHA_SECRET, SOURCE_IP]) {
      expect(reportedReasons().join('\n')).not.toContain(secret);
    }
  });
});

describe('the verdict on a response of a CAPTCHA provider', () => {
  async function verdictOn(status: number, body: unknown, provider: CaptchaProvider = 'recaptcha') {
    const client: HttpsClient = async () => ({ status, headers: {}, body: JSON.stringify(body) });
    return createVerifier({ client }, provider).verify('token', SOURCE_IP, deadline);
  }

  test.each([
    ['sitekey-secret-mismatch', 'a token of another site'],
    ['not-using-dummy-secret', "the provider's test token"],
    ['bad-request', 'a token of an odd form'],
  ])('is not-human and reports the error code %s, which %s causes, too', async (code) => {
    await expect(verdictOn(200, { success: false, 'error-codes': [code] })).resolves.toBe('not-human');
    expect(reportedReasons()).toEqual([code]);
  });

  test.each([400, 413, 422])('is not-human for status %i without a verdict', async (status) => {
    await expect(verdictOn(status, 'too large')).resolves.toBe('not-human');
    await expect(verdictOn(status, { success: true })).resolves.toBe('not-human');
    expect(reportedReasons()).toEqual(Array(2).fill(`status ${status} without a verdict`));
  });

  test('is read from the error codes of a 400', async () => {
    await expect(verdictOn(400, { success: false, 'error-codes': ['invalid-input-secret'] })).resolves.toBe(
      'unavailable',
    );
    expect(reportedReasons()).toEqual(['invalid-input-secret']);
  });

  test('is overloaded for a 429 with any body', async () => {
    await expect(verdictOn(429, { success: true })).resolves.toBe('overloaded');
    expect(reportedReasons()).toEqual(['rate limited by the provider (status 429)']);
  });

  test.each([101, 300, 301, 307, 401, 403, 404, 503])(
    'is unavailable for status %i with any body',
    async (status) => {
      await expect(verdictOn(status, { success: true })).resolves.toBe('unavailable');
      await expect(verdictOn(status, { success: false })).resolves.toBe('unavailable');
    },
  );

  test('is unavailable for a body that was cut off or is too large', async () => {
    const client: HttpsClient = async () => ({ status: 200, headers: {}, body: undefined });
    await expect(createVerifier({ client }, 'turnstile').verify('token', SOURCE_IP, deadline)).resolves.toBe(
      'unavailable',
    );
  });

  test('is unavailable for an internal error of the provider', async () => {
    await expect(verdictOn(200, { success: false, 'error-codes': ['internal-error'] })).resolves.toBe(
      'unavailable',
    );
    expect(reportedReasons()).toEqual(['internal-error']);
  });

  test('is unavailable for a success under a wrong secret key', async () => {
    await expect(verdictOn(200, { success: true, 'error-codes': ['invalid-input-secret'] })).resolves.toBe(
      'unavailable',
    );
  });

  test('has each error code reported once, and unknown codes without their names', async () => {
    const codes = ['invalid-input-response', 'secret-value', 'constructor', 'bad-request', 'bad-request'];
    await expect(verdictOn(200, { success: false, 'error-codes': codes })).resolves.toBe('not-human');
    expect(reportedReasons()).toEqual(['an unknown error code, bad-request']);
  });

  test('is not given when our own code throws, and the error propagates', async () => {
    const client: HttpsClient = () => Promise.reject(new TypeError('ours'));
    await expect(
      createVerifier({ client }, 'turnstile').verify('token', SOURCE_IP, deadline),
    ).rejects.toThrow('ours');
  });
});

describe('the score of a CAPTCHA token', () => {
  async function verdictOnScore(provider: CaptchaProvider, score: number, minimumScore?: number) {
    const { simulated, verify } = await startVerifier(provider, { minimumScore });
    return verify(simulated.issueToken({ score }));
  }

  test.each([
    [0.9, undefined, 'human'],
    [0.5, undefined, 'human'],
    [0.49, undefined, 'not-human'],
    [0.7, 0.8, 'not-human'],
    [0.1, 0, 'human'],
    [0, 0.1, 'not-human'],
  ])('in reCAPTCHA v3: %d with a minimum of %p is %s', async (score, minimum, verdict) => {
    await expect(verdictOnScore('recaptcha', score, minimum)).resolves.toBe(verdict);
  });

  test.each(['hcaptcha', 'turnstile'] as const)(
    'is ignored for %s, which decides by itself',
    async (provider) => {
      await expect(verdictOnScore(provider, 0.1, 0.9)).resolves.toBe('human');
    },
  );
});
