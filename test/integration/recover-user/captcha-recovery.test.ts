import { afterEach, describe, expect, test } from '@jest/globals';
import { problemDocument } from '../../../functions/recover-user/http/contract.ts';
import {
  type CaptchaProviderEmulator,
  SIMULATED_CAPTCHA_SECRET,
  startCaptchaProvider,
} from '../../emulators/captcha/captcha-provider.ts';
import { sqs, useSqs } from '../emulated-aws.ts';
import { API_TOKEN, metricValues, type RecoveryService, startRecoveryService } from '../recovery-service.ts';

const PROVIDERS = ['turnstile', 'hcaptcha', 'recaptcha'] as const;
const KNOWN = 'jane@example.com';

let provider: CaptchaProviderEmulator;
let service: RecoveryService;
afterEach(async () => {
  await service.close();
  await provider.close();
});
useSqs();

async function start(name: (typeof PROVIDERS)[number], environment: Record<string, string> = {}) {
  provider = await startCaptchaProvider({ provider: name });
  service = await startRecoveryService({
    secret: JSON.stringify({ API_TOKEN, CAPTCHA_SECRET: SIMULATED_CAPTCHA_SECRET }),
    environment: {
      CAPTCHA_PROVIDER: name,
      CAPTCHA_VERIFY_URL: provider.verifyUrl.href,
      ...environment,
    },
  });
}

const recover = (captchaToken?: unknown) => service.post(JSON.stringify({ email: KNOWN, captchaToken }));

describe.each(PROVIDERS)('recovery with a CAPTCHA of %s', (name) => {
  test('accepts each token once', async () => {
    await start(name);
    const token = provider.issueToken();
    expect((await recover(token)).status).toBe(202);
    expect(service.tenant.mails).toHaveLength(1);
    expect((await recover(token)).status).toBe(422);
    expect(service.tenant.requests).toHaveLength(1);
  });

  test('responds with 422 and a pointer to a missing or unknown token, and forwards nothing', async () => {
    await start(name);
    for (const token of [undefined, 'made-up', 'x'.repeat(7000)]) {
      const response = await recover(token);
      expect(response.status).toBe(422);
      const { errors } = problemDocument.parse(await response.json());
      expect(errors).toEqual([{ pointer: '#/captchaToken', detail: expect.any(String) }]);
    }
    expect(service.tenant.requests).toEqual([]);
    expect(metricValues(service.printed(), 'CaptchaFailed')).toEqual([1, 1, 1]);
  });

  test('responds with 503 to everybody while the provider is down, failing closed', async () => {
    await start(name);
    provider.fault({ kind: '500' });
    expect((await recover(provider.issueToken())).status).toBe(503);
    expect(service.tenant.requests).toEqual([]);
    expect(metricValues(service.printed(), 'CaptchaUnavailable')).toEqual([1]);
  });

  test('forwards requests while the provider is down, failing open', async () => {
    await start(name, { CAPTCHA_FAILURE_MODE: 'open' });
    provider.fault({ kind: '500' });
    expect((await recover(provider.issueToken())).status).toBe(202);
    expect(service.tenant.mails).toHaveLength(1);
    expect(metricValues(service.printed(), 'CaptchaSkipped')).toEqual([1]);
    expect(metricValues(service.printed(), 'CaptchaUnavailable')).toEqual([]);
  });
});

describe('recovery with a slow CAPTCHA provider, failing open', () => {
  const slow = { CAPTCHA_FAILURE_MODE: 'open', RESPONSE_TIME_MS: '1000' };

  test('sends one email per request, and queues nothing, while the provider hangs', async () => {
    await start('turnstile', { ...slow, OUTBOX_QUEUE_URL: sqs.queueUrl });
    provider.fault({ kind: 'hang' });
    const expectAccepted = async () => expect((await recover(provider.issueToken())).status).toBe(202);
    // as many as open the circuit breaker, and one more
    await Promise.all(Array.from({ length: 5 }, expectAccepted));
    await expectAccepted();
    expect(service.tenant.mails).toHaveLength(6);
    expect(sqs.messages).toHaveLength(0);
    expect(metricValues(service.printed(), 'CaptchaSkipped')).toHaveLength(6);
    expect(metricValues(service.printed(), 'CauseUpstreamFailed')).toEqual([]);
  }, 20_000);

  test.each([450, 850])(
    'sends one email, and queues nothing, when the provider takes %i ms',
    async (delayMs) => {
      await start('turnstile', { ...slow, OUTBOX_QUEUE_URL: sqs.queueUrl });
      provider.fault({ kind: 'slow', delayMs });
      expect((await recover(provider.issueToken())).status).toBe(202);
      expect(service.tenant.mails).toHaveLength(1);
      expect(sqs.messages).toHaveLength(0);
    },
  );
});

test('a rate-limited CAPTCHA provider lets no request pass, even failing open', async () => {
  await start('turnstile', { CAPTCHA_FAILURE_MODE: 'open' });
  provider.fault({ kind: '429' });
  const response = await recover(provider.issueToken());
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('30');
  expect(service.tenant.requests).toEqual([]);
  expect(metricValues(service.printed(), 'CaptchaUnavailable')).toEqual([1]);
  expect(metricValues(service.printed(), 'CaptchaSkipped')).toEqual([]);
});

test('a CAPTCHA whose secret key has its own secret works with queued delivery', async () => {
  await start('turnstile', {
    DELIVERY: 'queued',
    OUTBOX_QUEUE_URL: sqs.queueUrl,
    PSEUDONYM_KEY_SECRET_ID: 'the-key',
    CAPTCHA_SECRET_ID: 'the-captcha',
  });
  service.secretsManager.put('the-key', 'a-key-of-pseudonyms');
  service.secretsManager.put('the-captcha', SIMULATED_CAPTCHA_SECRET);
  expect((await recover(provider.issueToken())).status).toBe(202);
  expect((await recover('made-up')).status).toBe(422);
  expect(sqs.messages).toHaveLength(1);
  const read = service.secretsManager.requests.map(({ secretId }) => secretId);
  expect(new Set(read)).toEqual(new Set(['the-key', 'the-captcha']));
});

test('a CAPTCHA token that is not a string is a 422, and the provider is not called', async () => {
  await start('turnstile');
  const response = await recover({});
  expect(response.status).toBe(422);
  expect(provider.requests).toEqual([]);
});
