import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SecretsManagerFault } from '../../../local/emulators/secrets-manager.ts';
import { secretsManager, useSecretsManager } from '../emulated-aws.ts';

let client: SecretsManagerClient;

useSecretsManager();
beforeEach(() => {
  client = new SecretsManagerClient({ maxAttempts: 1 });
});
afterEach(() => client.destroy());

function read(SecretId: string, version = {}) {
  return client.send(new GetSecretValueCommand({ SecretId, ...version }));
}

describe('with the unmodified SDK', () => {
  test('reads a secret by name and by ARN', async () => {
    const arn = secretsManager.put('token', 'value');
    const secret = await read('token');
    expect(secret).toMatchObject({ ARN: arn, Name: 'token', SecretString: 'value' });
    expect(secret.CreatedDate).toBeInstanceOf(Date);
    expect((await read(arn)).VersionId).toBe(secret.VersionId);
    expect(secretsManager.requests).toEqual([
      { operation: 'GetSecretValue', secretId: 'token' },
      { operation: 'GetSecretValue', secretId: arn },
    ]);
  });

  test('a new value creates a new version of the same secret', async () => {
    const arn = secretsManager.put('token', 'old');
    const before = await read('token');
    const put = await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: 'new' }));
    const after = await read('token', { VersionStage: 'AWSCURRENT', VersionId: put.VersionId });
    expect(after).toMatchObject({ ARN: arn, SecretString: 'new', VersionId: put.VersionId });
    expect(after.VersionId).not.toBe(before.VersionId);
    expect(secretsManager.put('token', 'newer')).toBe(arn);
  });

  test.each([
    ['an unknown secret', 'other', {}],
    ['an unknown version', 'token', { VersionId: '00000000-0000-0000-0000-000000000000' }],
    ['an unknown stage', 'token', { VersionStage: 'AWSPENDING' }],
  ])('%s is not found', async (_, name, version) => {
    secretsManager.put('token', 'value');
    await expect(read(name, version)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('rejects a value for a secret that does not exist', async () => {
    const command = new PutSecretValueCommand({ SecretId: 'other', SecretString: 'value' });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test.each([
    ['empty secret id', () => read('')],
    ['empty value', () => client.send(new PutSecretValueCommand({ SecretId: 'token', SecretString: '' }))],
  ])('an %s is an invalid request', async (_, send) => {
    await expect(send()).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  test('describes a secret without its value', async () => {
    const arn = secretsManager.put('token', 'value');
    const described = await client.send(new DescribeSecretCommand({ SecretId: 'token' }));
    expect(described).toMatchObject({ ARN: arn, Name: 'token', LastChangedDate: expect.any(Date) });
    expect(Object.values(described.VersionIdsToStages ?? {})).toEqual([['AWSCURRENT']]);
    await expect(client.send(new DescribeSecretCommand({ SecretId: 'other' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('creates a secret without a value, once', async () => {
    const create = new CreateSecretCommand({ Name: 'empty' });
    const { ARN } = await client.send(create);
    await expect(client.send(create)).rejects.toMatchObject({ name: 'ResourceExistsException' });
    expect(await client.send(new DescribeSecretCommand({ SecretId: ARN }))).toMatchObject({
      VersionIdsToStages: {},
    });
    await expect(read('empty')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await client.send(new PutSecretValueCommand({ SecretId: 'empty', SecretString: 'value' }));
    expect(await read('empty')).toMatchObject({ ARN, SecretString: 'value' });
  });

  test('rejects an unsupported operation', async () => {
    await expect(client.send(new ListSecretsCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});

test('rejects a request without a signature', async () => {
  secretsManager.put('token', 'value');
  const response = await fetch(secretsManager.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'secretsmanager.GetSecretValue', authorization: 'Bearer something' },
    body: '{"SecretId":"token"}',
  });
  expect(response.status).toBe(400);
  expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
});

describe('faults', () => {
  test.each<[SecretsManagerFault['kind'], object]>([
    ['error', { name: 'InternalServiceError', $metadata: { httpStatusCode: 500 } }],
    ['access-denied', { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }],
    ['throttled', { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }],
    ['reset', { message: expect.stringContaining('ECONNRESET') }],
  ])('the fault %s with times: 1 hits one request', async (kind, error) => {
    secretsManager.put('token', 'value');
    secretsManager.fault({ kind, times: 1 });
    await expect(read('token')).rejects.toMatchObject(error);
    expect((await read('token')).SecretString).toBe('value');
    expect(secretsManager.requests).toHaveLength(2);
  });

  test('hang never responds, and does not prevent closing', async () => {
    secretsManager.put('token', 'value');
    secretsManager.fault({ kind: 'hang', times: 1 });
    const asked = [read('token'), read('token')];
    await Promise.any(asked);
    await secretsManager.close();
    const outcomes = (await Promise.allSettled(asked)).map((result) => result.status);
    expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('a fault without times lasts until it is healed', async () => {
    secretsManager.put('token', 'value');
    secretsManager.fault({ kind: 'throttled' });
    await expect(read('token')).rejects.toThrow();
    await expect(read('token')).rejects.toThrow();
    secretsManager.heal();
    expect((await read('token')).SecretString).toBe('value');
  });
});
