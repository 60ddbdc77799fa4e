import { hkdfSync } from 'node:crypto';
import * as z from 'zod/mini';
import type { Deadline } from '../../core/deadline.ts';
import type { ApiToken } from '../../core/forward.ts';
import type { Pseudonyms } from '../../core/recover-user.ts';
import { createCachedSecret, MalformedSecret, type SecretOptions } from './cached-secret.ts';
import { pseudonymsUnder } from './pseudonym.ts';
import { isJson, parseSecret } from './secret-value.ts';

/** Visible ASCII: nothing that could break out of the header that carries it (RFC 9110 section 5.5). */
const TOKEN = /^[\x21-\x7e]+$/;

const secretObject = z.object({
  API_TOKEN: z.string(),
  PSEUDONYM_KEY: z.optional(z.string()),
  CAPTCHA_SECRET: z.optional(z.string()),
});

/** What the secret with the API token serves: a port each. */
export interface ApiTokenSecret {
  apiToken: ApiToken;
  /** Under the key in this secret, for those who bring one secret with everything in it. */
  pseudonyms: Pseudonyms;
  /** The secret key of the CAPTCHA in this secret; `undefined` where there is none, or none within the deadline. */
  captchaSecret(deadline: Deadline): Promise<string | undefined>;
  /** Resolves when the first read is over, however it ended. */
  ready: Promise<void>;
}

interface Content {
  apiToken: string;
  pseudonymKey: string;
  captchaSecret: string | undefined;
}

/**
 * The secret that holds the API token: bare, or as JSON with the keys `API_TOKEN` and, both optional, `PSEUDONYM_KEY` and
 * `CAPTCHA_SECRET`. A stale token is returned while it is read again: Beyond Identity refuses a revoked one, which is then `renewed`.
 */
export function createApiTokenSecret(options: SecretOptions): ApiTokenSecret {
  const secret = createCachedSecret(options, contentOf);
  return {
    ready: secret.ready,
    apiToken: {
      current: async (deadline) => (await secret.current(deadline))?.apiToken,
      renewed: async (refused, deadline) =>
        (await secret.refreshIf(({ apiToken }) => apiToken === refused, deadline))?.apiToken,
    },
    pseudonyms: pseudonymsUnder(async (deadline) => (await secret.current(deadline))?.pseudonymKey),
    captchaSecret: async (deadline) => (await secret.current(deadline))?.captchaSecret,
  };
}

function contentOf(value: string): Content {
  if (value === '') throw new MalformedSecret('it is empty; store the API token in it');
  const { API_TOKEN, PSEUDONYM_KEY, CAPTCHA_SECRET } = isJson(value)
    ? parseSecret(secretObject, value, 'API_TOKEN')
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

/** A key for a secret that has none (HKDF, RFC 5869). It changes with the token: limits then start anew. */
function keyDerivedFrom(apiToken: string): string {
  const key = hkdfSync('sha256', apiToken, '', 'user recovery: pseudonyms of mailboxes', 32);
  return Buffer.from(key).toString('base64url');
}
