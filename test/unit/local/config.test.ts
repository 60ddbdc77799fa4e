import { describe, expect, test } from '@jest/globals';
import { DELIVERIES, DIRECTORIES, PLATFORMS } from '../../../functions/runtime/configuration-bounds.ts';
import { readLocalConfig } from '../../../local/config.ts';
import { FUNCTIONS, variablesRead } from './function-variables.ts';

describe('npm start reads from its environment', () => {
  test.each([
    [{}, { port: 3000, host: '127.0.0.1', logFormat: 'text', environment: {} }],
    [
      { PORT: '', HOST: '', LOG_FORMAT: '', RESPONSE_TIME_MS: '', BEYOND_IDENTITY_API_URL: '' },
      { port: 3000, host: '127.0.0.1', logFormat: 'text', environment: {} },
    ],
    [
      { PORT: '65530', HOST: '0.0.0.0', LOG_FORMAT: 'json' },
      { port: 65_530, host: '0.0.0.0', logFormat: 'json' },
    ],
    [
      { PORT: '80', HOST: '::1' },
      { port: 80, host: '::1' },
    ],
  ])('%j as %j', (variables, config) => {
    expect(readLocalConfig(variables)).toMatchObject(config);
  });

  test("the functions' variables, as text and as values", () => {
    const environment = {
      RESPONSE_TIME_MS: '0',
      MAILBOX_COOLDOWN_SECONDS: '0',
      MAILBOX_ATTEMPTS_PER_DAY: '20',
      DELIVERY: 'queued',
      OUTBOX_MAXIMUM_AGE_SECONDS: '60',
      ALLOWED_ORIGINS: 'https://app.example.com',
    };
    expect(readLocalConfig({ ...environment, PATH: '/bin', AWS_PROFILE: 'mine' })).toMatchObject({
      environment,
      endpoint: {
        responseTimeMs: 0,
        limits: { cooldownMs: 0, perDay: 20 },
        allowedOrigins: ['https://app.example.com'],
      },
    });
  });
});

describe('npm start rejects an invalid variable with its name and the fix:', () => {
  test.each([
    [{ PORT: 'abc' }, /^PORT must be a whole number from 1 to 65530.* PORT=4000 npm start$/],
    [{ PORT: '65531' }, /^PORT must be /],
    [{ PORT: '0' }, /^PORT must be /],
    [{ PORT: '-1' }, /^PORT must be /],
    [
      { PORT: '6000' },
      /^PORT and the five ports that follow must not include one that browsers block.* PORT=4000 npm start$/,
    ],
    [{ PORT: '5995' }, /^PORT and /],
    [{ HOST: '192.0.2.1' }, /^HOST must be one of 127\.0\.0\.1, .*HOST=0\.0\.0\.0 npm start$/],
    [{ HOST: '127.0.0.2' }, /^HOST must be /],
    [{ LOG_FORMAT: 'yaml' }, /^LOG_FORMAT must be text or json\. .* LOG_FORMAT=json npm start$/],
    [{ RESPONSE_TIME_MS: '5s' }, /^RESPONSE_TIME_MS must be /],
    [{ RESPONSE_TIME_MS: '5' }, /^RESPONSE_TIME_MS must be /],
    [{ MAILBOX_COOLDOWN_SECONDS: '-1' }, /^MAILBOX_COOLDOWN_SECONDS must be a whole number/],
    [{ MAILBOX_ATTEMPTS_PER_DAY: '21' }, /^MAILBOX_ATTEMPTS_PER_DAY must be a whole number from 1 to 20$/],
    [{ DELIVERY: 'later' }, /^DELIVERY must be direct or queued$/],
    [{ OUTBOX_MAXIMUM_AGE_SECONDS: '0' }, /^OUTBOX_MAXIMUM_AGE_SECONDS must be a whole number/],
    [{ ALLOWED_ORIGINS: 'https://app.example.com/' }, /^ALLOWED_ORIGINS must be a comma-separated list/],
    [
      { BEYOND_IDENTITY_API_URL: 'https://api.byndid.com' },
      /^BEYOND_IDENTITY_API_URL has no effect here: .*\. Unset it: env -u BEYOND_IDENTITY_API_URL npm start$/,
    ],
    [{ CAPTCHA_PROVIDER: 'foo' }, /^CAPTCHA_PROVIDER has no effect here: /],
    [
      { BEYOND_IDENTITY_PLATFORM: 'v1' },
      /^BEYOND_IDENTITY_PLATFORM has no effect here: .*npm start -- --platform v1\. Unset it/,
    ],
    [{ DIRECTORY: 'dynamodb' }, /^DIRECTORY has no effect here: .* email directory only\. Unset it/],
    [{ POST_BINDING_REDIRECT_URI: 'x' }, /^POST_BINDING_REDIRECT_URI has no effect here: /],
  ])('%j', (variables, problem) => {
    expect(readLocalConfig(variables)).toEqual({ problems: [expect.stringMatching(problem)] });
  });

  test('every invalid variable on its own line', () => {
    const { problems } = {
      problems: [],
      ...readLocalConfig({ PORT: 'x', DELIVERY: 'x', RESPONSE_TIME_MS: 'x' }),
    };
    expect(problems).toEqual([
      expect.stringMatching(/^PORT /),
      expect.stringMatching(/^RESPONSE_TIME_MS /),
      expect.stringMatching(/^DELIVERY /),
    ]);
  });
});

/** Valid values, so that the functions read every variable that they know. */
const COMPLETE = {
  API_TOKEN_SECRET_ID: 'secret',
  PSEUDONYM_KEY_SECRET_ID: 'secret',
  ATTEMPTS_TABLE_NAME: 'table',
  OUTBOX_QUEUE_URL: 'https://sqs.example/queue',
  BEYOND_IDENTITY_API_URL: 'https://api-us.beyondidentity.com',
  BEYOND_IDENTITY_AUTH_URL: 'https://auth-us.beyondidentity.com',
  BEYOND_IDENTITY_TENANT_ID: 'tenant',
  BEYOND_IDENTITY_REALM_ID: 'realm',
  BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: 'config',
  BEYOND_IDENTITY_APPLICATION_ID: 'application',
  BEYOND_IDENTITY_APPLICATION_REALM_ID: 'realm',
  DIRECTORY_TABLE_NAME: 'table',
  DIRECTORY_ADDRESS_ATTRIBUTE: 'address',
  DIRECTORY_REFERENCE_ATTRIBUTE: 'reference',
  DIRECTORY_FUNCTION_ARN: 'arn:aws:lambda:us-east-1:123456789012:function:directory',
};

/** The variables that the functions read, whatever their delivery, platform and directory. */
function functionVariables(): Set<string> {
  const names = new Set<string>();
  for (const DELIVERY of DELIVERIES) {
    for (const BEYOND_IDENTITY_PLATFORM of PLATFORMS) {
      for (const DIRECTORY of DIRECTORIES) {
        const environment = { ...COMPLETE, DELIVERY, BEYOND_IDENTITY_PLATFORM, DIRECTORY };
        for (const read of Object.values(FUNCTIONS)) {
          for (const name of variablesRead(read, environment)) names.add(name);
        }
      }
    }
  }
  return names;
}

test('npm start passes on or rejects every variable of the functions', () => {
  const names = functionVariables();
  expect(names.size).toBeGreaterThan(28);
  for (const name of names) {
    expect(readLocalConfig({ [name]: '?' })).toEqual({
      problems: [expect.stringMatching(new RegExp(`^${name} `))],
    });
  }
});
