import { afterEach, describe, expect, test } from '@jest/globals';
import type { CaptchaProvider } from '../../../functions/adapters/captcha/captcha-verifier.ts';
import {
  type CaptchaProviderEmulator,
  startCaptchaProvider,
} from '../../emulators/captcha/captcha-provider.ts';
import { CAPTCHA_TEST_KEYS } from '../../emulators/captcha/captcha-test-keys.ts';

let emulator: CaptchaProviderEmulator;
afterEach(() => emulator.close());

describe('the emulator of a CAPTCHA provider', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  test.each([
    ['another method', 405, { method: 'PUT', headers: form, body: 'secret=s&response=r' }, undefined],
    ['another content type', 200, { method: 'POST', body: 'secret=s&response=r' }, 'bad-request'],
    ['an unknown field', 200, { method: 'POST', headers: form, body: 'secret=s&token=r' }, 'bad-request'],
    [
      'a repeated field',
      200,
      { method: 'POST', headers: form, body: 'secret=s&secret=s&response=r' },
      'bad-request',
    ],
    [
      'a request without a token',
      200,
      { method: 'POST', headers: form, body: 'secret=s' },
      'missing-input-response',
    ],
  ])('rejects %s', async (_name, status, request, code) => {
    emulator = await startCaptchaProvider({ provider: 'hcaptcha' });
    const response = await fetch(emulator.verifyUrl, request);
    expect(response.status).toBe(status);
    if (code !== undefined) {
      await expect(response.json()).resolves.toEqual({ success: false, 'error-codes': [code] });
    }
  });

  test('responds with 404 to another path', async () => {
    emulator = await startCaptchaProvider({ provider: 'turnstile' });
    expect((await fetch(`${emulator.url}/siteverify`, { method: 'POST' })).status).toBe(404);
  });

  test.each<[CaptchaProvider, string]>([
    ['hcaptcha', 'not-using-dummy-passcode'],
    ['turnstile', 'invalid-input-response'],
  ])('of %s accepts only the test token under the test secret', async (provider, code) => {
    emulator = await startCaptchaProvider({ provider });
    const body = new URLSearchParams({ secret: CAPTCHA_TEST_KEYS[provider].secret, response: 'real' });
    const response = await fetch(emulator.verifyUrl, { method: 'POST', body });
    await expect(response.json()).resolves.toEqual({ success: false, 'error-codes': [code] });
  });
});
