import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import type { ApiToken } from './recover-user.ts';

/** Visible ASCII: nothing that could break out of the header that carries it (RFC 9110 section 5.5). */
const TOKEN = /^[\x21-\x7e]+$/;

const secretObject = z.object({ API_TOKEN: z.string() });

/** The secret can be read but holds no API token. The message says why, and nothing of the value. */
class MalformedSecret extends Error {
  override readonly name = 'MalformedSecret';
}

export interface ApiTokenOptions {
  client: Pick<SecretsManagerClient, 'send'>;
  /** Name or ARN of the secret; its value is the bare token, or JSON with the key `API_TOKEN`. */
  secretId: string;
  /** After so many milliseconds the token is read anew; meanwhile, and as long as that fails, the old one serves. */
  timeToLiveMs: number;
  /** Told why the token could not be read, in words that hold nothing of the secret; must not throw. */
  unreadable(reason: string): void;
}

/**
 * The API token in Secrets Manager, kept in this instance; at most one read is under way at a time, and the first one
 * starts at once. An expired token is handed out while it is read anew: a revoked one is refused, and then `renewed`.
 */
export function createApiToken(options: ApiTokenOptions): ApiToken & { firstRead: Promise<void> } {
  let token: string | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  function read(): Promise<void> {
    reading ??= options.client
      .send(new GetSecretValueCommand({ SecretId: options.secretId }))
      .then(({ SecretString }) => {
        token = tokenIn(SecretString);
      })
      .catch((error: Error) => options.unreadable(`secret ${options.secretId}: ${reasonOf(error)}`))
      .finally(() => {
        readAt = performance.now();
        reading = undefined;
      });
    return reading;
  }

  return {
    firstRead: read(),
    async current(deadline) {
      const isExpired = performance.now() - readAt >= options.timeToLiveMs;
      if (token === undefined) await deadline.waitFor(read());
      else if (isExpired) void read();
      return token;
    },
    async renewed(refused, deadline) {
      if (token === refused) await deadline.waitFor(read());
      return token;
    },
  };
}

function tokenIn(secretString: string | undefined): string {
  const value = secretString?.trim() ?? '';
  if (value === '') throw new MalformedSecret('it is empty; store the API token in it');
  const token = value.startsWith('{') ? apiTokenOf(value) : value;
  if (token === '') throw new MalformedSecret('its API_TOKEN is empty; store the API token in it');
  if (!TOKEN.test(token)) throw new MalformedSecret('its API token has characters that no token can have');
  return token;
}

function apiTokenOf(json: string): string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // JSON.parse quotes its input, here the secret, in its message
    throw new MalformedSecret('it begins like JSON but is not; store the bare token or {"API_TOKEN": "..."}');
  }
  const { data } = secretObject.safeParse(value);
  if (data === undefined) throw new MalformedSecret('it is JSON without a text under the key API_TOKEN');
  return data.API_TOKEN.trim();
}

/** An SDK's error is told by its name alone: its message is the other side's text. */
function reasonOf(error: Error): string {
  return error instanceof MalformedSecret ? error.message : error.name;
}
