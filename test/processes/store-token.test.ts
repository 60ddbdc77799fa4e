import { describe, expect, test } from '@jest/globals';
import { denyAccess, secrets, storeToken, TOKEN, useAws } from './store-token-harness.ts';

useAws();

describe('npm run store-token', () => {
  test("puts the token into the stack's secret, keeps its other keys, and prints the secret's name only", async () => {
    secrets.set('stack-secret', { SecretString: '{"API_TOKEN":"","PSEUDONYM_KEY":"k"}' });
    const { exitCode, stdout, printed } = await storeToken(`${TOKEN}\n`);
    expect(printed).not.toContain(TOKEN);
    expect(stdout).toContain('stack-secret');
    expect(exitCode).toBe(0);
    expect(JSON.parse(secrets.get('stack-secret')?.SecretString ?? '')).toEqual({
      API_TOKEN: TOKEN,
      PSEUDONYM_KEY: 'k',
    });
  });

  test.each(['old-token', '12345', '["a"]'])(
    'replaces the bare value %s of a named secret by the bare token',
    async (value) => {
      secrets.set('shared/token', { SecretString: value });
      expect((await storeToken(TOKEN, ['--secret', 'shared/token'])).exitCode).toBe(0);
      expect(secrets.get('shared/token')).toEqual({ SecretString: TOKEN });
    },
  );

  test.each([
    ['an empty input', '', 'There is no token'],
    ['an empty line', '\n', 'There is no token'],
    ['several lines', `${TOKEN}\n${TOKEN}\n`, 'A token is one line'],
    ['a space', `Bearer ${TOKEN}`, 'no API token'],
    ['quotes', `"${TOKEN}"`, 'no API token'],
  ])('refuses %s and shows nothing of it', async (_name, input, message) => {
    secrets.set('stack-secret', { SecretString: 'old' });
    const { exitCode, stderr, printed } = await storeToken(input);
    expect(stderr).toContain(message);
    expect(printed).not.toContain(TOKEN);
    expect(exitCode).toBe(1);
    expect(secrets.get('stack-secret')).toEqual({ SecretString: 'old' });
  });

  test.each([[[TOKEN]], [['--token', TOKEN]], [[`--token=${TOKEN}`]]])(
    'refuses a token as an argument: %j',
    async (args) => {
      const { exitCode, stderr, printed } = await storeToken('', args);
      expect(stderr).toContain("shell's history");
      expect(printed).not.toContain(TOKEN);
      expect(exitCode).toBe(1);
    },
  );

  test.each([
    ['no such stack', ['--stage', 'other'], 'There is no stack RecoveryStack-other'],
    ['a stack without the output', ['--stage', 'bare'], 'has no output ApiTokenSecretArn. Deploy it again'],
    [
      'a stack without a CAPTCHA',
      ['--stage', 'bare', '--captcha'],
      'has no output CaptchaSecretArn. Set captcha in the file of the stage',
    ],
    ['no such secret', ['--secret', 'other'], 'There is no secret other'],
    ['a binary secret', ['--secret', 'binary'], 'holds binary data'],
  ])('says what is wrong: %s', async (_name, args, message) => {
    secrets.set('binary', { SecretBinary: 'AAAA' });
    const { exitCode, stderr } = await storeToken(TOKEN, args);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(exitCode).toBe(1);
  });

  test.each([
    ['access denied', {}, 'Required permissions: cloudformation:DescribeStacks'],
    ['no region', { AWS_REGION: undefined }, 'Set AWS_REGION'],
    ['no credentials', { AWS_ACCESS_KEY_ID: undefined }, 'there are no AWS credentials'],
    ['no network', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'could not be changed: ECONNREFUSED'],
  ])('says what is missing, and never what it was given: %s', async (_name, environment, message) => {
    denyAccess();
    const { exitCode, stderr, printed } = await storeToken(TOKEN, ['--secret', 'any'], environment);
    expect(stderr).toContain(message);
    expect(printed).not.toContain(TOKEN);
    expect(exitCode).toBe(1);
  });

  describe('--captcha', () => {
    const KEY = '0x4AAAAAAA_secret-key-of-the-captcha';

    test.each([
      [
        'in the secret of its own',
        [],
        'captcha-secret',
        '{"CAPTCHA_SECRET":"","UNUSED":"x"}',
        { UNUSED: 'x' },
      ],
      ['in place of the one before', [], 'captcha-secret', '{"CAPTCHA_SECRET":"old"}', {}],
      ['beside an API token', ['--secret', 'shared'], 'shared', '{"API_TOKEN":"tok"}', { API_TOKEN: 'tok' }],
    ])('stores the secret key, and shows nothing of it: %s', async (_name, args, secret, value, others) => {
      secrets.set(secret, { SecretString: value });
      const { exitCode, stdout, printed } = await storeToken(`${KEY}\n`, ['--captcha', ...args]);
      expect(printed).not.toContain(KEY);
      expect(stdout).toContain(secret);
      expect(exitCode).toBe(0);
      expect(JSON.parse(secrets.get(secret)?.SecretString ?? '')).toEqual({ CAPTCHA_SECRET: KEY, ...others });
    });

    test('stores the bare secret key in a secret that is empty', async () => {
      secrets.set('captcha-secret', { SecretString: ' ' });
      expect((await storeToken(KEY, ['--captcha'])).exitCode).toBe(0);
      expect(secrets.get('captcha-secret')).toEqual({ SecretString: KEY });
    });

    test.each([
      ['an empty input', '', 'There is no secret key'],
      ['several lines', `${KEY}\n${KEY}\n`, 'A secret key is one line'],
      ['quotes', `"${KEY}"`, 'This is no secret key of a CAPTCHA provider'],
    ])('refuses %s and shows nothing of it', async (_name, input, message) => {
      secrets.set('captcha-secret', { SecretString: 'old' });
      const { exitCode, stderr, printed } = await storeToken(input, ['--captcha']);
      expect(stderr).toContain(message);
      expect(printed).not.toContain(KEY);
      expect(exitCode).toBe(1);
      expect(secrets.get('captcha-secret')).toEqual({ SecretString: 'old' });
    });

    test.each([TOKEN, `["${TOKEN}"]`, '12345'])(
      'leaves a secret alone that is no JSON object and may hold an API token, and shows nothing of it',
      async (value) => {
        secrets.set('shared', { SecretString: value });
        const { exitCode, stderr, printed } = await storeToken(KEY, ['--captcha', '--secret', 'shared']);
        expect(stderr).toContain('holds a bare value, which may be an API token');
        expect(printed).not.toContain(TOKEN);
        expect(exitCode).toBe(1);
        expect(secrets.get('shared')).toEqual({ SecretString: value });
      },
    );

    test('the secret key is no argument either', async () => {
      const { exitCode, stderr, printed } = await storeToken('', [`--captcha=${KEY}`]);
      expect(stderr).toContain("shell's history");
      expect(printed).not.toContain(KEY);
      expect(exitCode).toBe(1);
    });
  });

  test('explains itself', async () => {
    expect((await storeToken('', ['--help'])).stdout).toContain('--secret NAME');
  });
});
