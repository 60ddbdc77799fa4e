import { hkdfSync } from 'node:crypto';
import * as z from 'zod/mini';
import type { Deadline } from '../../core/deadline.ts';
import type { ApiToken } from '../../core/forward.ts';
import type { Pseudonyms } from '../../core/recover-user.ts';
import type { CredentialSource } from '../beyond-identity/access-token.ts';
import { createCachedSecret, MalformedSecret, type SecretOptions } from './cached-secret.ts';
import { pseudonymsUnder } from './pseudonym.ts';
import { isJson, parseSecret } from './secret-value.ts';

/** Visible ASCII: nothing that could break out of the header that carries it (RFC 9110 section 5.5). */
const TOKEN = /^[\x21-\x7e]+$/;

/** Values for those who bring one secret with everything in it. */
const furtherValues = {
  PSEUDONYM_KEY: z.optional(z.string()),
  CAPTCHA_SECRET: z.optional(z.string()),
};
const apiTokenObject = z.object({ API_TOKEN: z.string(), ...furtherValues });
const clientCredentialsObject = z.object({
  CLIENT_ID: z.string(),
  CLIENT_SECRET: z.string(),
  ...furtherValues,
});

/** What the secret with the credential of Beyond Identity's API serves: a port each. */
export interface CredentialSecret<Source> {
  source: Source;
  /** Under the key in this secret. */
  pseudonyms: Pseudonyms;
  /** The secret key of the CAPTCHA in this secret; `undefined` where there is none, or none within the deadline. */
  captchaSecret(deadline: Deadline): Promise<string | undefined>;
  /** Resolves when the first read is over, however it ended. */
  ready: Promise<void>;
}

interface Content<Credential> {
  credential: Credential;
  pseudonymKey: string;
  captchaSecret: string | undefined;
}

/**
 * The secret that holds the API token: bare, or as JSON with the keys `API_TOKEN` and, both optional, `PSEUDONYM_KEY` and
 * `CAPTCHA_SECRET`. A stale token is returned while it is read again: Beyond Identity refuses a revoked one, which is then `renewed`.
 */
export function createApiTokenSecret(options: SecretOptions): CredentialSecret<ApiToken> {
  return createCredentialSecret(options, apiTokenIn);
}

/**
 * The secret that holds client credentials of the v1 platform: JSON with the keys `CLIENT_ID` and `CLIENT_SECRET` and,
 * both optional, `PSEUDONYM_KEY` and `CAPTCHA_SECRET`.
 */
export function createClientCredentialsSecret(options: SecretOptions): CredentialSecret<CredentialSource> {
  return createCredentialSecret(options, clientCredentialsIn);
}

/** The pseudonymization key of a secret with either credential, or the one derived from it. Throws {@link MalformedSecret}. */
export function pseudonymKeyIn(value: string): string {
  try {
    return clientCredentialsIn(value).pseudonymKey;
  } catch {
    return apiTokenIn(value).pseudonymKey;
  }
}

function createCredentialSecret<Credential>(
  options: SecretOptions,
  parse: (value: string) => Content<Credential>,
) {
  const secret = createCachedSecret(options, parse);
  return {
    ready: secret.ready,
    source: {
      current: async (deadline: Deadline) => (await secret.current(deadline))?.credential,
      renewed: async (refused: Credential, deadline: Deadline) =>
        (await secret.refreshIf(({ credential }) => credential === refused, deadline))?.credential,
    },
    pseudonyms: pseudonymsUnder(async (deadline) => (await secret.current(deadline))?.pseudonymKey),
    captchaSecret: async (deadline: Deadline) => (await secret.current(deadline))?.captchaSecret,
  };
}

function apiTokenIn(value: string): Content<string> {
  if (value === '') throw new MalformedSecret('it is empty; store the API token in it');
  const { API_TOKEN, ...further } = isJson(value)
    ? parseSecret(apiTokenObject, value, 'API_TOKEN')
    : { API_TOKEN: value };
  const apiToken = API_TOKEN.trim();
  if (apiToken === '') throw new MalformedSecret('its API_TOKEN is empty; store the API token in it');
  if (!TOKEN.test(apiToken)) throw new MalformedSecret('the API token contains invalid characters');
  return contentOf(apiToken, apiToken, further);
}

function clientCredentialsIn(value: string): Content<{ clientId: string; clientSecret: string }> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    // JSON.parse quotes its input, here the secret, in its message
  }
  const { data } = clientCredentialsObject.safeParse(parsed);
  if (data === undefined) throw new MalformedSecret(NO_CLIENT_CREDENTIALS);
  const clientId = data.CLIENT_ID.trim();
  const clientSecret = data.CLIENT_SECRET.trim();
  if (!TOKEN.test(clientId) || !TOKEN.test(clientSecret)) {
    throw new MalformedSecret('CLIENT_ID or CLIENT_SECRET is empty or contains invalid characters');
  }
  return contentOf({ clientId, clientSecret }, clientSecret, data);
}

const NO_CLIENT_CREDENTIALS =
  'it does not hold client credentials; store {"CLIENT_ID": "...", "CLIENT_SECRET": "..."}';

function contentOf<Credential>(
  credential: Credential,
  secretText: string,
  {
    PSEUDONYM_KEY,
    CAPTCHA_SECRET,
  }: { PSEUDONYM_KEY?: string | undefined; CAPTCHA_SECRET?: string | undefined },
): Content<Credential> {
  return {
    credential,
    pseudonymKey: PSEUDONYM_KEY || keyDerivedFrom(secretText),
    captchaSecret: CAPTCHA_SECRET?.trim() || undefined,
  };
}

/** A key for a secret that has none (HKDF, RFC 5869). It changes with the credential: limits then start anew. */
function keyDerivedFrom(secretText: string): string {
  const key = hkdfSync('sha256', secretText, '', 'user recovery: pseudonyms of mailboxes', 32);
  return Buffer.from(key).toString('base64url');
}
