import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../../functions/recover-user/config.ts';
import { ConfigError } from '../../../functions/runtime/environment.ts';

const MINIMAL = { API_TOKEN_SECRET_ID: 'the-secret' };

const OPTIONAL = [
  'BEYOND_IDENTITY_API_URL',
  'ALLOWED_ORIGINS',
  'RESPONSE_TIME_MS',
  'MAILBOX_COOLDOWN_SECONDS',
  'MAILBOX_ATTEMPTS_PER_DAY',
  'ATTEMPTS_TABLE_NAME',
  'EVENT_BUS_NAME',
  'INCLUDE_REFERENCE',
  'OUTBOX_QUEUE_URL',
  'DELIVERY',
  'PSEUDONYM_KEY_SECRET_ID',
  'CAPTCHA_SECRET_ID',
  'STAGE',
  'CAPTCHA_PROVIDER',
  'CAPTCHA_FAILURE_MODE',
  'CAPTCHA_MINIMUM_SCORE',
  'CAPTCHA_VERIFY_URL',
];

describe('readConfig', () => {
  test('needs only the secret', () => {
    expect(readConfig(MINIMAL)).toEqual({
      stage: 'local',
      forwarding: {
        credentialSecretId: 'the-secret',
        beyondIdentity: { platform: 'v0', apiUrl: new URL('https://api.byndid.com') },
        directory: { type: 'email' },
      },
      allowedOrigins: [],
      responseTimeMs: 2000,
      limits: { cooldownMs: 60_000, perDay: 5 },
      events: { busName: undefined, includeReference: false },
    });
  });

  test('takes an empty value for an absent variable', () => {
    const empty = Object.fromEntries(OPTIONAL.map((name) => [name, '']));
    expect(readConfig({ ...MINIMAL, ...empty })).toEqual(readConfig(MINIMAL));
  });

  test('reads every variable', () => {
    expect(
      readConfig({
        API_TOKEN_SECRET_ID: ' arn:aws:secretsmanager:eu-west-1:1:secret:a ',
        BEYOND_IDENTITY_API_URL: 'https://api-eu.byndid.com/',
        ALLOWED_ORIGINS: 'https://a.example, http://localhost:5173 ,',
        RESPONSE_TIME_MS: '0',
        MAILBOX_COOLDOWN_SECONDS: '30',
        MAILBOX_ATTEMPTS_PER_DAY: '3',
        ATTEMPTS_TABLE_NAME: 'attempts',
        EVENT_BUS_NAME: 'the-bus',
        INCLUDE_REFERENCE: 'true',
        OUTBOX_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/outbox',
        STAGE: 'staging',
        PSEUDONYM_KEY_SECRET_ID: 'the-key',
        CAPTCHA_SECRET_ID: 'the-captcha',
        CAPTCHA_PROVIDER: 'recaptcha',
        CAPTCHA_FAILURE_MODE: 'open',
        CAPTCHA_MINIMUM_SCORE: '0.7',
        CAPTCHA_VERIFY_URL: 'http://localhost:3004/verify',
      }),
    ).toEqual({
      stage: 'staging',
      forwarding: {
        credentialSecretId: 'arn:aws:secretsmanager:eu-west-1:1:secret:a',
        beyondIdentity: { platform: 'v0', apiUrl: new URL('https://api-eu.byndid.com') },
        directory: { type: 'email' },
      },
      pseudonymKeySecretId: 'the-key',
      captchaSecretId: 'the-captcha',
      outboxQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/outbox',
      allowedOrigins: ['https://a.example', 'http://localhost:5173'],
      responseTimeMs: 0,
      limits: { cooldownMs: 30_000, perDay: 3 },
      attemptsTableName: 'attempts',
      events: { busName: 'the-bus', includeReference: true },
      captcha: {
        provider: 'recaptcha',
        failureMode: 'open',
        minimumScore: 0.7,
        verifyUrl: new URL('http://localhost:3004/verify'),
      },
    });
  });

  test.each([[{}], [{ API_TOKEN_SECRET_ID: '' }], [{ API_TOKEN_SECRET_ID: '  ' }]])(
    'names the missing secret: %j',
    (environment) => {
      expect(() => readConfig(environment)).toThrow(ConfigError);
      expect(() => readConfig(environment)).toThrow(/^API_TOKEN_SECRET_ID is .*set it to the name or ARN/);
    },
  );

  test.each([
    'api.byndid.com',
    'ftp://api.byndid.com',
    'http://api.byndid.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'https://user:password@api.byndid.com',
    'https://api.byndid.com?x=1',
    'https://api.byndid.com#x',
  ])('rejects the base URL %j', (url) => {
    expect(() => readConfig({ ...MINIMAL, BEYOND_IDENTITY_API_URL: url })).toThrow(
      /^BEYOND_IDENTITY_API_URL must be an https URL/,
    );
  });

  test.each([
    'http://localhost:3001',
    'http://127.0.0.1:3001',
    'http://[::1]:3001',
    'http://host.docker.internal:3001',
  ])('accepts %s for an emulator', (url) => {
    const { forwarding } = readConfig({ ...MINIMAL, BEYOND_IDENTITY_API_URL: url });
    expect(forwarding?.beyondIdentity.apiUrl.href).toBe(`${url}/`);
  });

  test.each([
    '*',
    'null',
    'https://a.example/',
    'https://a.example/path',
    'a.example',
    'https://A.example',
    'https://*.a.example',
    'ftp://a.example',
    'https:',
  ])('rejects the origin %j', (origin) => {
    expect(() => readConfig({ ...MINIMAL, ALLOWED_ORIGINS: `https://b.example,${origin}` })).toThrow(
      /^ALLOWED_ORIGINS must be a comma-separated list; each entry must be an origin as a browser sends it/,
    );
  });

  test('names every invalid variable at once', () => {
    expect(() => readConfig({ BEYOND_IDENTITY_API_URL: 'x', ALLOWED_ORIGINS: 'y' })).toThrow(
      /API_TOKEN_SECRET_ID.*ALLOWED_ORIGINS.*BEYOND_IDENTITY_API_URL/,
    );
  });

  test.each([
    ['INCLUDE_REFERENCE', 'yes', 'true or false'],
    ['RESPONSE_TIME_MS', '499', '0 (off) or a whole number of milliseconds from 500 to 10000'],
    ['RESPONSE_TIME_MS', '500.5', '0 (off) or a whole number of milliseconds from 500 to 10000'],
    ['RESPONSE_TIME_MS', '10001', '0 (off) or a whole number of milliseconds from 500 to 10000'],
    ['MAILBOX_COOLDOWN_SECONDS', '-1', 'a whole number from 0 to 3600'],
    ['MAILBOX_ATTEMPTS_PER_DAY', '0', 'a whole number from 1 to 20'],
    ['MAILBOX_ATTEMPTS_PER_DAY', 'five', 'a whole number from 1 to 20'],
    ['OUTBOX_QUEUE_URL', 'outbox', 'the URL of an SQS queue'],
    ['DELIVERY', 'later', 'direct or queued'],
    ['STAGE', 'a b', 'the name of a stage'],
    ['CAPTCHA_PROVIDER', 'captcha', 'turnstile, hcaptcha or recaptcha'],
    ['CAPTCHA_FAILURE_MODE', 'ajar', 'closed or open'],
    ['CAPTCHA_MINIMUM_SCORE', '1.5', 'a number from 0 to 1 with at most two decimals'],
    ['CAPTCHA_VERIFY_URL', 'http://api.hcaptcha.com', 'an https URL'],
    ['CAPTCHA_VERIFY_URL', 'api.hcaptcha.com', 'an https URL'],
    ['CAPTCHA_VERIFY_URL', 'https://user:password@api.hcaptcha.com', 'an https URL'],
  ])('rejects %s=%s', (name, value, requirement) => {
    expect(() => readConfig({ ...MINIMAL, [name]: value })).toThrow(`${name} must be ${requirement}`);
  });

  test.each(['turnstile', 'hcaptcha', 'recaptcha'])(
    '%s fails closed and has no minimum score by default',
    (provider) => {
      expect(readConfig({ ...MINIMAL, CAPTCHA_PROVIDER: provider }).captcha).toEqual({
        provider,
        failureMode: 'closed',
      });
    },
  );
});

describe('readConfig with queued delivery', () => {
  const QUEUED = {
    DELIVERY: 'queued',
    PSEUDONYM_KEY_SECRET_ID: 'the-key',
    OUTBOX_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/outbox',
  };

  test('needs no API token, and has no response time', () => {
    expect(readConfig({ ...QUEUED, RESPONSE_TIME_MS: '2000' })).toMatchObject({
      pseudonymKeySecretId: 'the-key',
      outboxQueueUrl: QUEUED.OUTBOX_QUEUE_URL,
      responseTimeMs: 0,
    });
  });

  test.each(['PSEUDONYM_KEY_SECRET_ID', 'OUTBOX_QUEUE_URL'])('needs %s', (name) => {
    expect(() => readConfig({ ...QUEUED, [name]: '' })).toThrow(`${name} is empty; set it to`);
  });

  test("needs a separate secret for the CAPTCHA, which must not be in the API token's secret", () => {
    const withCaptcha = { ...QUEUED, CAPTCHA_PROVIDER: 'turnstile' };
    expect(() => readConfig(withCaptcha)).toThrow('CAPTCHA_SECRET_ID is not set; set it to the name or ARN');
    expect(readConfig({ ...withCaptcha, CAPTCHA_SECRET_ID: 'the-captcha' })).toMatchObject({
      pseudonymKeySecretId: 'the-key',
      captchaSecretId: 'the-captcha',
      captcha: { provider: 'turnstile' },
    });
  });

  test('never reads the API token, even when its secret is configured', () => {
    const { forwarding } = readConfig({ ...QUEUED, API_TOKEN_SECRET_ID: 'the-secret' });
    expect(forwarding).toBeUndefined();
  });
});
