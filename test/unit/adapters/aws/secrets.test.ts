import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import {
  createApiTokenSecret,
  createClientCredentialsSecret,
} from '../../../../functions/adapters/aws/credential-secret.ts';
import {
  createCaptchaSecret,
  createPseudonymKeySecret,
} from '../../../../functions/adapters/aws/single-value-secrets.ts';
import type { Deadline } from '../../../../functions/core/deadline.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';

const secretsManager = mockClient(SecretsManagerClient);
const onError = jest.fn<(reason: string) => void>();
const onRefreshFailed = jest.fn<(reason: string) => void>();
let deadline: Deadline;

beforeEach(() => {
  secretsManager.reset();
  onError.mockReset();
  onRefreshFailed.mockReset();
  deadline = startDeadline(1000);
});
afterEach(() => deadline.clear());

function secretOptions(timeToLiveMs = 60_000, readTimeoutMs = 1_000) {
  return {
    client: new SecretsManagerClient(),
    secretId: 'the-secret',
    timeToLiveMs,
    readTimeoutMs,
    refreshRetryMs: 0,
    onError,
    onRefreshFailed,
  };
}

function recoverySecret(timeToLiveMs?: number, readTimeoutMs?: number) {
  return createApiTokenSecret(secretOptions(timeToLiveMs, readTimeoutMs));
}

/** The API token alone, and the first read. */
function apiToken(timeToLiveMs?: number) {
  const { source: token, ready } = recoverySecret(timeToLiveMs);
  return { ...token, ready };
}

function secretIs(SecretString: string) {
  secretsManager.on(GetSecretValueCommand).resolves({ SecretString });
}

const reads = () => secretsManager.commandCalls(GetSecretValueCommand).length;

describe('the API token', () => {
  test.each([
    ['tok_A1b2C3-secret', 'tok_A1b2C3-secret'],
    ['  tok\n', 'tok'],
    ['{"API_TOKEN":"tok"}', 'tok'],
    ['\n{ "API_TOKEN": " tok ", "PSEUDONYM_KEY": "k" }\n', 'tok'],
  ])('is read from %j', async (value, token) => {
    secretIs(value);
    await expect(apiToken().current(deadline)).resolves.toBe(token);
    expect(secretsManager.commandCalls(GetSecretValueCommand)[0]?.args[0].input).toEqual({
      SecretId: 'the-secret',
    });
  });

  test.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['{"API_TOKEN":""}', 'its API_TOKEN is empty'],
    ['{"API_TOKEN":"  "}', 'its API_TOKEN is empty'],
    ['{"TOKEN":"hidden-value"}', 'no string property API_TOKEN'],
    ['{"API_TOKEN":{"hidden-value":1}}', 'no string property API_TOKEN'],
    ['["hidden-value"]', 'no string property API_TOKEN'],
    ['"hidden-value"', 'no string property API_TOKEN'],
    ['null', 'no string property API_TOKEN'],
    ['{hidden-value', 'looks like JSON but cannot be parsed'],
    ['hidden-value\r\nX-Injected: 1', 'the API token contains invalid characters'],
    ['hidden-välue', 'the API token contains invalid characters'],
  ])(
    'is missing from the secret %j, whose error names the secret and not its value',
    async (value, reason) => {
      secretIs(value);
      await expect(apiToken().current(deadline)).resolves.toBeUndefined();
      expect(onError).toHaveBeenCalledWith(expect.stringContaining('secret the-secret: '));
      expect(onError).toHaveBeenCalledWith(expect.stringContaining(reason));
      expect(JSON.stringify(onError.mock.calls)).not.toContain('hidden');
    },
  );

  test('is missing from a binary secret', async () => {
    secretsManager.on(GetSecretValueCommand).resolves({ SecretBinary: new Uint8Array([1]) });
    await expect(apiToken().current(deadline)).resolves.toBeUndefined();
  });

  test('is one line of visible ASCII for any value of the secret, and nothing is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), async (value) => {
        secretIs(value);
        expect((await apiToken().current(deadline)) ?? 'none').toMatch(/^[\x21-\x7e]+$/);
      }),
    );
  });

  test.each(['ThrottlingException', 'AccessDeniedException', 'TimeoutError'])(
    'is missing on %s, with the reason reported, and the next request tries again',
    async (name) => {
      secretsManager
        .on(GetSecretValueCommand)
        .rejectsOnce(Object.assign(new Error('arn of somebody'), { name }));
      const source = apiToken();
      await source.ready;
      expect(onError).toHaveBeenCalledWith(`secret the-secret: ${name}`);
      secretIs('tok');
      await expect(source.current(deadline)).resolves.toBe('tok');
    },
  );

  test('is read once for many concurrent requests', async () => {
    secretIs('tok');
    const source = apiToken();
    await expect(Promise.all(Array.from({ length: 50 }, () => source.current(deadline)))).resolves.toEqual(
      Array(50).fill('tok'),
    );
    await source.current(deadline);
    expect(reads()).toBe(1);
  });

  test('is read again after its time to live, while the old one stays in use', async () => {
    secretIs('old');
    const source = apiToken(0);
    await source.ready;
    secretIs('new');
    await expect(source.current(deadline)).resolves.toBe('old');
    await expect(source.renewed('old', deadline)).resolves.toBe('new');
    expect(reads()).toBe(2);
  });

  test('stays in use while Secrets Manager cannot be read', async () => {
    secretIs('tok');
    const source = apiToken(0);
    await source.ready;
    secretsManager.on(GetSecretValueCommand).rejects(new Error('unreachable'));
    for (let request = 0; request < 3; request++) await expect(source.current(deadline)).resolves.toBe('tok');
    await expect(source.renewed('tok', deadline)).resolves.toBe('tok');
    expect(onRefreshFailed).toHaveBeenCalledWith('secret the-secret: Error');
    expect(onError).not.toHaveBeenCalled();
  });

  test('is read again after its time to live, or after the retry pause of a failed refresh', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    try {
      secretIs('tok');
      const { source, ready } = createApiTokenSecret({
        client: new SecretsManagerClient(),
        secretId: 'the-secret',
        timeToLiveMs: 1000,
        readTimeoutMs: 1_000,
        refreshRetryMs: 100,
        onError,
        onRefreshFailed,
      });
      await ready;
      const readsAfter = async (passedMs: number) => {
        jest.advanceTimersByTime(passedMs);
        await source.current(deadline);
        await new Promise(setImmediate);
        return reads();
      };
      expect(await readsAfter(999)).toBe(1);
      secretsManager.on(GetSecretValueCommand).rejects(new Error('frozen'));
      expect(await readsAfter(1)).toBe(2);
      expect(await readsAfter(99)).toBe(2);
      secretIs('new');
      expect(await readsAfter(1)).toBe(3);
      expect(await source.current(deadline)).toBe('new');
      expect(await readsAfter(999)).toBe(3);
    } finally {
      jest.useRealTimers();
    }
  });

  test('stays in use while the secret is malformed', async () => {
    secretIs('tok');
    const source = apiToken();
    await source.ready;
    secretIs('{"API_TOKEN":""}');
    await expect(source.renewed('tok', deadline)).resolves.toBe('tok');
    expect(onRefreshFailed).toHaveBeenCalledTimes(1);
  });

  test('is read again once for many requests whose token was rejected', async () => {
    secretIs('old');
    const source = apiToken();
    await source.ready;
    secretIs('new');
    await expect(
      Promise.all([source.renewed('old', deadline), source.renewed('old', deadline)]),
    ).resolves.toEqual(['new', 'new']);
    await expect(source.renewed('old', deadline)).resolves.toBe('new');
    expect(reads()).toBe(2);
  });

  test('is waited for only until the deadline', async () => {
    secretsManager.on(GetSecretValueCommand).callsFake(() => new Promise(() => undefined));
    const short = startDeadline(1);
    await expect(apiToken().current(short)).resolves.toBeUndefined();
  });
});

describe('the pseudonymization key', () => {
  const pseudonym = (value: string, address = 'jane@example.com') => {
    secretIs(value);
    return recoverySecret().pseudonyms.of(address, deadline);
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
      '{"CLIENT_ID":" c ","CLIENT_SECRET":"s","PSEUDONYM_KEY":"k","CAPTCHA_SECRET":"human"}',
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
  await expect(recoverySecret().captchaSecret(deadline)).resolves.toBe('human');
  secretIs('tok');
  await expect(recoverySecret().captchaSecret(deadline)).resolves.toBeUndefined();
});

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

  test.each(['', '{"PSEUDONYM_KEY":""}', '{"API_TOKEN":"hidden"}', '{hidden', '["hidden"]'])(
    'holds no key in %j',
    async (value) => {
      await expect(pseudonym(value)).resolves.toBeUndefined();
      expect(onError).toHaveBeenCalledTimes(1);
      expect(JSON.stringify(onError.mock.calls)).not.toContain('hidden');
    },
  );
});

test('an error without a specific name is reported with its code', async () => {
  secretsManager
    .on(GetSecretValueCommand)
    .rejects(Object.assign(new Error('host of somebody'), { code: 'ENOTFOUND' }));
  await recoverySecret().ready;
  expect(onError).toHaveBeenCalledWith('secret the-secret: Error ENOTFOUND');
});

describe('a secret with only the CAPTCHA secret key', () => {
  const captchaSecret = (value: string) => {
    secretIs(value);
    return createCaptchaSecret(secretOptions()).captchaSecret(deadline);
  };

  test.each(['key', ' key\n', '{"CAPTCHA_SECRET":"key"}'])(
    'holds the bare key or JSON: %j',
    async (value) => {
      await expect(captchaSecret(value)).resolves.toBe('key');
    },
  );

  test.each(['', '{"CAPTCHA_SECRET":7}', '{"API_TOKEN":"hidden"}', '["hidden"]'])(
    'holds no key in %j',
    async (value) => {
      await expect(captchaSecret(value)).resolves.toBeUndefined();
      expect(onError).toHaveBeenCalledTimes(1);
      expect(JSON.stringify(onError.mock.calls)).not.toContain('hidden');
    },
  );
});

describe('a read of a secret that never ends', () => {
  const hang = () => secretsManager.on(GetSecretValueCommand).callsFake(() => new Promise(() => undefined));

  test('ends at its timeout, and the next request reads again', async () => {
    hang();
    const { ready, source: token } = recoverySecret(undefined, 20);
    await ready;
    expect(onError).toHaveBeenCalledWith('secret the-secret: DeadlineExceeded');
    secretIs('new');
    await expect(token.current(deadline)).resolves.toBe('new');
  });

  test('does not prevent a later refresh', async () => {
    secretIs('old');
    const { ready, source: token } = recoverySecret(undefined, 20);
    await ready;
    hang();
    await expect(token.renewed('old', deadline)).resolves.toBe('old');
    secretIs('new');
    await expect(token.renewed('old', deadline)).resolves.toBe('new');
  });
});
