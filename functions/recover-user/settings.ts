import * as z from 'zod/mini';
import type { AttemptLimits } from './attempt-limits.ts';
import type { HumanCheckProvider } from './human-check.ts';

/** What the function is told by its environment. */
export interface Settings {
  /** Name or ARN of the secret that holds the API token. */
  apiTokenSecretId: string;
  /** Base URL of Beyond Identity's API. */
  beyondIdentityApiUrl: URL;
  /** Origins whose pages may call the endpoint; none: no CORS headers at all. */
  allowedOrigins: string[];
  /** When every well-formed request is answered, in milliseconds from its start; 0: as soon as possible. */
  responseTimeMs: number;
  /** What one mailbox may have. */
  limits: AttemptLimits;
  /** DynamoDB table of the attempts; absent: each instance keeps its own. */
  attemptsTableName: string | undefined;
  /** Log group of the audit events; absent: they stand in the function's log. */
  auditLogGroupName: string | undefined;
  /** Absent: nobody is asked to be human. */
  humanCheck: HumanCheckSettings | undefined;
}

/** How people are told from programs. */
export interface HumanCheckSettings {
  provider: HumanCheckProvider;
  /** What happens to requests while the provider cannot be asked. */
  whenDown: 'open' | 'closed';
  /** The least score that passes, from 0 to 1, where there are scores (reCAPTCHA v3); absent: 0.5. */
  minimumScore: number | undefined;
  /** Where the provider's stand-in is, on a laptop. */
  verifyUrl: URL | undefined;
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

/** A setting that may be absent; CloudFormation and `sam local` hand an absent one over as an empty text. */
function text(requirement: string, isGood: (value: string) => boolean = () => true) {
  return z.optional(
    z.string().check(z.refine((value) => value === '' || isGood(value), `must be ${requirement}`)),
  );
}

function wholeNumber(minimum: number, maximum: number) {
  return text(`a whole number from ${minimum} to ${maximum}`, (value) => {
    return /^\d{1,9}$/.test(value) && Number(value) >= minimum && Number(value) <= maximum;
  });
}

const API_URL = 'an https URL without credentials or query, such as https://api-eu.byndid.com';
const NO_SECRET = 'set it to the name or ARN of the secret that holds the API token';

const environmentSchema = z.object({
  API_TOKEN_SECRET_ID: z
    .string(`is not set; ${NO_SECRET}`)
    .check(z.trim(), z.minLength(1, `is empty; ${NO_SECRET}`)),
  BEYOND_IDENTITY_API_URL: text(API_URL, isApiUrl),
  ALLOWED_ORIGINS: text(
    'a comma-separated list of origins, such as https://www.example.com,https://app.example.com',
    (list) => originsOf(list).every(isOrigin),
  ),
  RESPONSE_TIME_MS: wholeNumber(0, 10_000),
  MAILBOX_COOLDOWN_SECONDS: wholeNumber(0, 86_400),
  MAILBOX_ATTEMPTS_PER_DAY: wholeNumber(1, 20),
  ATTEMPTS_TABLE_NAME: text('the name of a DynamoDB table'),
  AUDIT_LOG_GROUP_NAME: text('the name of a log group'),
  HUMAN_CHECK_PROVIDER: text('turnstile, hcaptcha or recaptcha', isProvider),
  HUMAN_CHECK_WHEN_DOWN: text('open or closed', (value) => value === 'open' || value === 'closed'),
  HUMAN_CHECK_MINIMUM_SCORE: text('a number from 0 to 1, such as 0.5', (value) =>
    /^(0(\.\d+)?|1(\.0+)?)$/.test(value),
  ),
  HUMAN_CHECK_VERIFY_URL: text(API_URL, isApiUrl),
});

function isProvider(value: string): value is HumanCheckProvider {
  return value === 'turnstile' || value === 'hcaptcha' || value === 'recaptcha';
}

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
    beyondIdentityApiUrl: new URL(data.BEYOND_IDENTITY_API_URL || 'https://api.byndid.com'),
    allowedOrigins: originsOf(data.ALLOWED_ORIGINS ?? ''),
    responseTimeMs: Number(data.RESPONSE_TIME_MS || 1000),
    limits: {
      cooldownMs: Number(data.MAILBOX_COOLDOWN_SECONDS || 60) * 1000,
      perDay: Number(data.MAILBOX_ATTEMPTS_PER_DAY || 5),
    },
    attemptsTableName: data.ATTEMPTS_TABLE_NAME || undefined,
    auditLogGroupName: data.AUDIT_LOG_GROUP_NAME || undefined,
    humanCheck: humanCheckOf(data),
  };
}

function humanCheckOf(data: z.infer<typeof environmentSchema>): HumanCheckSettings | undefined {
  const provider = data.HUMAN_CHECK_PROVIDER ?? '';
  if (!isProvider(provider)) return undefined;
  return {
    provider,
    whenDown: data.HUMAN_CHECK_WHEN_DOWN === 'open' ? 'open' : 'closed',
    minimumScore: data.HUMAN_CHECK_MINIMUM_SCORE ? Number(data.HUMAN_CHECK_MINIMUM_SCORE) : undefined,
    verifyUrl: data.HUMAN_CHECK_VERIFY_URL ? new URL(data.HUMAN_CHECK_VERIFY_URL) : undefined,
  };
}
