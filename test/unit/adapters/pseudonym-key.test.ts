import { describe, expect, test } from '@jest/globals';
import { pseudonymKeyIn } from '../../../functions/adapters/aws/credential-secret.ts';

describe('the pseudonymization key of a secret with the credential', () => {
  test.each([
    ['an API token', { API_TOKEN: 'token', PSEUDONYM_KEY: 'key' }],
    ['client credentials', { CLIENT_ID: 'id', CLIENT_SECRET: 'secret', PSEUDONYM_KEY: 'key' }],
  ])('is the one beside %s', (_credential, secret) => {
    expect(pseudonymKeyIn(JSON.stringify(secret))).toBe('key');
  });

  test('is derived from the credential where there is none', () => {
    expect(pseudonymKeyIn('token')).toMatch(/^[\w-]{43}$/);
    expect(pseudonymKeyIn('token')).toBe(pseudonymKeyIn('{"API_TOKEN":"token"}'));
    expect(pseudonymKeyIn('token')).not.toBe(pseudonymKeyIn('other'));
  });

  test('is none in a secret without a credential', () => {
    expect(() => pseudonymKeyIn('{"OTHER":"value"}')).toThrow('has no string property API_TOKEN');
  });
});
