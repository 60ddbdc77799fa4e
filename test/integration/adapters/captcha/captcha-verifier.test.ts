import { describe, expect, test } from '@jest/globals';
import { CAPTCHA_PROVIDERS } from '../../../../functions/adapters/captcha/captcha-verifier.ts';
import {
  createHttpsClient,
  type HttpsClient,
  RequestFailed,
} from '../../../../functions/adapters/http/https-client.ts';
import { SIMULATED_CAPTCHA_SECRET } from '../../../emulators/captcha/captcha-provider.ts';
import {
  CAPTCHA_TEST_KEYS,
  TURNSTILE_FAILING_SECRET,
  TURNSTILE_SPENT_SECRET,
} from '../../../emulators/captcha/captcha-test-keys.ts';
import {
  createVerifier,
  deadline,
  lastForm,
  PROVIDERS,
  reportedReasons,
  SOURCE_IP,
  startVerifier,
  useVerifiers,
} from './verifiers.ts';

useVerifiers();

describe.each(PROVIDERS)('%s', (provider) => {
  test('is called at its public host unless another URL is configured', () => {
    const { host } = new URL(CAPTCHA_PROVIDERS[provider].verifyUrl);
    expect(() => createVerifier({}, provider)).toThrow(`The network is off in tests: ${host}`);
  });

  test('accepts a token that it issued once', async () => {
    const { simulated, verify } = await startVerifier(provider);
    const token = simulated.issueToken();
    await expect(verify(token)).resolves.toBe('human');
    await expect(verify(token)).resolves.toBe('not-human');
    expect(reportedReasons()).toEqual([]);
  });

  test('is called at its public path, with a form of the secret, the token and the client IP', async () => {
    const { simulated, verify } = await startVerifier(provider);
    const token = simulated.issueToken();
    await verify(token);
    expect(simulated.requests).toEqual([
      {
        method: 'POST',
        path: new URL(CAPTCHA_PROVIDERS[provider].verifyUrl).pathname,
        contentType: 'application/x-www-form-urlencoded',
        body: expect.any(String),
      },
    ]);
    expect(lastForm(simulated)).toMatchObject({
      secret: SIMULATED_CAPTCHA_SECRET,
      response: token,
      remoteip: SOURCE_IP,
    });
  });

  test.each([undefined, 'test-invoke-source-ip', ''])(
    'is sent no client IP in place of %j',
    async (sourceIp) => {
      const { simulated } = await startVerifier(provider);
      const captcha = createVerifier(simulated, provider);
      await expect(captcha.verify(simulated.issueToken(), sourceIp, deadline)).resolves.toBe('human');
      expect(lastForm(simulated)).not.toHaveProperty('remoteip');
    },
  );

  test('is sent an IPv6 address', async () => {
    const { simulated, verify } = await startVerifier(provider);
    await expect(verify(simulated.issueToken(), '2001:db8::7')).resolves.toBe('human');
    expect(lastForm(simulated)).toMatchObject({ remoteip: '2001:db8::7' });
  });

  test('rejects an expired and a forged token', async () => {
    const { simulated, verify } = await startVerifier(provider);
    await expect(verify(simulated.issueToken({ isExpired: true }))).resolves.toBe('not-human');
    await expect(verify('forged')).resolves.toBe('not-human');
    expect(simulated.requests).toHaveLength(2);
    expect(reportedReasons()).toEqual([]);
  });

  test('is not called for a token that cannot be valid', async () => {
    const { simulated, verify } = await startVerifier(provider);
    const { maximumTokenLength } = CAPTCHA_PROVIDERS[provider];
    for (const token of ['', ' ', 'a b', 'tökén', 'a\r\nb', '\ud800', 'x'.repeat(maximumTokenLength + 1)]) {
      await expect(verify(token)).resolves.toBe('not-human');
    }
    expect(simulated.requests).toEqual([]);
    await verify('x'.repeat(maximumTokenLength));
    expect(lastForm(simulated)['response']).toHaveLength(maximumTokenLength);
  });

  test('is sent no form fields that a token tries to inject', async () => {
    const { simulated, verify } = await startVerifier(provider);
    const token = `x&secret=${CAPTCHA_TEST_KEYS[provider].secret}&response=y%26=+`;
    await expect(verify(token)).resolves.toBe('not-human');
    expect(lastForm(simulated)).toMatchObject({ secret: SIMULATED_CAPTCHA_SECRET, response: token });
  });

  test('accepts the published test keys, and rejects their token under a real secret key', async () => {
    const { secret, token } = CAPTCHA_TEST_KEYS[provider];
    const { verify } = await startVerifier(provider, { secret: async () => secret });
    await expect(verify(token)).resolves.toBe('human');
    const real = await startVerifier(provider);
    await expect(real.verify(token)).resolves.toBe('not-human');
  });
});

describe('Turnstile', () => {
  test.each([
    ['failing', TURNSTILE_FAILING_SECRET],
    ['spent', TURNSTILE_SPENT_SECRET],
  ])('rejects tokens under the test secret for %s tokens', async (_name, secret) => {
    const { verify } = await startVerifier('turnstile', { secret: async () => secret });
    await expect(verify(CAPTCHA_TEST_KEYS.turnstile.token)).resolves.toBe('not-human');
    expect(reportedReasons()).toEqual([]);
  });

  test('receives the same request again after a lost response, so that the token passes', async () => {
    const { simulated } = await startVerifier('turnstile');
    const connected = createHttpsClient(simulated.verifyUrl);
    let isFirst = true;
    const losesFirstResponse: HttpsClient = async (...request) => {
      const response = await connected(...request);
      if (!isFirst) return response;
      isFirst = false;
      // a reset that came together with the response
      throw new RequestFailed(new Error('lost'), true);
    };
    const token = simulated.issueToken();
    const captcha = createVerifier({ client: losesFirstResponse }, 'turnstile');
    await expect(captcha.verify(token, SOURCE_IP, deadline)).resolves.toBe('human');
    expect(simulated.requests).toHaveLength(2);
    await expect(captcha.verify(token, SOURCE_IP, deadline)).resolves.toBe('not-human');
  });
});
