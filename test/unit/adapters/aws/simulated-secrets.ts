import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createApiTokenSecret } from '../../../../functions/adapters/aws/credential-secret.ts';
import type { Deadline } from '../../../../functions/core/deadline.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';

/** Secrets Manager as the SDK calls it. */
export const secretsManager = mockClient(SecretsManagerClient);
// one for all: a client takes tens of milliseconds
const client = new SecretsManagerClient();
/** Called when a secret cannot be read, or holds no usable value. */
export const onError = jest.fn<(reason: string) => void>();
/** Called when a refresh fails while an older value is in use. */
export const onRefreshFailed = jest.fn<(reason: string) => void>();
/** The deadline of the current test. */
export let deadline: Deadline;

/** Resets Secrets Manager and the callbacks before each test of the file. */
export function useSecrets(): void {
  beforeEach(() => {
    secretsManager.reset();
    onError.mockReset();
    onRefreshFailed.mockReset();
    deadline = startDeadline(1000);
  });
  afterEach(() => deadline.clear());
}

/** The options of any secret. */
export function secretOptions(timeToLiveMs = 60_000, readTimeoutMs = 1_000) {
  return {
    client,
    secretId: 'the-secret',
    timeToLiveMs,
    readTimeoutMs,
    refreshRetryMs: 0,
    onError,
    onRefreshFailed,
  };
}

/** The secret that holds the API token. */
export function apiTokenSecret(timeToLiveMs?: number, readTimeoutMs?: number) {
  return createApiTokenSecret(secretOptions(timeToLiveMs, readTimeoutMs));
}

/** The API token in its secret, and the end of the first read. */
export function apiToken(timeToLiveMs?: number) {
  const { source: token, ready } = apiTokenSecret(timeToLiveMs);
  return { ...token, ready };
}

/** Makes this the value of the secret. */
export function secretIs(SecretString: string) {
  secretsManager.on(GetSecretValueCommand).resolves({ SecretString });
}

/** Makes every read of the secret hang. */
export function secretHangs() {
  secretsManager.on(GetSecretValueCommand).callsFake(() => new Promise(() => undefined));
}

/** The number of reads so far. */
export const reads = () => secretsManager.commandCalls(GetSecretValueCommand).length;
