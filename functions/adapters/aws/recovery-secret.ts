import { hkdfSync } from 'node:crypto';
import * as z from 'zod/mini';
import type { ApiToken } from '../../core/forward.ts';
import type { Pseudonyms } from '../../core/recover-user.ts';
import type { Deadline } from '../../runtime/deadline.ts';
import {
  type CachedSecret,
  createCachedSecret,
  MalformedSecret,
  type SecretOptions,
} from './cached-secret.ts';
import { pseudonymOf } from './pseudonym.ts';

/** Visible ASCII: nothing that could break out of the header that carries it (RFC 9110 section 5.5). */
const TOKEN = /^[\x21-\x7e]+$/;

const secretObject = z.object({
  API_TOKEN: z.string(),
  PSEUDONYM_KEY: z.optional(z.string()),
  CAPTCHA_SECRET: z.optional(z.string()),
});

/** What the secret with the API token is for: a port each. */
export interface RecoverySecret {
  apiToken: ApiToken;
  pseudonyms: Pseudonyms;
  /** The secret key of the CAPTCHA, `undefined` where there is none, or none can be had within the deadline. */
  captchaSecret(deadline: Deadline): Promise<string | undefined>;
  /** Resolves when the first read is over, however it ended. */
  firstRead: Promise<void>;
}

interface Content {
  apiToken: string;
  pseudonymKey: string;
  captchaSecret: string | undefined;
}

/**
 * The secret that holds the API token: bare, or as JSON with the keys `API_TOKEN` and, both optional, `PSEUDONYM_KEY` and
 * `CAPTCHA_SECRET`. An expired token is handed out while it is read anew: a revoked one is refused, and then `renewed`.
 */
export function createRecoverySecret(options: SecretOptions): RecoverySecret {
  const secret = createCachedSecret(options, contentOf);
  return {
    firstRead: secret.firstRead,
    apiToken: {
      current: async (deadline) => (await secret.current(deadline))?.apiToken,
      renewed: async (refused, deadline) =>
        (await secret.renewed(({ apiToken }) => apiToken === refused, deadline))?.apiToken,
    },
    pseudonyms: pseudonymsUnder(secret, ({ pseudonymKey }) => pseudonymKey),
    captchaSecret: async (deadline) => (await secret.current(deadline))?.captchaSecret,
  };
}

/**
 * Pseudonyms under a key in a secret of its own, bare or as JSON with `PSEUDONYM_KEY`: for an endpoint that may not read
 * the API token.
 */
export function createPseudonymKeySecret(
  options: SecretOptions,
): Pick<RecoverySecret, 'pseudonyms' | 'firstRead'> {
  const secret = createCachedSecret(options, pseudonymKeyIn);
  return { firstRead: secret.firstRead, pseudonyms: pseudonymsUnder(secret, (key) => key) };
}

function pseudonymsUnder<Content>(
  secret: CachedSecret<Content>,
  keyOf: (content: Content) => string,
): Pseudonyms {
  return {
    async of(address, deadline) {
      const content = await secret.current(deadline);
      return content === undefined ? undefined : pseudonymOf(address, keyOf(content));
    },
  };
}

function contentOf(value: string): Content {
  if (value === '') throw new MalformedSecret('it is empty; store the API token in it');
  const { API_TOKEN, PSEUDONYM_KEY, CAPTCHA_SECRET } = isJson(value)
    ? parse(secretObject, value, 'API_TOKEN')
    : { API_TOKEN: value };
  const apiToken = API_TOKEN.trim();
  if (apiToken === '') throw new MalformedSecret('its API_TOKEN is empty; store the API token in it');
  if (!TOKEN.test(apiToken)) throw new MalformedSecret('the API token contains invalid characters');
  return {
    apiToken,
    pseudonymKey: PSEUDONYM_KEY || keyDerivedFrom(apiToken),
    captchaSecret: CAPTCHA_SECRET?.trim() || undefined,
  };
}

function pseudonymKeyIn(value: string): string {
  const key = isJson(value)
    ? parse(z.object({ PSEUDONYM_KEY: z.string() }), value, 'PSEUDONYM_KEY').PSEUDONYM_KEY
    : value;
  if (key === '') throw new MalformedSecret('it is empty; store a long random text in it');
  return key;
}

/** JSON, or what begins like an object: a bare value is neither. */
function isJson(value: string): boolean {
  if (value.startsWith('{')) return true;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, json: string, key: string): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // JSON.parse quotes its input, here the secret, in its message
    throw new MalformedSecret(
      `it looks like JSON but cannot be parsed; store the bare value or {"${key}": "..."}`,
    );
  }
  const { data } = schema.safeParse(value);
  if (data === undefined)
    throw new MalformedSecret(
      `the JSON value has no string property ${key}; store the bare value or {"${key}": "..."}`,
    );
  return data;
}

/** A key for a secret that has none (HKDF, RFC 5869). It changes with the token: limits then start anew. */
function keyDerivedFrom(apiToken: string): string {
  const key = hkdfSync('sha256', apiToken, '', 'user recovery: pseudonyms of mailboxes', 32);
  return Buffer.from(key).toString('base64url');
}
