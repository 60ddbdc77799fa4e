import { describe, expect, test } from '@jest/globals';
import { createClientCredentialsSecret } from '../../../../functions/adapters/aws/credential-secret.ts';
import {
  createCaptchaSecret,
  createPseudonymKeySecret,
} from '../../../../functions/adapters/aws/single-value-secrets.ts';
import {
  apiTokenSecret,
  deadline,
  onError,
  secretIs,
  secretOptions,
  useSecrets,
} from './simulated-secrets.ts';

useSecrets();

describe('the pseudonymization key', () => {
  const pseudonym = (value: string, address = 'jane@example.com') => {
    secretIs(value);
    return apiTokenSecret().pseudonyms.of(address, deadline);
  };

  test('is the one in the secret, whatever the API token is', async () => {
    const one = await pseudonym('{"API_TOKEN":"tok","PSEUDONYM_KEY":"key"}');
    expect(one).toMatch(/^[\w-]{43}$/);
    await expect(pseudonym('{"API_TOKEN":"other","PSEUDONYM_KEY":"key"}')).resolves.toBe(one);
    await expect(pseudonym('{"API_TOKEN":"tok","PSEUDONYM_KEY":"another"}')).resolves.not.toBe(one);
  });

  test('is derived from the API token where the secret has none', async () => {
    const derived = await pseudonym('tok');
    expect(derived).toMatch(/^[\w-]{43}$/);
    await expect(pseudonym('{"API_TOKEN":"tok"}')).resolves.toBe(derived);
    await expect(pseudonym('{"API_TOKEN":"tok","PSEUDONYM_KEY":""}')).resolves.toBe(derived);
    await expect(pseudonym('other')).resolves.not.toBe(derived);
    await expect(pseudonym('{"API_TOKEN":"tok","PSEUDONYM_KEY":"tok"}')).resolves.not.toBe(derived);
  });

  test('is missing without a secret', async () => {
    await expect(pseudonym('')).resolves.toBeUndefined();
  });
});

describe('client credentials', () => {
  const credentials = (value: string) => {
    secretIs(value);
    return createClientCredentialsSecret(secretOptions());
  };

  test('are read from JSON, with the other values beside them', async () => {
    const { source, pseudonyms, captchaSecret } = credentials(
      '{"CLIENT_ID":" c ","CLIENT_SECRET":" s\\n","PSEUDONYM_KEY":"k","CAPTCHA_SECRET":"human"}',
    );
    await expect(source.current(deadline)).resolves.toEqual({ clientId: 'c', clientSecret: 's' });
    await expect(captchaSecret(deadline)).resolves.toBe('human');
    await expect(pseudonyms.of('jane', deadline)).resolves.toMatch(/^[\w-]{43}$/);
  });

  test.each([
    ['bare', /does not hold client credentials; store \{"CLIENT_ID"/],
    ['{broken', /does not hold client credentials/],
    ['{"CLIENT_ID":"c"}', /does not hold client credentials/],
    ['{"API_TOKEN":"tok"}', /does not hold client credentials/],
    ['{"CLIENT_ID":"","CLIENT_SECRET":"s"}', /is empty or contains invalid characters/],
    ['{"CLIENT_ID":"c","CLIENT_SECRET":"a b"}', /is empty or contains invalid characters/],
  ])('are not read from %j, and the error says what to store, without the value', async (value, reason) => {
    await expect(credentials(value).source.current(deadline)).resolves.toBeUndefined();
    expect(onError).toHaveBeenLastCalledWith(expect.stringMatching(reason));
  });
});

test("the CAPTCHA secret key is read from the credential's secret if it is there", async () => {
  secretIs('{"API_TOKEN":"tok","CAPTCHA_SECRET":"human"}');
  await expect(apiTokenSecret().captchaSecret(deadline)).resolves.toBe('human');
  secretIs('tok');
  await expect(apiTokenSecret().captchaSecret(deadline)).resolves.toBeUndefined();
  secretIs('');
  await expect(apiTokenSecret().captchaSecret(deadline)).resolves.toBeUndefined();
});

const looksLikeJson = (key: string) =>
  `it looks like JSON but cannot be parsed; store the bare value or {"${key}": "..."}`;
const withoutText = (key: string) =>
  `the JSON value has no string property ${key}; store the bare value or {"${key}": "..."}`;

describe('a secret with only the pseudonymization key', () => {
  const pseudonym = (value: string) => {
    secretIs(value);
    return createPseudonymKeySecret(secretOptions()).pseudonyms.of('jane@example.com', deadline);
  };

  test('holds the bare key or JSON', async () => {
    const one = await pseudonym('key');
    expect(one).toMatch(/^[\w-]{43}$/);
    await expect(pseudonym('{"PSEUDONYM_KEY":"key"}')).resolves.toBe(one);
    await expect(pseudonym('other')).resolves.not.toBe(one);
  });

  const EMPTY = 'it is empty; store a long random text in it';
  test.each([
    ['', EMPTY],
    ['{"PSEUDONYM_KEY":" "}', EMPTY],
    ['{"API_TOKEN":"hidden"}', EMPTY],
    ['{hidden', looksLikeJson('PSEUDONYM_KEY')],
    ['["hidden"]', withoutText('PSEUDONYM_KEY')],
  ])('holds no key in %j, which is reported without the value', async (value, reason) => {
    await expect(pseudonym(value)).resolves.toBeUndefined();
    expect(onError.mock.calls).toEqual([[`secret the-secret: ${reason}`]]);
  });
});

describe('a secret with only the CAPTCHA secret key', () => {
  const captchaSecret = (value: string) => {
    secretIs(value);
    return createCaptchaSecret(secretOptions()).captchaSecret(deadline);
  };

  test.each(['key', ' key\n', '{"CAPTCHA_SECRET":" key "}'])(
    'holds the bare key or JSON: %j',
    async (value) => {
      await expect(captchaSecret(value)).resolves.toBe('key');
    },
  );

  const EMPTY = "it is empty; store the CAPTCHA provider's secret key in it";
  test.each([
    ['', EMPTY],
    ['{"CAPTCHA_SECRET":7}', withoutText('CAPTCHA_SECRET')],
    ['{"API_TOKEN":"hidden"}', EMPTY],
    ['["hidden"]', withoutText('CAPTCHA_SECRET')],
  ])('holds no key in %j, which is reported without the value', async (value, reason) => {
    await expect(captchaSecret(value)).resolves.toBeUndefined();
    expect(onError.mock.calls).toEqual([[`secret the-secret: ${reason}`]]);
  });
});
