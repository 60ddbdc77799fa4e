import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import {
  BOUNDS,
  CAPTCHA_FAILURE_MODES,
  CAPTCHA_PROVIDERS,
  DELIVERIES,
  isAllowedOrigin,
  type NumberBounds,
  ORIGIN_REQUIREMENT,
} from '../../functions/runtime/configuration-bounds.ts';
import { beyondIdentitySchema } from './beyond-identity-schema.ts';
import { canarySchema } from './canary-schema.ts';
import { closestMatch } from './closest-match.ts';
import { directorySchema } from './directory-schema.ts';
import { encryptionKeySchema } from './encryption-key-schema.ts';
import { recoveryPageSchema } from './recovery-page-schema.ts';
import { mustBe, objectOf, orNull, text, textThat } from './schema-parts.ts';
import { webAclSchema } from './web-acl-schema.ts';

const RETENTION_DAYS = Object.values(RetentionDays).filter(
  (days): days is number => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** Aborts where it rejects: sums with the value would only repeat the problem. */
function wholeNumber(minimum: number, maximum: number) {
  const params = { ...mustBe(`a whole number from ${minimum} to ${maximum}`), abort: true };
  return z.int(params).min(minimum, params).max(maximum, params);
}

/** A setting that a function reads too, within the bounds that it has there. */
function shared(bounds: NumberBounds) {
  const params = { ...mustBe(bounds.requirement), abort: true };
  return z.number(params).refine(bounds.accepts, params);
}

function retentionDays() {
  return z.literal(
    RETENTION_DAYS,
    mustBe(`a number of days that CloudWatch offers: ${RETENTION_DAYS.join(', ')}`),
  );
}

const CAPTCHA =
  'an object such as {"provider": "turnstile"}, with failureMode, minimumScore and siteKey where needed, or null';

const CAPTCHA_PARTS = {
  provider: z
    .enum(CAPTCHA_PROVIDERS, mustBe('"turnstile", "hcaptcha" or "recaptcha"'))
    .describe('The CAPTCHA provider.'),
  failureMode: z
    .enum(CAPTCHA_FAILURE_MODES, mustBe('"closed" (requests are rejected) or "open" (they go on unverified)'))
    .default('closed')
    .describe('What happens to requests while the provider is unavailable.'),
  minimumScore: shared(BOUNDS.captchaMinimumScore)
    .optional()
    .describe(
      'reCAPTCHA v3 only: the lowest score that passes. Absent: the recovery page shows reCAPTCHA v2.',
    ),
  siteKey: text(
    /^[\w-]{10,100}$/,
    'the public site key that the provider gave you beside the secret key: 10 to 100 letters, digits, "-" and "_"',
  )
    .optional()
    .describe('The public site key, only with recoveryPage. It is published: never the secret key.'),
};

const captchaSchema = z.strictObject(CAPTCHA_PARTS, objectOf(Object.keys(CAPTCHA_PARTS), CAPTCHA));

const SETTINGS = {
  beyondIdentity: beyondIdentitySchema,
  directory: directorySchema,
  apiTokenSecretName: orNull(
    text(/^[\w/+=.@-]{1,512}$/, "a secret's name, not its ARN, such as recovery/api-token"),
  ).describe(
    'An existing secret that holds the API token or the client credentials. null: the stack creates one.',
  ),
  allowedOrigins: z
    .array(textThat(isAllowedOrigin, ORIGIN_REQUIREMENT), mustBe('a list of origins, or []'))
    .describe(
      'Origins whose pages may call the endpoint, besides that of recoveryPage. []: no CORS headers.',
    ),
  recoveryPage: recoveryPageSchema.describe(
    'Whether the stack hosts the ready recovery page, in a private bucket behind CloudFront. An object: it does, with these links.',
  ),
  captcha: orNull(captchaSchema).describe('The CAPTCHA that requests must pass. null: none.'),
  responseTimeMs: shared(BOUNDS.responseTimeMs).describe(
    'When every well-formed request gets its response, in milliseconds from its start: 500 to 10000. 0: as soon as possible, which makes account existence measurable. Not used with delivery "queued".',
  ),
  mailboxCooldownSeconds: shared(BOUNDS.mailboxCooldownSeconds).describe(
    'Seconds between two recovery emails to one user, 0 to 3600.',
  ),
  mailboxAttemptsPerDay: shared(BOUNDS.mailboxAttemptsPerDay).describe(
    'Recovery emails to one user in any 24 hours, 1 to 20.',
  ),
  // 10 is the least that WAF takes; more than the greatest burst would break the arithmetic of the stage's budget
  requestsPerClientIp: wholeNumber(10, 5_000).describe(
    'Requests from one client IP in five minutes, 10 to 5000; above it the web ACL responds with 429.',
  ),
  throttleRequestsPerSecond: wholeNumber(1, 10_000).describe(
    'Requests a second that the API serves, all callers together.',
  ),
  throttleBurst: wholeNumber(1, 5_000).describe('Requests that may come at once above that rate.'),
  reservedConcurrency: orNull(wholeNumber(1, 1000)).describe(
    "The most instances of the endpoint's function at a time. null: the account's limit.",
  ),
  // 10 is what a new account may have
  accountConcurrency: orNull(wholeNumber(10, 100_000)).describe(
    "The account's Lambda concurrency quota. Set: synthesis fails where it does not suffice. null: synthesis states what is needed.",
  ),
  delivery: z
    .enum(
      DELIVERIES,
      mustBe('"direct" (to the outbox only if forwarding fails) or "queued" (always to the outbox)'),
    )
    .describe('Where an admitted request goes first: direct to Beyond Identity, or always to the outbox.'),
  // 2 is the least that Lambda takes
  deliveryConcurrency: wholeNumber(2, 100).describe(
    'Instances of the delivery function at a time, 2 to 100.',
  ),
  outboxMaximumAgeSeconds: shared(BOUNDS.outboxMaximumAgeSeconds).describe(
    'After how many seconds a request in the outbox is dropped, 60 to 43200.',
  ),
  webAcl: webAclSchema,
  encryptionKey: encryptionKeySchema,
  domainName: orNull(
    text(
      /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
      'a lowercase domain name, such as recovery.example.com',
    ),
  ).describe('A custom domain for the API, with certificateArn.'),
  certificateArn: orNull(
    text(
      /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
      'the ARN of a certificate in AWS Certificate Manager, in the region of the stack',
    ),
  ).describe('The certificate of domainName, in the region of the stack.'),
  alarmEmail: orNull(z.email(mustBe('an email address, such as on-call@example.com'))).describe(
    'Address that receives alarm notifications. null: alarms are visible only in CloudWatch.',
  ),
  canary: canarySchema,
  includeReference: z
    .boolean(mustBe('true (events hold the external id or identity id of users) or false'))
    .default(false)
    .describe(
      'Whether events hold the external id (v0) or identity id (v1) of a user whose request Beyond Identity accepted. Never an email address.',
    ),
  logRetentionDays: retentionDays().describe('Days that every log is kept but the audit log.'),
  auditRetentionDays: retentionDays().describe('Days that the audit log is kept.'),
  accountCloudWatchRole: z
    .boolean(
      mustBe(
        'true (the stack sets the role by which API Gateway writes logs) or false (the account has one)',
      ),
    )
    .describe(
      "Whether the stack sets the account's role by which API Gateway writes access logs. There is one for all APIs of an account and region.",
    ),
};

export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS);

/** The names of settings, where an unknown one resembles one: it is then a slip. */
export function unknownSetting(name: string): string {
  const suggestion = closestMatch(name, SETTING_NAMES);
  return `${name}: unknown setting; ${suggestion ? `did you mean ${suggestion}?` : `the settings are: ${SETTING_NAMES.join(', ')}`}`;
}

/** What a file in config/ holds. Rules about several settings are in config-rules.ts. */
export const configFile = z.strictObject(
  { $schema: z.string().optional().describe('Where editors find this schema.'), ...SETTINGS },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys?.map(unknownSetting).join('\n') : undefined,
  },
);
export type ConfigFile = z.output<typeof configFile>;
