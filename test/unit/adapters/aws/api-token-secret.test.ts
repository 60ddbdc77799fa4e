import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  apiToken,
  apiTokenSecret,
  deadline,
  onError,
  secretIs,
  secretsManager,
  useSecrets,
} from './simulated-secrets.ts';

useSecrets();

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
    expect(onError).toHaveBeenCalledWith('secret the-secret: it is empty; store the API token in it');
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
      await expect(source.renewed('old', deadline)).resolves.toBeUndefined();
      secretIs('tok');
      await expect(source.current(deadline)).resolves.toBe('tok');
    },
  );
});

test('an error without a specific name is reported with its code', async () => {
  secretsManager
    .on(GetSecretValueCommand)
    .rejects(Object.assign(new Error('host of somebody'), { code: 'ENOTFOUND' }));
  await apiTokenSecret().ready;
  expect(onError).toHaveBeenCalledWith('secret the-secret: Error ENOTFOUND');
});
