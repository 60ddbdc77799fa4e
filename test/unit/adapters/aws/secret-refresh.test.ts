import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, jest, test } from '@jest/globals';
import { createApiTokenSecret } from '../../../../functions/adapters/aws/credential-secret.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';
import {
  apiToken,
  apiTokenSecret,
  deadline,
  onError,
  onRefreshFailed,
  reads,
  secretHangs,
  secretIs,
  secretsManager,
  useSecrets,
} from './simulated-secrets.ts';

useSecrets();

describe('the API token', () => {
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
    secretHangs();
    const short = startDeadline(1);
    await expect(apiToken().current(short)).resolves.toBeUndefined();
  });
});

describe('a read of a secret that never ends', () => {
  test('ends at its timeout, and the next request reads again', async () => {
    secretHangs();
    const { ready, source: token } = apiTokenSecret(undefined, 20);
    await ready;
    expect(onError).toHaveBeenCalledWith('secret the-secret: DeadlineExceeded');
    secretIs('new');
    await expect(token.current(deadline)).resolves.toBe('new');
  });

  test('does not prevent a later refresh', async () => {
    secretIs('old');
    const { ready, source: token } = apiTokenSecret(undefined, 20);
    await ready;
    secretHangs();
    await expect(token.renewed('old', deadline)).resolves.toBe('old');
    secretIs('new');
    await expect(token.renewed('old', deadline)).resolves.toBe('new');
  });
});
