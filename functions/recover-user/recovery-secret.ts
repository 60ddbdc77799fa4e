import { hkdfSync } from 'node:crypto';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import type { Deadline } from './deadline.ts';
import { pseudonymOf } from './mailbox.ts';
import type { ApiToken, Pseudonyms } from './recover-user.ts';

/** Visible ASCII: nothing that could break out of the header that carries it (RFC 9110 section 5.5). */
const TOKEN = /^[\x21-\x7e]+$/;

const secretObject = z.object({
  API_TOKEN: z.string(),
  PSEUDONYM_KEY: z.optional(z.string()),
  HUMAN_CHECK_SECRET: z.optional(z.string()),
});

/** The secret can be read but holds no API token. The message says why, and nothing of the value. */
class MalformedSecret extends Error {
  override readonly name = 'MalformedSecret';
}

export interface RecoverySecretOptions {
  client: Pick<SecretsManagerClient, 'send'>;
  /**
   * Name or ARN of the secret. Its value is the bare API token, or JSON with the keys `API_TOKEN` and, both optional,
   * `PSEUDONYM_KEY` and `HUMAN_CHECK_SECRET`.
   */
  secretId: string;
  /** After so many milliseconds the secret is read anew; meanwhile, and as long as that fails, the old one serves. */
  timeToLiveMs: number;
  /** Told why the secret could not be read, in words that hold nothing of it; must not throw. */
  unreadable(reason: string): void;
}

/** What the secret is for: a port each. */
export interface RecoverySecret {
  apiToken: ApiToken;
  pseudonyms: Pseudonyms;
  /** The secret key of the human check, `undefined` where there is none, or none can be had within the deadline. */
  humanCheckSecret(deadline: Deadline): Promise<string | undefined>;
  /** Resolves when the first read is over, however it ended. */
  firstRead: Promise<void>;
}

interface Content {
  apiToken: string;
  pseudonymKey: string | Uint8Array;
  humanCheckSecret: string | undefined;
}

/**
 * The secret in Secrets Manager, kept in this instance; at most one read is under way at a time, and the first one starts
 * at once. An expired one is handed out while it is read anew: a revoked API token is refused, and then `renewed`.
 */
export function createRecoverySecret(options: RecoverySecretOptions): RecoverySecret {
  let content: Content | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  function read(): Promise<void> {
    reading ??= options.client
      .send(new GetSecretValueCommand({ SecretId: options.secretId }))
      .then(({ SecretString }) => {
        content = contentOf(SecretString?.trim() ?? '');
      })
      .catch((error: NodeJS.ErrnoException) =>
        options.unreadable(`secret ${options.secretId}: ${reasonOf(error)}`),
      )
      .finally(() => {
        readAt = performance.now();
        reading = undefined;
      });
    return reading;
  }

  async function current(deadline: Deadline): Promise<Content | undefined> {
    const isExpired = performance.now() - readAt >= options.timeToLiveMs;
    if (content === undefined) await deadline.waitFor(read());
    else if (isExpired) void read();
    return content;
  }

  return {
    firstRead: read(),
    apiToken: {
      current: async (deadline) => (await current(deadline))?.apiToken,
      async renewed(refused, deadline) {
        if (content?.apiToken === refused) await deadline.waitFor(read());
        return content?.apiToken;
      },
    },
    pseudonyms: {
      async of(address, deadline) {
        const key = (await current(deadline))?.pseudonymKey;
        return key === undefined ? undefined : pseudonymOf(address, key);
      },
    },
    humanCheckSecret: async (deadline) => (await current(deadline))?.humanCheckSecret,
  };
}

function contentOf(value: string): Content {
  if (value === '') throw new MalformedSecret('it is empty; store the API token in it');
  const parsed = value.startsWith('{') ? parse(value) : { API_TOKEN: value };
  const apiToken = parsed.API_TOKEN.trim();
  if (apiToken === '') throw new MalformedSecret('its API_TOKEN is empty; store the API token in it');
  if (!TOKEN.test(apiToken)) throw new MalformedSecret('its API token has characters that no token can have');
  return {
    apiToken,
    pseudonymKey: parsed.PSEUDONYM_KEY || keyDerivedFrom(apiToken),
    humanCheckSecret: parsed.HUMAN_CHECK_SECRET?.trim() || undefined,
  };
}

function parse(json: string): z.infer<typeof secretObject> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // JSON.parse quotes its input, here the secret, in its message
    throw new MalformedSecret('it begins like JSON but is not; store the bare token or {"API_TOKEN": "..."}');
  }
  const { data } = secretObject.safeParse(value);
  if (data === undefined) throw new MalformedSecret('it is JSON without a text under the key API_TOKEN');
  return data;
}

/** A key for a secret that has none (HKDF, RFC 5869). It changes with the token: limits then start anew. */
function keyDerivedFrom(apiToken: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', apiToken, '', 'user recovery: pseudonyms of mailboxes', 32));
}

/** An SDK's error is told by its name, and its code where it has one: its message is the other side's text. */
function reasonOf(error: NodeJS.ErrnoException): string {
  if (error instanceof MalformedSecret) return error.message;
  return error.code === undefined ? error.name : `${error.name} ${error.code}`;
}
