import * as z from 'zod/mini';
import type { CaptchaProvider } from '../adapters/captcha/captcha-verifier.ts';
import type { AttemptLimits } from '../core/rate-limits.ts';
import {
  BOUNDS,
  CAPTCHA_FAILURE_MODES,
  CAPTCHA_PROVIDERS,
  DELIVERIES,
  isAllowedOrigin,
  listFromText,
  ORIGIN_REQUIREMENT,
} from '../runtime/configuration-bounds.ts';
import {
  apiUrl,
  DEFAULT_API_URL,
  type Environment,
  number,
  numberOf,
  oneOf,
  parseEnvironment,
  requiredText,
  secretUrl,
  text,
} from '../runtime/environment.ts';

/** What the function is told by its environment. */
export interface Settings {
  /** Name or ARN of the secret with the API token; where requests go straight to the outbox, of the one with the key only. */
  secret: { apiTokenSecretId: string } | { pseudonymKeySecretId: string };
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
  /** SQS queue of the outbox; absent: there is none. */
  outboxQueueUrl: string | undefined;
  /** Log group of the audit events; absent: they stand in the function's log. */
  auditLogGroupName: string | undefined;
  /** Absent: nobody is asked to be human. */
  captcha: CaptchaSettings | undefined;
}

/** How people are told from programs. */
export interface CaptchaSettings {
  provider: CaptchaProvider;
  /** What happens to requests while the provider cannot be asked. */
  failureMode: 'open' | 'closed';
  /** The least score that passes, from 0 to 1, where there are scores (reCAPTCHA v3); absent: 0.5. */
  minimumScore: number | undefined;
  /** Where the provider's stand-in is, on a laptop. */
  verifyUrl: URL | undefined;
}

const SECRET_ID = 'set it to the name or ARN of the secret that holds the API token';

const common = {
  BEYOND_IDENTITY_API_URL: apiUrl(),
  ALLOWED_ORIGINS: text(`a comma-separated list; each entry must be ${ORIGIN_REQUIREMENT}`, (list) =>
    listFromText(list).every(isAllowedOrigin),
  ),
  RESPONSE_TIME_MS: number(BOUNDS.responseTimeMs),
  MAILBOX_COOLDOWN_SECONDS: number(BOUNDS.mailboxCooldownSeconds),
  MAILBOX_ATTEMPTS_PER_DAY: number(BOUNDS.mailboxAttemptsPerDay),
  ATTEMPTS_TABLE_NAME: text('the name of a DynamoDB table'),
  AUDIT_LOG_GROUP_NAME: text('the name of a log group'),
  CAPTCHA_PROVIDER: oneOf(CAPTCHA_PROVIDERS),
  CAPTCHA_FAILURE_MODE: oneOf(CAPTCHA_FAILURE_MODES),
  CAPTCHA_MINIMUM_SCORE: number(BOUNDS.captchaMinimumScore),
  CAPTCHA_VERIFY_URL: secretUrl(),
};

/** Requests are forwarded at once; what cannot be waits in the outbox, where there is one. */
const directSchema = z.object({
  API_TOKEN_SECRET_ID: requiredText(SECRET_ID),
  ...common,
  OUTBOX_QUEUE_URL: text('the URL of an SQS queue', URL.canParse),
});

/** Requests go to the outbox; the endpoint may not even read the API token, where the CAPTCHA's secret is too. */
const queuedSchema = z.object({
  ...common,
  PSEUDONYM_KEY_SECRET_ID: requiredText(
    'set it to the name or ARN of the secret that holds the key of pseudonyms',
  ),
  OUTBOX_QUEUE_URL: requiredText('set it to the URL of the outbox, an SQS queue'),
  CAPTCHA_PROVIDER: text('absent where DELIVERY is queued', () => false),
});

const modeSchema = z.object({
  DELIVERY: oneOf(DELIVERIES),
});

/** Reads the settings, once, at start. Throws `SettingsError`. */
export function readSettings(environment: Environment): Settings {
  if (parseEnvironment(modeSchema, environment).DELIVERY === 'queued') {
    const data = parseEnvironment(queuedSchema, environment);
    return {
      ...commonSettings(data),
      // the outbox takes as long for one address as for another
      responseTimeMs: 0,
      secret: { pseudonymKeySecretId: data.PSEUDONYM_KEY_SECRET_ID },
      outboxQueueUrl: data.OUTBOX_QUEUE_URL,
    };
  }
  const data = parseEnvironment(directSchema, environment);
  return {
    ...commonSettings(data),
    responseTimeMs: numberOf(data.RESPONSE_TIME_MS, BOUNDS.responseTimeMs),
    secret: { apiTokenSecretId: data.API_TOKEN_SECRET_ID },
    outboxQueueUrl: data.OUTBOX_QUEUE_URL || undefined,
  };
}

function commonSettings(data: { [Name in keyof typeof common]?: string | undefined }) {
  return {
    beyondIdentityApiUrl: new URL(data.BEYOND_IDENTITY_API_URL || DEFAULT_API_URL),
    allowedOrigins: listFromText(data.ALLOWED_ORIGINS ?? ''),
    limits: {
      cooldownMs: numberOf(data.MAILBOX_COOLDOWN_SECONDS, BOUNDS.mailboxCooldownSeconds) * 1000,
      perDay: numberOf(data.MAILBOX_ATTEMPTS_PER_DAY, BOUNDS.mailboxAttemptsPerDay),
    },
    attemptsTableName: data.ATTEMPTS_TABLE_NAME || undefined,
    auditLogGroupName: data.AUDIT_LOG_GROUP_NAME || undefined,
    captcha: captchaOf(data),
  };
}

function captchaOf(
  data: { [Name in keyof typeof common]?: string | undefined },
): CaptchaSettings | undefined {
  const provider = CAPTCHA_PROVIDERS.find((name) => name === data.CAPTCHA_PROVIDER);
  if (provider === undefined) return undefined;
  return {
    provider,
    failureMode: data.CAPTCHA_FAILURE_MODE === 'open' ? 'open' : 'closed',
    minimumScore: data.CAPTCHA_MINIMUM_SCORE ? Number(data.CAPTCHA_MINIMUM_SCORE) : undefined,
    verifyUrl: data.CAPTCHA_VERIFY_URL ? new URL(data.CAPTCHA_VERIFY_URL) : undefined,
  };
}
