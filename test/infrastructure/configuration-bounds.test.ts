import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import production from '../../config/production.json' with { type: 'json' };
import { readDeliveryConfig } from '../../functions/deliver-outbox/config.ts';
import { readConfig as readFunctionConfig } from '../../functions/recover-user/config.ts';
import { listFromText } from '../../functions/runtime/configuration-bounds.ts';
import { ConfigError as FunctionConfigError } from '../../functions/runtime/environment.ts';
import { urlsOf } from '../../lib/config/beyond-identity-schema.ts';
import { ConfigError } from '../../lib/config/config-error.ts';
import { configWith } from './config-with.ts';

/** A setting that both the stack and a function read. */
interface SharedSetting {
  /** Reads a configuration file with this text for the setting; throws. */
  stack(text: string): unknown;
  /** Reads the environment of the function with this text for the variable; throws. */
  function(text: string): unknown;
  accepted: readonly string[];
  rejected: readonly string[];
}

const ENDPOINT = { API_TOKEN_SECRET_ID: 'the-secret' };
const DELIVERY = {
  API_TOKEN_SECRET_ID: 'the-secret',
  ATTEMPTS_TABLE_NAME: 'attempts',
  OUTBOX_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/outbox',
};

/** What a text is in a file: a number where it is written like one, else text. */
const orNumber = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

const endpointWith = (changes: Record<string, string>) => readFunctionConfig({ ...ENDPOINT, ...changes });

const V1 = { platform: 'v1', region: 'us', tenantId: 't', realmId: 'r', authenticatorConfigId: 'a' };
const V1_ENVIRONMENT = {
  BEYOND_IDENTITY_PLATFORM: 'v1',
  BEYOND_IDENTITY_API_URL: 'https://api-us.beyondidentity.com',
  BEYOND_IDENTITY_TENANT_ID: 't',
  BEYOND_IDENTITY_REALM_ID: 'r',
  BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: 'a',
};

const SHARED: Record<string, SharedSetting> = {
  'RESPONSE_TIME_MS and responseTimeMs': {
    stack: (text) => configWith({ responseTimeMs: orNumber(text) }),
    function: (text) => endpointWith({ RESPONSE_TIME_MS: text }),
    accepted: ['0', '500', '2000', '10000'],
    rejected: ['1', '250', '499', '1000.5', '10001', '-1', 'fast', ' 1000', '1e3', '+1000', '0x3e8'],
  },
  'MAILBOX_COOLDOWN_SECONDS and mailboxCooldownSeconds': {
    stack: (text) => configWith({ mailboxCooldownSeconds: orNumber(text) }),
    function: (text) => endpointWith({ MAILBOX_COOLDOWN_SECONDS: text }),
    accepted: ['0', '1', '60', '3600'],
    rejected: ['-1', '3601', '86400', '0.5', 'a minute'],
  },
  'MAILBOX_ATTEMPTS_PER_DAY and mailboxAttemptsPerDay': {
    stack: (text) => configWith({ mailboxAttemptsPerDay: orNumber(text) }),
    function: (text) => endpointWith({ MAILBOX_ATTEMPTS_PER_DAY: text }),
    accepted: ['1', '5', '20'],
    rejected: ['0', '21', '1.5', 'five'],
  },
  'OUTBOX_MAXIMUM_AGE_SECONDS and outboxMaximumAgeSeconds': {
    stack: (text) => configWith({ outboxMaximumAgeSeconds: orNumber(text) }),
    function: (text) => readDeliveryConfig({ ...DELIVERY, OUTBOX_MAXIMUM_AGE_SECONDS: text }),
    accepted: ['60', '3600', '43200'],
    rejected: ['0', '1', '59', '43201', '60.5', 'an hour'],
  },
  'CAPTCHA_MINIMUM_SCORE and captcha.minimumScore': {
    stack: (text) => configWith({ captcha: { provider: 'recaptcha', minimumScore: orNumber(text) } }),
    function: (text) => endpointWith({ CAPTCHA_PROVIDER: 'recaptcha', CAPTCHA_MINIMUM_SCORE: text }),
    accepted: ['0', '0.0', '0.07', '0.29', '0.5', '0.57', '0.70', '1', '1.00'],
    rejected: ['-0.1', '0.001', '0.555', '1.01', '2', '.5', '5e-1', 'high'],
  },
  'CAPTCHA_PROVIDER and captcha.provider': {
    stack: (text) => configWith({ captcha: { provider: text } }),
    function: (text) => endpointWith({ CAPTCHA_PROVIDER: text }),
    accepted: ['turnstile', 'hcaptcha', 'recaptcha'],
    rejected: ['captcha', 'Turnstile', 'recaptcha-v3'],
  },
  'CAPTCHA_FAILURE_MODE and captcha.failureMode': {
    stack: (text) => configWith({ captcha: { provider: 'turnstile', failureMode: text } }),
    function: (text) => endpointWith({ CAPTCHA_PROVIDER: 'turnstile', CAPTCHA_FAILURE_MODE: text }),
    accepted: ['open', 'closed'],
    rejected: ['ajar', 'Open'],
  },
  'DELIVERY and delivery': {
    stack: (text) => configWith({ delivery: text }),
    function: (text) =>
      readFunctionConfig({ ...DELIVERY, PSEUDONYM_KEY_SECRET_ID: 'the-key', DELIVERY: text }),
    accepted: ['direct', 'queued'],
    rejected: ['later', 'Direct'],
  },
  'ALLOWED_ORIGINS and allowedOrigins': {
    stack: (text) => configWith({ allowedOrigins: listFromText(text) }),
    function: (text) => endpointWith({ ALLOWED_ORIGINS: text }),
    accepted: [
      '',
      'https://www.example.com',
      'https://www.example.com:8443',
      ' https://a.example , https://b.example ,',
      'http://localhost',
      'http://localhost:5173',
      'http://127.0.0.1:3000',
      'http://[::1]:3000',
    ],
    rejected: [
      '*',
      'null',
      'a.example',
      'http://a.example',
      'http://localhost.example',
      'http://127.0.0.1.example',
      'http://192.168.0.1:3000',
      'https://a.example/',
      'https://a.example/path',
      'https://a.example:443',
      'https://A.example',
      'https://*.a.example',
      "https://a'b.example",
      'https://user@a.example',
      'ftp://a.example',
      'https://a.example https://b.example',
    ],
  },
  'BEYOND_IDENTITY_API_URL and beyondIdentity.apiUrl': {
    stack: (text) => configWith({ beyondIdentity: { platform: 'v0', apiUrl: text } }),
    function: (text) => endpointWith({ BEYOND_IDENTITY_API_URL: text }),
    accepted: ['https://api.byndid.com', 'https://api-eu.byndid.com/', 'https://api.example.com:8443'],
    rejected: [
      'api.byndid.com',
      'http://api.byndid.com',
      'ftp://api.byndid.com',
      'https://api.byndid.com/v1',
      'https://api.byndid.com//',
      'https://api.byndid.com?x=1',
      'https://api.byndid.com#x',
      'https://API.byndid.com',
      'https://api.byndid.com:443',
      'https://user:password@api.byndid.com',
      'http://localhost.example.com',
      'http://127.0.0.1.example.com',
    ],
  },
  'POST_BINDING_REDIRECT_URI and beyondIdentity.postBindingRedirectUri': {
    stack: (text) => configWith({ beyondIdentity: { ...V1, postBindingRedirectUri: text } }),
    function: (text) => endpointWith({ ...V1_ENVIRONMENT, POST_BINDING_REDIRECT_URI: text }),
    accepted: ['https://app.example.com', 'https://app.example.com/sign-in?x=1', 'http://localhost:3000/'],
    rejected: [
      'app.example.com',
      'http://app.example.com',
      'myapp://x',
      'https://user:password@app.example.com',
    ],
  },
};

/** Whether the text is accepted; an error that does not name a setting fails the test. */
function accepts(read: (text: string) => unknown, text: string): boolean {
  try {
    read(text);
    return true;
  } catch (error) {
    if (error instanceof ConfigError || error instanceof FunctionConfigError) return false;
    throw error;
  }
}

describe.each(Object.entries(SHARED))('%s', (_names, shared) => {
  test.each(shared.accepted)('are both accepted as %j', (text) => {
    expect({ stack: accepts(shared.stack, text), function: accepts(shared.function, text) }).toEqual({
      stack: true,
      function: true,
    });
  });

  test.each(shared.rejected)('are both rejected as %j', (text) => {
    expect({ stack: accepts(shared.stack, text), function: accepts(shared.function, text) }).toEqual({
      stack: false,
      function: false,
    });
  });

  test('agree on any other text', () => {
    const text = fc.oneof(
      fc.integer({ min: -10, max: 50_000 }).map(String),
      fc.integer({ min: -100, max: 300 }).map((hundredths) => String(hundredths / 100)),
      fc.webUrl(),
      fc.webUrl().map((url) => new URL(url).origin),
      fc.webUrl().map((url) => new URL(url).origin.replace('https:', 'http:')),
      fc.string({ minLength: 1 }),
    );
    fc.assert(
      fc.property(text, (any) => {
        fc.pre(any.trim() !== '');
        expect(accepts(shared.function, any)).toBe(accepts(shared.stack, any));
      }),
    );
  });
});

describe('the stack and the functions', () => {
  test('have the same defaults', () => {
    const endpoint = readFunctionConfig(ENDPOINT);
    expect(endpoint).toMatchObject({
      responseTimeMs: production.responseTimeMs,
      limits: {
        cooldownMs: production.mailboxCooldownSeconds * 1000,
        perDay: production.mailboxAttemptsPerDay,
      },
    });
    expect(readDeliveryConfig(DELIVERY).maximumAgeMs).toBe(production.outboxMaximumAgeSeconds * 1000);
    expect(endpoint.forwarding?.beyondIdentity.apiUrl.origin).toBe(
      urlsOf(configWith({}).beyondIdentity).apiUrl,
    );
  });

  test.each([
    'http://localhost:3001',
    'http://127.0.0.1:3001',
    'http://[::1]:3001/',
    'http://host.docker.internal:3001',
  ])('differ in %s alone: a function may call an emulator on its own machine, and a stack cannot', (url) => {
    const { stack, function: inFunction } = SHARED['BEYOND_IDENTITY_API_URL and beyondIdentity.apiUrl'] ?? {};
    expect(() => inFunction?.(url)).not.toThrow();
    expect(() => stack?.(url)).toThrow(`apiUrl is "${url}"; it must be an https URL`);
  });
});
