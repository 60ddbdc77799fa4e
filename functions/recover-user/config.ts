import * as z from 'zod/mini';
import { readForwardingTenant } from '#forwarding';
import type { CaptchaProvider } from '../adapters/captcha/captcha-verifier.ts';
import type { RateLimits } from '../core/rate-limiter.ts';
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
  DEFAULT_STAGE,
  type Environment,
  number,
  numberOf,
  oneOf,
  parseEnvironment,
  readBoth,
  requiredText,
  secretUrl,
  text,
} from '../runtime/environment.ts';
import { EVENT_VARIABLES, type EventConfig, eventConfigOf } from '../runtime/event-config.ts';
import type { TenantConfig } from '../runtime/tenant-config.ts';

/** Function configuration read from environment variables. */
export type Config = CommonConfig & (DirectConfig | QueuedConfig);

/** What is configured however requests are delivered. */
export interface CommonConfig {
  /** Names the deployment in metrics. */
  stage: string;
  /** Name or ARN of the secret with the CAPTCHA's secret key; absent: it is in the JSON of the credential's secret. */
  captchaSecretId: string | undefined;
  /** Origins whose pages may call the endpoint; none: no CORS headers at all. */
  allowedOrigins: string[];
  /** When every well-formed request gets its response, in milliseconds from its start; 0: as soon as possible. */
  responseTimeMs: number;
  /** What one mailbox may have. */
  limits: RateLimits;
  /** DynamoDB table of the attempts; absent: each instance keeps its own. */
  attemptsTableName: string | undefined;
  /** SQS queue of the outbox; absent: there is none. */
  outboxQueueUrl: string | undefined;
  events: EventConfig;
  /** Absent: CAPTCHA disabled. */
  captcha: CaptchaConfig | undefined;
}

/** Requests are forwarded at once; what cannot be waits in the outbox, where there is one. */
export interface DirectConfig {
  forwarding: ForwardingConfig;
  /** Name or ARN of the secret with the pseudonymization key; absent: it is in the JSON of the credential's secret. */
  pseudonymKeySecretId: string | undefined;
}

/** Requests go to the outbox; the endpoint cannot read the credential, nor anything that is in one secret with it. */
export interface QueuedConfig {
  forwarding: undefined;
  pseudonymKeySecretId: string;
}

/** How requests are forwarded at once. */
export interface ForwardingConfig extends TenantConfig {
  /** Name or ARN of the secret that holds the credential of Beyond Identity's API. */
  credentialSecretId: string;
}

/** Which CAPTCHA requests must pass. */
export interface CaptchaConfig {
  provider: CaptchaProvider;
  /** What happens to requests while the provider is unavailable: they are rejected, or go on unverified. */
  failureMode: 'open' | 'closed';
  /** The lowest score that passes, from 0 to 1, where there are scores (reCAPTCHA v3); absent: 0.5. */
  minimumScore: number | undefined;
  /** Override for the provider's URL (testing only). */
  verifyUrl: URL | undefined;
}

const secretIdOf = (content: string) => `set it to the name or ARN of the secret that holds ${content}`;
const API_TOKEN_SECRET_ID = secretIdOf('the API token');
const PSEUDONYM_KEY_SECRET_ID = secretIdOf('the pseudonymization key');
const CAPTCHA_SECRET_ID = secretIdOf("the CAPTCHA provider's secret key");

const common = {
  STAGE: text('the name of a stage, such as production', (value) => /^[\w-]{1,64}$/.test(value)),
  ALLOWED_ORIGINS: text(`a comma-separated list; each entry must be ${ORIGIN_REQUIREMENT}`, (list) =>
    listFromText(list).every(isAllowedOrigin),
  ),
  RESPONSE_TIME_MS: number(BOUNDS.responseTimeMs),
  MAILBOX_COOLDOWN_SECONDS: number(BOUNDS.mailboxCooldownSeconds),
  MAILBOX_ATTEMPTS_PER_DAY: number(BOUNDS.mailboxAttemptsPerDay),
  ATTEMPTS_TABLE_NAME: text('the name of a DynamoDB table'),
  ...EVENT_VARIABLES,
  CAPTCHA_PROVIDER: oneOf(CAPTCHA_PROVIDERS),
  CAPTCHA_FAILURE_MODE: oneOf(CAPTCHA_FAILURE_MODES),
  CAPTCHA_MINIMUM_SCORE: number(BOUNDS.captchaMinimumScore),
  CAPTCHA_VERIFY_URL: secretUrl(),
  CAPTCHA_SECRET_ID: text(CAPTCHA_SECRET_ID),
};

const directSchema = z.object({
  API_TOKEN_SECRET_ID: requiredText(API_TOKEN_SECRET_ID),
  ...common,
  PSEUDONYM_KEY_SECRET_ID: text(PSEUDONYM_KEY_SECRET_ID),
  OUTBOX_QUEUE_URL: text('the URL of an SQS queue', URL.canParse),
});

const queuedSchema = z.object({
  ...common,
  PSEUDONYM_KEY_SECRET_ID: requiredText(PSEUDONYM_KEY_SECRET_ID),
  OUTBOX_QUEUE_URL: requiredText('set it to the URL of the outbox, an SQS queue'),
});
const queuedWithCaptchaSchema = z.extend(queuedSchema, {
  CAPTCHA_SECRET_ID: requiredText(CAPTCHA_SECRET_ID),
});

const modeSchema = z.object({ DELIVERY: oneOf(DELIVERIES), CAPTCHA_PROVIDER: oneOf(CAPTCHA_PROVIDERS) });

/** Reads the configuration, once, at start. Throws `ConfigError`. */
export function readConfig(environment: Environment): Config {
  const { DELIVERY, CAPTCHA_PROVIDER } = parseEnvironment(modeSchema, environment);
  if (DELIVERY === 'queued') {
    const schema = CAPTCHA_PROVIDER ? queuedWithCaptchaSchema : queuedSchema;
    const data = parseEnvironment(schema, environment);
    return {
      ...commonConfig(data),
      // the outbox takes as long for one address as for another
      responseTimeMs: 0,
      forwarding: undefined,
      pseudonymKeySecretId: data.PSEUDONYM_KEY_SECRET_ID,
      outboxQueueUrl: data.OUTBOX_QUEUE_URL,
    };
  }
  const [data, tenant] = readBoth(
    () => parseEnvironment(directSchema, environment),
    () => readForwardingTenant(environment),
  );
  return {
    ...commonConfig(data),
    responseTimeMs: numberOf(data.RESPONSE_TIME_MS, BOUNDS.responseTimeMs),
    forwarding: { credentialSecretId: data.API_TOKEN_SECRET_ID, ...tenant },
    pseudonymKeySecretId: data.PSEUDONYM_KEY_SECRET_ID || undefined,
    outboxQueueUrl: data.OUTBOX_QUEUE_URL || undefined,
  };
}

function commonConfig(data: { [Name in keyof typeof common]?: string | undefined }) {
  return {
    stage: data.STAGE || DEFAULT_STAGE,
    allowedOrigins: listFromText(data.ALLOWED_ORIGINS ?? ''),
    limits: {
      cooldownMs: numberOf(data.MAILBOX_COOLDOWN_SECONDS, BOUNDS.mailboxCooldownSeconds) * 1000,
      perDay: numberOf(data.MAILBOX_ATTEMPTS_PER_DAY, BOUNDS.mailboxAttemptsPerDay),
    },
    attemptsTableName: data.ATTEMPTS_TABLE_NAME || undefined,
    events: eventConfigOf(data),
    captchaSecretId: data.CAPTCHA_SECRET_ID || undefined,
    captcha: captchaOf(data),
  };
}

function captchaOf(data: { [Name in keyof typeof common]?: string | undefined }): CaptchaConfig | undefined {
  const provider = CAPTCHA_PROVIDERS.find((name) => name === data.CAPTCHA_PROVIDER);
  if (provider === undefined) return undefined;
  return {
    provider,
    failureMode: data.CAPTCHA_FAILURE_MODE === 'open' ? 'open' : 'closed',
    minimumScore: data.CAPTCHA_MINIMUM_SCORE ? Number(data.CAPTCHA_MINIMUM_SCORE) : undefined,
    verifyUrl: data.CAPTCHA_VERIFY_URL ? new URL(data.CAPTCHA_VERIFY_URL) : undefined,
  };
}
