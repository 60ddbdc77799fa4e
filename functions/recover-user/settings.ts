import * as z from 'zod/mini';

/** What the function is told by its environment. */
export interface Settings {
  /** Name or ARN of the secret that holds the API token. */
  apiTokenSecretId: string;
  /** Base URL of Beyond Identity's API. */
  beyondIdentityApiUrl: URL;
  /** Origins whose pages may call the endpoint; none: no CORS headers at all. */
  allowedOrigins: string[];
}

/** The environment does not fit; the message names every setting that is missing or wrong, and the mend. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Hosts of one's own machine, the only ones that the API token may be sent to without TLS. */
const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|host\.docker\.internal)$/;

function isApiUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  return (
    (protocol === 'https:' || (protocol === 'http:' && LOCAL_HOST.test(hostname))) &&
    username + password + search + hash === ''
  );
}

/** One exact origin as browsers send it; a `*` in the host, which http-cors would take for a pattern, is none. */
function isOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

function originsOf(list: string): string[] {
  return list
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
}

const environmentSchema = z.object({
  API_TOKEN_SECRET_ID: z
    .string('is not set; set it to the name or ARN of the secret that holds the API token')
    .check(
      z.trim(),
      z.minLength(1, 'is empty; set it to the name or ARN of the secret that holds the API token'),
    ),
  BEYOND_IDENTITY_API_URL: z._default(
    z.string().check(
      z.refine(isApiUrl, {
        error: 'must be an https URL without credentials or query, such as https://api-eu.byndid.com',
      }),
    ),
    'https://api.byndid.com',
  ),
  ALLOWED_ORIGINS: z._default(
    z.string().check(
      z.refine((list) => originsOf(list).every(isOrigin), {
        error:
          'must be a comma-separated list of origins, such as https://www.example.com,https://app.example.com',
      }),
    ),
    '',
  ),
});

/** Reads the settings, once, at start. Throws {@link SettingsError}. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const { data, error } = environmentSchema.safeParse(environment);
  if (error) {
    throw new SettingsError(
      error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('. '),
    );
  }
  return {
    apiTokenSecretId: data.API_TOKEN_SECRET_ID,
    beyondIdentityApiUrl: new URL(data.BEYOND_IDENTITY_API_URL),
    allowedOrigins: originsOf(data.ALLOWED_ORIGINS),
  };
}
