import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CAPTCHA_PROVIDERS,
  type CaptchaOptions,
  type CaptchaProvider,
  createCaptchaVerifier,
} from '../../../../functions/adapters/captcha/captcha-verifier.ts';
import {
  createHttpsClient,
  type HttpsClient,
  RequestFailed,
} from '../../../../functions/adapters/http/https-client.ts';
import type { Deadline } from '../../../../functions/core/deadline.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';
import {
  type CaptchaFault,
  type CaptchaProviderEmulator,
  SIMULATED_CAPTCHA_SECRET,
  startCaptchaProvider,
} from '../../../../local/emulators/captcha/captcha-provider.ts';
import {
  CAPTCHA_TEST_KEYS,
  TURNSTILE_FAILING_SECRET,
  TURNSTILE_SPENT_SECRET,
} from '../../../../local/emulators/captcha/captcha-test-keys.ts';

const PROVIDERS: CaptchaProvider[] = ['turnstile', 'hcaptcha', 'recaptcha'];
const SOURCE_IP = '203.0.113.7';

const unavailable = jest.fn<(reason: string) => void>();
const reportedReasons = () => unavailable.mock.calls.map(([reason]) => reason);

let deadline: Deadline;
const closings: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  unavailable.mockReset();
  deadline = startDeadline(10_000);
});
afterEach(async () => {
  deadline.clear();
  await Promise.all(closings.splice(0).map((close) => close()));
});

function checkBy(
  via: Pick<CaptchaOptions, 'client' | 'verifyUrl'>,
  provider: CaptchaProvider,
  options: Partial<CaptchaOptions> = {},
) {
  return createCaptchaVerifier({
    provider,
    secret: async () => SIMULATED_CAPTCHA_SECRET,
    ...via,
    onUnavailable: unavailable,
    timeoutMs: 10_000,
    ...options,
  });
}

async function startCheck(provider: CaptchaProvider, options: Partial<CaptchaOptions> = {}) {
  const simulated = await startCaptchaProvider({ provider });
  closings.push(simulated.close);
  const captcha = checkBy(simulated, provider, options);
  const verify = (token: string, sourceIp: string | undefined = SOURCE_IP) =>
    captcha.verify(token, sourceIp, deadline);
  return { simulated, verify };
}

function lastForm({ requests }: CaptchaProviderEmulator): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(requests.at(-1)?.body));
}

/** A provider that responds with anything. */
async function startOther(respond: RequestListener): Promise<URL> {
  const server = createServer(respond);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closings.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port }: Pick<AddressInfo, 'port'> = Object(server.address());
  return new URL(`http://127.0.0.1:${port}/siteverify`);
}

describe.each(PROVIDERS)('%s', (provider) => {
  test('is called at its public host unless another URL is configured', () => {
    const { host } = new URL(CAPTCHA_PROVIDERS[provider].verifyUrl);
    expect(() => checkBy({}, provider)).toThrow(`The network is off in tests: ${host}`);
  });

  test('accepts a token that it issued once', async () => {
    const { simulated, verify } = await startCheck(provider);
    const token = simulated.issueToken();
    await expect(verify(token)).resolves.toBe('human');
    await expect(verify(token)).resolves.toBe('not-human');
    expect(reportedReasons()).toEqual([]);
  });

  test('is called at its public path, with a form of the secret, the token and the client IP', async () => {
    const { simulated, verify } = await startCheck(provider);
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
      const { simulated } = await startCheck(provider);
      const captcha = checkBy(simulated, provider);
      await expect(captcha.verify(simulated.issueToken(), sourceIp, deadline)).resolves.toBe('human');
      expect(lastForm(simulated)).not.toHaveProperty('remoteip');
    },
  );

  test('is sent an IPv6 address', async () => {
    const { simulated, verify } = await startCheck(provider);
    await expect(verify(simulated.issueToken(), '2001:db8::7')).resolves.toBe('human');
    expect(lastForm(simulated)).toMatchObject({ remoteip: '2001:db8::7' });
  });

  test('rejects an expired and a forged token', async () => {
    const { simulated, verify } = await startCheck(provider);
    await expect(verify(simulated.issueToken({ isExpired: true }))).resolves.toBe('not-human');
    await expect(verify('forged')).resolves.toBe('not-human');
    expect(simulated.requests).toHaveLength(2);
    expect(reportedReasons()).toEqual([]);
  });

  test('is not called for a token that cannot be valid', async () => {
    const { simulated, verify } = await startCheck(provider);
    const { maximumTokenLength } = CAPTCHA_PROVIDERS[provider];
    for (const token of ['', ' ', 'a b', 'tökén', 'a\r\nb', '\ud800', 'x'.repeat(maximumTokenLength + 1)]) {
      await expect(verify(token)).resolves.toBe('not-human');
    }
    expect(simulated.requests).toEqual([]);
    await verify('x'.repeat(maximumTokenLength));
    expect(lastForm(simulated)['response']).toHaveLength(maximumTokenLength);
  });

  test('is sent no form fields that a token tries to inject', async () => {
    const { simulated, verify } = await startCheck(provider);
    const token = `x&secret=${CAPTCHA_TEST_KEYS[provider].secret}&response=y%26=+`;
    await expect(verify(token)).resolves.toBe('not-human');
    expect(lastForm(simulated)).toMatchObject({ secret: SIMULATED_CAPTCHA_SECRET, response: token });
  });

  test('accepts the published test keys, and rejects their token under a real secret key', async () => {
    const { secret, token } = CAPTCHA_TEST_KEYS[provider];
    const { verify } = await startCheck(provider, { secret: async () => secret });
    await expect(verify(token)).resolves.toBe('human');
    const real = await startCheck(provider);
    await expect(real.verify(token)).resolves.toBe('not-human');
  });

  test('is unavailable, with the reason reported, under a wrong secret key', async () => {
    const { simulated, verify } = await startCheck(provider, { secret: async () => 'wrong' });
    await expect(verify(simulated.issueToken())).resolves.toBe('unavailable');
    expect(reportedReasons()).toEqual(['invalid-input-secret']);
  });

  test('is unavailable, with the reason reported, under an empty secret key', async () => {
    const { simulated, verify } = await startCheck(provider, { secret: async () => '' });
    await expect(verify(simulated.issueToken())).resolves.toBe('unavailable');
    expect(reportedReasons()).toEqual(['missing-input-secret']);
  });

  test('is unavailable and not called without a secret key', async () => {
    const { simulated, verify } = await startCheck(provider, { secret: async () => undefined });
    await expect(verify(simulated.issueToken())).resolves.toBe('unavailable');
    expect(reportedReasons()).toEqual(['CAPTCHA secret key is not configured']);
    expect(simulated.requests).toEqual([]);
  });

  test.each<[Exclude<CaptchaFault['kind'], 'slow'>, string]>([
    ['500', 'status 500 without a verdict'],
    ['not-json', 'status 200 without a verdict'],
    ['reset', 'no response (ECONNRESET)'],
  ])(
    'is unavailable after one request while it fails with %s, and accepts the token afterwards',
    async (kind, reason) => {
      const { simulated, verify } = await startCheck(provider);
      const token = simulated.issueToken();
      simulated.fault({ kind });
      await expect(verify(token)).resolves.toBe('unavailable');
      expect(reportedReasons()).toEqual([reason]);
      expect(simulated.requests).toHaveLength(1);
      simulated.heal();
      await expect(verify(token)).resolves.toBe('human');
    },
  );

  test('is unavailable when it hangs for longer than the timeout', async () => {
    const { simulated, verify } = await startCheck(provider, { timeoutMs: 5 });
    simulated.fault({ kind: 'hang' });
    await expect(verify(simulated.issueToken())).resolves.toBe('unavailable');
    expect(reportedReasons()).toEqual(['no response (Aborted)']);
  });

  test('is unavailable when it hangs until the deadline', async () => {
    const { simulated } = await startCheck(provider);
    simulated.fault({ kind: 'hang' });
    const captcha = checkBy(simulated, provider);
    const near = startDeadline(5);
    await expect(captcha.verify(simulated.issueToken(), SOURCE_IP, near)).resolves.toBe('unavailable');
    expect(reportedReasons()).toEqual(['no response (Aborted)']);
  });

  test('is not called after the deadline', async () => {
    const { simulated } = await startCheck(provider);
    const captcha = checkBy(simulated, provider);
    const over = startDeadline(0);
    await once(over.signal, 'abort');
    await expect(captcha.verify(simulated.issueToken(), SOURCE_IP, over)).resolves.toBe('unavailable');
    expect(reportedReasons()).toEqual(['deadline exceeded before the check started']);
    expect(simulated.requests).toEqual([]);
  });

  test('is called once more when a kept connection turned stale', async () => {
    const { simulated, verify } = await startCheck(provider);
    await expect(verify(simulated.issueToken())).resolves.toBe('human');
    simulated.fault({ kind: 'reset', times: 1 });
    await expect(verify(simulated.issueToken())).resolves.toBe('human');
    expect(reportedReasons()).toEqual([]);
    simulated.fault({ kind: 'reset' });
    await expect(verify(simulated.issueToken())).resolves.toBe('unavailable');
    expect(simulated.requests).toHaveLength(5);
  });

  test('is trusted only for a success, and no reason quotes its response, the token or the secret', async () => {
    let sent = { status: 200, body: '' };
    const verifyUrl = await startOther((_request, response) => {
      response.writeHead(sent.status).end(sent.body);
    });
    const captcha = checkBy({ verifyUrl }, provider);
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
    return checkBy({ client }, provider).verify('token', SOURCE_IP, deadline);
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

  test.each([301, 307, 401, 403, 404, 503])('is unavailable for status %i with any body', async (status) => {
    await expect(verdictOn(status, { success: true })).resolves.toBe('unavailable');
    await expect(verdictOn(status, { success: false })).resolves.toBe('unavailable');
  });

  test('is unavailable for a body that was cut off or is too large', async () => {
    const client: HttpsClient = async () => ({ status: 200, headers: {}, body: undefined });
    await expect(checkBy({ client }, 'turnstile').verify('token', SOURCE_IP, deadline)).resolves.toBe(
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
    await expect(checkBy({ client }, 'turnstile').verify('token', SOURCE_IP, deadline)).rejects.toThrow(
      'ours',
    );
  });
});

describe('the score of a CAPTCHA token', () => {
  async function verdictOnScore(provider: CaptchaProvider, score: number, minimumScore?: number) {
    const { simulated, verify } = await startCheck(provider, { minimumScore });
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

describe('Turnstile', () => {
  test.each([
    ['failing', TURNSTILE_FAILING_SECRET],
    ['spent', TURNSTILE_SPENT_SECRET],
  ])('rejects tokens under the test secret for %s tokens', async (_name, secret) => {
    const { verify } = await startCheck('turnstile', { secret: async () => secret });
    await expect(verify(CAPTCHA_TEST_KEYS.turnstile.token)).resolves.toBe('not-human');
    expect(reportedReasons()).toEqual([]);
  });

  test('receives the same request again after a lost response, so that the token passes', async () => {
    const { simulated } = await startCheck('turnstile');
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
    const captcha = checkBy({ client: losesFirstResponse }, 'turnstile');
    await expect(captcha.verify(token, SOURCE_IP, deadline)).resolves.toBe('human');
    expect(simulated.requests).toHaveLength(2);
    await expect(captcha.verify(token, SOURCE_IP, deadline)).resolves.toBe('not-human');
  });
});

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
    ['no token', 200, { method: 'POST', headers: form, body: 'secret=s' }, 'missing-input-response'],
  ])('rejects %s', async (_name, status, request, code) => {
    const { simulated } = await startCheck('hcaptcha');
    const response = await fetch(simulated.verifyUrl, request);
    expect(response.status).toBe(status);
    if (code !== undefined) {
      await expect(response.json()).resolves.toEqual({ success: false, 'error-codes': [code] });
    }
  });

  test('responds with 404 to another path', async () => {
    const { simulated } = await startCheck('turnstile');
    expect((await fetch(`${simulated.url}/siteverify`, { method: 'POST' })).status).toBe(404);
  });

  test.each<[CaptchaProvider, string]>([
    ['hcaptcha', 'not-using-dummy-passcode'],
    ['turnstile', 'invalid-input-response'],
  ])('of %s accepts only the test token under the test secret', async (provider, code) => {
    const { simulated } = await startCheck(provider);
    const body = new URLSearchParams({ secret: CAPTCHA_TEST_KEYS[provider].secret, response: 'real' });
    const response = await fetch(simulated.verifyUrl, { method: 'POST', body });
    await expect(response.json()).resolves.toEqual({ success: false, 'error-codes': [code] });
  });
});
