import { describe, expect, test } from '@jest/globals';
import { readSettings, SettingsError } from '../../functions/recover-user/settings.ts';

const MINIMAL = { API_TOKEN_SECRET_ID: 'the-secret' };

describe('readSettings', () => {
  test('needs the secret only', () => {
    expect(readSettings(MINIMAL)).toEqual({
      apiTokenSecretId: 'the-secret',
      beyondIdentityApiUrl: new URL('https://api.byndid.com'),
      allowedOrigins: [],
    });
  });

  test('reads all', () => {
    expect(
      readSettings({
        API_TOKEN_SECRET_ID: ' arn:aws:secretsmanager:eu-west-1:1:secret:a ',
        BEYOND_IDENTITY_API_URL: 'https://api-eu.byndid.com/',
        ALLOWED_ORIGINS: 'https://a.example, http://localhost:5173 ,',
      }),
    ).toEqual({
      apiTokenSecretId: 'arn:aws:secretsmanager:eu-west-1:1:secret:a',
      beyondIdentityApiUrl: new URL('https://api-eu.byndid.com'),
      allowedOrigins: ['https://a.example', 'http://localhost:5173'],
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
    '',
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
      /^ALLOWED_ORIGINS must be a comma-separated list of origins/,
    );
  });

  test('names every wrong setting at once', () => {
    expect(() => readSettings({ BEYOND_IDENTITY_API_URL: 'x', ALLOWED_ORIGINS: 'y' })).toThrow(
      /API_TOKEN_SECRET_ID.*BEYOND_IDENTITY_API_URL.*ALLOWED_ORIGINS/,
    );
  });
});
