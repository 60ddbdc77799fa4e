import { describe, expect, test } from '@jest/globals';
import { readDeliverySettings } from '../../../functions/deliver-outbox/config.ts';
import { readSettings } from '../../../functions/recover-user/config.ts';
import { SettingsError } from '../../../functions/runtime/environment.ts';

const MINIMAL = { API_TOKEN_SECRET_ID: 'the-secret' };

const OPTIONAL = [
  'BEYOND_IDENTITY_API_URL',
  'ALLOWED_ORIGINS',
  'RESPONSE_TIME_MS',
  'MAILBOX_COOLDOWN_SECONDS',
  'MAILBOX_ATTEMPTS_PER_DAY',
  'ATTEMPTS_TABLE_NAME',
  'AUDIT_LOG_GROUP_NAME',
  'OUTBOX_QUEUE_URL',
  'DELIVERY',
  'PSEUDONYM_KEY_SECRET_ID',
  'CAPTCHA_PROVIDER',
  'CAPTCHA_FAILURE_MODE',
  'CAPTCHA_MINIMUM_SCORE',
  'CAPTCHA_VERIFY_URL',
];

describe('readSettings', () => {
  test('needs the secret only', () => {
    expect(readSettings(MINIMAL)).toEqual({
      secret: { apiTokenSecretId: 'the-secret' },
      beyondIdentityApiUrl: new URL('https://api.byndid.com'),
      allowedOrigins: [],
      responseTimeMs: 2000,
      limits: { cooldownMs: 60_000, perDay: 5 },
    });
  });

  test('takes an empty text for an absent setting', () => {
    const empty = Object.fromEntries(OPTIONAL.map((name) => [name, '']));
    expect(readSettings({ ...MINIMAL, ...empty })).toEqual(readSettings(MINIMAL));
  });

  test('reads all', () => {
    expect(
      readSettings({
        API_TOKEN_SECRET_ID: ' arn:aws:secretsmanager:eu-west-1:1:secret:a ',
        BEYOND_IDENTITY_API_URL: 'https://api-eu.byndid.com/',
        ALLOWED_ORIGINS: 'https://a.example, http://localhost:5173 ,',
        RESPONSE_TIME_MS: '0',
        MAILBOX_COOLDOWN_SECONDS: '30',
        MAILBOX_ATTEMPTS_PER_DAY: '3',
        ATTEMPTS_TABLE_NAME: 'attempts',
        AUDIT_LOG_GROUP_NAME: 'audit',
        OUTBOX_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/outbox',
        CAPTCHA_PROVIDER: 'recaptcha',
        CAPTCHA_FAILURE_MODE: 'open',
        CAPTCHA_MINIMUM_SCORE: '0.7',
        CAPTCHA_VERIFY_URL: 'http://localhost:3004/verify',
      }),
    ).toEqual({
      secret: { apiTokenSecretId: 'arn:aws:secretsmanager:eu-west-1:1:secret:a' },
      outboxQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/outbox',
      beyondIdentityApiUrl: new URL('https://api-eu.byndid.com'),
      allowedOrigins: ['https://a.example', 'http://localhost:5173'],
      responseTimeMs: 0,
      limits: { cooldownMs: 30_000, perDay: 3 },
      attemptsTableName: 'attempts',
      auditLogGroupName: 'audit',
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
      expect(() => readSettings(environment)).toThrow(SettingsError);
      expect(() => readSettings(environment)).toThrow(/^API_TOKEN_SECRET_ID is .*set it to the name or ARN/);
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
  ])('refuses the base URL %j', (url) => {
    expect(() => readSettings({ ...MINIMAL, BEYOND_IDENTITY_API_URL: url })).toThrow(
      /^BEYOND_IDENTITY_API_URL must be an https URL/,
    );
  });

  test.each([
    'http://localhost:3001',
    'http://127.0.0.1:3001',
    'http://[::1]:3001',
    'http://host.docker.internal:3001',
  ])('takes %s for a stand-in', (url) => {
    expect(readSettings({ ...MINIMAL, BEYOND_IDENTITY_API_URL: url }).beyondIdentityApiUrl.href).toBe(
      `${url}/`,
    );
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
  ])('refuses the origin %j', (origin) => {
    expect(() => readSettings({ ...MINIMAL, ALLOWED_ORIGINS: `https://b.example,${origin}` })).toThrow(
      /^ALLOWED_ORIGINS must be a comma-separated list; each entry must be an origin as a browser sends it/,
    );
  });

  test('names every wrong setting at once', () => {
    expect(() => readSettings({ BEYOND_IDENTITY_API_URL: 'x', ALLOWED_ORIGINS: 'y' })).toThrow(
      /API_TOKEN_SECRET_ID.*BEYOND_IDENTITY_API_URL.*ALLOWED_ORIGINS/,
    );
  });

  test.each([
    ['RESPONSE_TIME_MS', '499', '0 (off) or a whole number of milliseconds from 500 to 10000'],
    ['RESPONSE_TIME_MS', '500.5', '0 (off) or a whole number of milliseconds from 500 to 10000'],
    ['RESPONSE_TIME_MS', '10001', '0 (off) or a whole number of milliseconds from 500 to 10000'],
    ['MAILBOX_COOLDOWN_SECONDS', '-1', 'a whole number from 0 to 3600'],
    ['MAILBOX_ATTEMPTS_PER_DAY', '0', 'a whole number from 1 to 20'],
    ['MAILBOX_ATTEMPTS_PER_DAY', 'five', 'a whole number from 1 to 20'],
    ['OUTBOX_QUEUE_URL', 'outbox', 'the URL of an SQS queue'],
    ['DELIVERY', 'later', 'direct or queued'],
    ['CAPTCHA_PROVIDER', 'captcha', 'turnstile, hcaptcha or recaptcha'],
    ['CAPTCHA_FAILURE_MODE', 'ajar', 'closed or open'],
    ['CAPTCHA_MINIMUM_SCORE', '1.5', 'a number from 0 to 1 with at most two decimals'],
    ['CAPTCHA_VERIFY_URL', 'http://api.hcaptcha.com', 'an https URL'],
    ['CAPTCHA_VERIFY_URL', 'api.hcaptcha.com', 'an https URL'],
    ['CAPTCHA_VERIFY_URL', 'https://user:password@api.hcaptcha.com', 'an https URL'],
  ])('refuses %s=%s', (name, value, requirement) => {
    expect(() => readSettings({ ...MINIMAL, [name]: value })).toThrow(`${name} must be ${requirement}`);
  });

  test.each(['turnstile', 'hcaptcha', 'recaptcha'])(
    '%s fails closed and knows no score unless told',
    (provider) => {
      expect(readSettings({ ...MINIMAL, CAPTCHA_PROVIDER: provider }).captcha).toEqual({
        provider,
        failureMode: 'closed',
      });
    },
  );
});

describe('straight to the outbox', () => {
  const QUEUED = {
    DELIVERY: 'queued',
    PSEUDONYM_KEY_SECRET_ID: 'the-key',
    OUTBOX_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/outbox',
  };

  test('needs no API token, and does not wait', () => {
    expect(readSettings({ ...QUEUED, RESPONSE_TIME_MS: '2000' })).toMatchObject({
      secret: { pseudonymKeySecretId: 'the-key' },
      outboxQueueUrl: QUEUED.OUTBOX_QUEUE_URL,
      responseTimeMs: 0,
    });
  });

  test.each(['PSEUDONYM_KEY_SECRET_ID', 'OUTBOX_QUEUE_URL'])('needs %s', (name) => {
    expect(() => readSettings({ ...QUEUED, [name]: '' })).toThrow(`${name} is empty; set it to`);
  });

  test('knows no CAPTCHA', () => {
    expect(() => readSettings({ ...QUEUED, CAPTCHA_PROVIDER: 'turnstile' })).toThrow(
      'CAPTCHA_PROVIDER must be absent where DELIVERY is queued',
    );
  });
});

describe('readDeliverySettings', () => {
  const COMPLETE = {
    API_TOKEN_SECRET_ID: 'the-secret',
    ATTEMPTS_TABLE_NAME: 'attempts',
    OUTBOX_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/outbox',
  };

  test('keeps a request for an hour unless told otherwise', () => {
    expect(readDeliverySettings(COMPLETE)).toEqual({
      apiTokenSecretId: 'the-secret',
      beyondIdentityApiUrl: new URL('https://api.byndid.com'),
      attemptsTableName: 'attempts',
      outboxQueueUrl: COMPLETE.OUTBOX_QUEUE_URL,
      maximumAgeMs: 3_600_000,
    });
    const told = { OUTBOX_MAXIMUM_AGE_SECONDS: '60', BEYOND_IDENTITY_API_URL: 'https://api-eu.byndid.com' };
    expect(readDeliverySettings({ ...COMPLETE, ...told })).toMatchObject({
      maximumAgeMs: 60_000,
      beyondIdentityApiUrl: new URL('https://api-eu.byndid.com'),
    });
  });

  test('names all that is missing', () => {
    expect(() => readDeliverySettings({})).toThrow(
      /API_TOKEN_SECRET_ID.*ATTEMPTS_TABLE_NAME.*OUTBOX_QUEUE_URL/,
    );
  });
});
