import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../../functions/recover-user/config.ts';
import { readBeyondIdentityConfig } from '../../../functions/runtime/beyond-identity-config.ts';
import { readDirectoryConfig } from '../../../functions/runtime/directory-config.ts';
import { readBoth } from '../../../functions/runtime/environment.ts';
import { readTenantConfig } from '../../../functions/runtime/tenant-config.ts';

const CONSOLE_TOKEN = {
  BEYOND_IDENTITY_PLATFORM: 'v1',
  BEYOND_IDENTITY_API_URL: 'https://api-eu.beyondidentity.com',
  BEYOND_IDENTITY_TENANT_ID: 'tenant',
  BEYOND_IDENTITY_REALM_ID: 'realm',
  BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: 'config',
};
const CLIENT_CREDENTIALS = {
  ...CONSOLE_TOKEN,
  BEYOND_IDENTITY_AUTH_URL: 'https://auth-eu.beyondidentity.com',
  BEYOND_IDENTITY_APPLICATION_ID: 'application',
  BEYOND_IDENTITY_APPLICATION_REALM_ID: 'admin-realm',
};

describe('the configuration of the v1 platform', () => {
  test('with a console token needs no application', () => {
    expect(readBeyondIdentityConfig(CONSOLE_TOKEN)).toEqual({
      platform: 'v1',
      apiUrl: new URL('https://api-eu.beyondidentity.com'),
      tenantId: 'tenant',
      realmId: 'realm',
      authenticatorConfigId: 'config',
      references: 'user-name',
    });
  });

  test('with client credentials names the application and its realm', () => {
    const optional = {
      BEYOND_IDENTITY_JOB_SCOPE: 'create-email',
      POST_BINDING_REDIRECT_URI: 'https://app.example.com/sign-in',
      DIRECTORY_REFERENCE: 'identity-id',
    };
    expect(readBeyondIdentityConfig({ ...CLIENT_CREDENTIALS, ...optional })).toMatchObject({
      postBindingRedirectUri: 'https://app.example.com/sign-in',
      references: 'identity-id',
      application: {
        authUrl: new URL('https://auth-eu.beyondidentity.com'),
        applicationId: 'application',
        applicationRealmId: 'admin-realm',
        jobScope: 'create-email',
      },
    });
    expect(readBeyondIdentityConfig(CLIENT_CREDENTIALS)).toMatchObject({
      application: { jobScope: 'create' },
    });
  });

  test.each(Object.keys(CONSOLE_TOKEN).filter((name) => name !== 'BEYOND_IDENTITY_PLATFORM'))(
    'needs %s, which has no default',
    (name) => {
      expect(() => readBeyondIdentityConfig({ ...CONSOLE_TOKEN, [name]: '' })).toThrow(
        `${name} is empty; set it to`,
      );
    },
  );

  test.each(['BEYOND_IDENTITY_AUTH_URL', 'BEYOND_IDENTITY_APPLICATION_REALM_ID'])(
    'needs %s once there is an application',
    (name) => {
      expect(() => readBeyondIdentityConfig({ ...CLIENT_CREDENTIALS, [name]: undefined })).toThrow(
        `${name} is not set; set it to`,
      );
    },
  );

  test.each([
    ['BEYOND_IDENTITY_API_URL', 'http://api-eu.beyondidentity.com'],
    ['BEYOND_IDENTITY_AUTH_URL', 'https://auth-eu.beyondidentity.com/v1'],
    ['POST_BINDING_REDIRECT_URI', 'http://app.example.com/'],
    ['POST_BINDING_REDIRECT_URI', 'https://user:password@app.example.com/'],
    ['POST_BINDING_REDIRECT_URI', 'sign-in'],
    ['DIRECTORY_REFERENCE', 'email'],
    ['BEYOND_IDENTITY_JOB_SCOPE', 'create-links'],
  ])('rejects %s=%s', (name, value) => {
    expect(() => readBeyondIdentityConfig({ ...CLIENT_CREDENTIALS, [name]: value })).toThrow(
      `${name} must be`,
    );
  });

  test('accepts emulators on this machine', () => {
    const local = {
      BEYOND_IDENTITY_API_URL: 'http://localhost:1',
      BEYOND_IDENTITY_AUTH_URL: 'http://[::1]:2',
    };
    expect(readBeyondIdentityConfig({ ...CLIENT_CREDENTIALS, ...local })).toMatchObject({ platform: 'v1' });
  });

  test('rejects an unknown platform', () => {
    expect(() => readBeyondIdentityConfig({ BEYOND_IDENTITY_PLATFORM: 'v2' })).toThrow(
      'BEYOND_IDENTITY_PLATFORM must be v0 or v1',
    );
    expect(readBeyondIdentityConfig({ BEYOND_IDENTITY_PLATFORM: 'v0' })).toEqual(
      readBeyondIdentityConfig({}),
    );
  });
});

describe('the configuration of the directory', () => {
  test('is the email address by default', () => {
    expect(readDirectoryConfig({})).toEqual({ type: 'email' });
    expect(readDirectoryConfig({ DIRECTORY: 'email' })).toEqual({ type: 'email' });
  });

  test('names a DynamoDB table, and an index where there is one', () => {
    const table = {
      DIRECTORY: 'dynamodb',
      DIRECTORY_TABLE_NAME: 'users',
      DIRECTORY_ADDRESS_ATTRIBUTE: 'email',
      DIRECTORY_REFERENCE_ATTRIBUTE: 'id',
    };
    expect(readDirectoryConfig(table)).toEqual({
      type: 'dynamodb',
      tableName: 'users',
      addressAttribute: 'email',
      referenceAttribute: 'id',
    });
    expect(readDirectoryConfig({ ...table, DIRECTORY_INDEX_NAME: 'by-email' })).toMatchObject({
      indexName: 'by-email',
    });
    expect(() => readDirectoryConfig({ DIRECTORY: 'dynamodb' })).toThrow(
      /DIRECTORY_TABLE_NAME.*DIRECTORY_ADDRESS_ATTRIBUTE.*DIRECTORY_REFERENCE_ATTRIBUTE/,
    );
  });

  test('names a Lambda function', () => {
    expect(readDirectoryConfig({ DIRECTORY: 'lambda', DIRECTORY_FUNCTION_ARN: 'arn' })).toEqual({
      type: 'lambda',
      functionArn: 'arn',
    });
    expect(() => readDirectoryConfig({ DIRECTORY: 'lambda' })).toThrow('DIRECTORY_FUNCTION_ARN is not set');
    expect(() => readDirectoryConfig({ DIRECTORY: 'ldap' })).toThrow(
      'DIRECTORY must be email, dynamodb or lambda',
    );
  });
});

test('one error names the problems of every part of the configuration', () => {
  const environment = { BEYOND_IDENTITY_PLATFORM: 'v2', DIRECTORY: 'ldap', RESPONSE_TIME_MS: 'soon' };
  expect(() => readConfig(environment)).toThrow(
    /API_TOKEN_SECRET_ID.*RESPONSE_TIME_MS.*BEYOND_IDENTITY_PLATFORM.*DIRECTORY/,
  );
});

test('readConfig propagates an error of our own code', () => {
  const fails = () => {
    throw new TypeError('ours');
  };
  expect(() => readBoth(fails, () => 1)).toThrow(TypeError);
});

test('an address is no id of an identity', () => {
  const environment = { ...CONSOLE_TOKEN, DIRECTORY_REFERENCE: 'identity-id' };
  expect(() => readTenantConfig(environment)).toThrow('DIRECTORY_REFERENCE must be user-name or empty');
  const lambda = { DIRECTORY: 'lambda', DIRECTORY_FUNCTION_ARN: 'arn' };
  expect(readTenantConfig({ ...environment, ...lambda })).toMatchObject({ directory: { type: 'lambda' } });
});
