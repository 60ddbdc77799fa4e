import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import {
  API_URL_REQUIREMENT,
  BOUNDS,
  CAPTCHA_FAILURE_MODES,
  CAPTCHA_PROVIDERS,
  DELIVERIES,
  isAllowedOrigin,
  isApiUrl,
  listFromText,
  type NumberBounds,
  numberFromText,
  ORIGIN_REQUIREMENT,
} from '../../functions/runtime/configuration-bounds.ts';
import type { CaptchaProvider } from '../../web/recover-user-form/captcha-provider.ts';
import { nearest } from './closest-match.ts';
import { budgetProblems } from './stage-budget.ts';

/** Base URLs of Beyond Identity's API, by the region of the tenant. */
const API_URLS = { us: 'https://api.byndid.com', eu: 'https://api-eu.byndid.com' } as const;

const RETENTION_DAYS = Object.values(RetentionDays).filter(
  (days): days is number => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** Context keys of the CDK and of its lookups hold one of these; a setting never does. */
const NOT_A_SETTING = /[:/@]/;

/** What the deployment is told, in cdk.json or with `-c name=value`. */
export interface Settings {
  /** Name of the API's stage: the first part of the endpoint's path, unless there is a domain of one's own. */
  stage: string;
  /** Base URL of Beyond Identity's API, without a slash at the end. */
  apiUrl: string;
  /** Origins whose pages may call the endpoint, besides that of `recoveryPage`; none at all: no CORS headers. */
  allowedOrigins: readonly string[];
  /** Name of an existing secret that holds the API token; absent: the stack creates one. */
  apiTokenSecretName?: string | undefined;
  /** Who is told of alarms; absent: nobody, they show in CloudWatch only. */
  alarmEmail?: string | undefined;
  /** A domain of one's own, and the certificate for it in AWS Certificate Manager; absent: API Gateway's domain. */
  customDomain?: { domainName: string; certificateArn: string } | undefined;
  /** The most instances of the function at a time; absent: whatever the account has left. */
  reservedConcurrency?: number | undefined;
  /** The account's Lambda concurrency quota in the stack's region; absent: unknown, and synthesis says what is needed. */
  accountConcurrency?: number | undefined;
  /** When every well-formed request is answered, in milliseconds from its start; 0: as soon as possible. */
  responseTimeMs: number;
  /** Seconds that must lie between two recovery mails to one mailbox. */
  mailboxCooldownSeconds: number;
  /** Recovery mails that one mailbox may be sent within any 24 hours. */
  mailboxAttemptsPerDay: number;
  /** Recovery requests that one source may send within five minutes. */
  requestsPerSource: number;
  /** Requests a second, all callers together. */
  throttleRequestsPerSecond: number;
  /** Requests that may come at once above that rate. */
  throttleBurst: number;
  /** How people are told from programs; absent: not at all. */
  captcha?: CaptchaSettings | undefined;
  /** The recovery page that the stack hosts; absent: none. */
  recoveryPage?: RecoveryPageSettings | undefined;
  /**
   * Where an admitted request goes first: `direct` to Beyond Identity, and to the outbox only if that fails; or `queued`,
   * always to the outbox, by an endpoint that cannot read the API token.
   */
  delivery: Delivery;
  /** The most instances that deliver from the outbox at a time. */
  deliveryConcurrency: number;
  /** Seconds after which a request in the outbox is dropped. */
  outboxMaximumAgeSeconds: number;
  /** Days that every log is kept for, but the audit log. */
  logRetentionDays: RetentionDays;
  /** Days that the audit log is kept for. */
  auditRetentionDays: RetentionDays;
}

/** Where an admitted request goes first. */
export type Delivery = (typeof DELIVERIES)[number];

/** Who tells people from programs, and what happens when that cannot be asked. */
export interface CaptchaSettings {
  provider: 'turnstile' | 'hcaptcha' | 'recaptcha';
  /** What happens to requests while the provider cannot be asked: `closed` refuses them, `open` lets them through. */
  failureMode: 'closed' | 'open';
  /**
   * The least score that passes, from 0 to 1 (reCAPTCHA v3 only); absent: there are no scores, and `recoveryPage` shows
   * reCAPTCHA v2.
   */
  minimumScore?: number | undefined;
  /** The provider's public key for the widget of `recoveryPage`; absent without that page. */
  siteKey?: string | undefined;
}

/** What the hosted recovery page needs to know of the settings. */
export interface RecoveryPageSettings {
  /** The widget that gives a person the token, and the provider's public key for it; absent: there is no CAPTCHA. */
  widget?: { provider: CaptchaProvider; siteKey: string } | undefined;
}

/** The settings do not fit; the message has a line for each problem, naming setting, value and mend. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** A schema's parameters: its message quotes the value, or says that there is none. */
function mustBe(requirement: string) {
  return {
    error: ({ input }: { input?: unknown }) =>
      `${input === undefined ? 'is not set' : `is ${JSON.stringify(input)}`}; it must be ${requirement}`,
  };
}

function text(pattern: RegExp, requirement: string) {
  return z.string(mustBe(requirement)).regex(pattern, mustBe(requirement));
}

/** One that is rejected keeps the sums with it from being done: their message would only repeat the problem. */
function wholeNumber(minimum: number, maximum: number) {
  const params = { ...mustBe(`a whole number from ${minimum} to ${maximum}`), abort: true };
  return z.preprocess(orNumber, z.int(params).min(minimum, params).max(maximum, params));
}

/** A setting that a function reads too, within the bounds that it has there. */
function shared(bounds: NumberBounds) {
  const params = { ...mustBe(bounds.requirement), abort: true };
  return z.preprocess(orNumber, z.number(params).refine(bounds.accepts, params));
}

function retentionDays() {
  const params = mustBe(`a number of days that CloudWatch offers: ${RETENTION_DAYS.join(', ')}`);
  return z.preprocess(orNumber, z.literal(RETENTION_DAYS, params));
}

/** `-c` passes everything on as text. */
function orNumber(value: unknown): unknown {
  return typeof value === 'string' ? (numberFromText(value) ?? value) : value;
}

function booleanFromText(value: unknown): unknown {
  if (value === 'true') return true;
  return value === 'false' ? false : value;
}

function objectFromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function orList(value: unknown): unknown {
  return typeof value === 'string' ? listFromText(value) : value;
}

const ORIGIN = mustBe(ORIGIN_REQUIREMENT);
const API_URL = mustBe(API_URL_REQUIREMENT);

const CAPTCHA =
  'an object such as {"provider": "turnstile"}, with failureMode, minimumScore and siteKey if need be; with -c as JSON: -c captcha=\'{"provider":"turnstile"}\'';
const PROVIDER = mustBe('"turnstile", "hcaptcha" or "recaptcha"');

const CAPTCHA_PARTS = {
  provider: z.enum(CAPTCHA_PROVIDERS, PROVIDER),
  failureMode: z
    .enum(CAPTCHA_FAILURE_MODES, mustBe('"closed" (requests are refused) or "open" (they pass unchecked)'))
    .default('closed'),
  minimumScore: shared(BOUNDS.captchaMinimumScore).optional(),
  siteKey: text(
    /^[\w-]{10,100}$/,
    'the public site key that the provider gave you beside the secret key: 10 to 100 letters, digits, "-" and "_"',
  ).optional(),
};

const captchaSchema = z.strictObject(CAPTCHA_PARTS, {
  error: (issue) =>
    issue.code === 'unrecognized_keys'
      ? `has ${issue.keys?.join(', ')}, which is no part of it; there are: ${Object.keys(CAPTCHA_PARTS).join(', ')}`
      : mustBe(CAPTCHA).error(issue),
});

const settingsSchema = z
  .strictObject(
    {
      stage: text(/^[\w-]{1,64}$/, 'a name of letters, digits, "-" and "_", such as production'),
      region: z.enum(['us', 'eu'], mustBe('"us" or "eu", where the tenant lives')).optional(),
      apiUrl: z.string(API_URL).refine(isApiUrl, API_URL).optional(),
      allowedOrigins: z.preprocess(
        orList,
        z.array(z.string(ORIGIN).refine(isAllowedOrigin, ORIGIN), mustBe('a list of origins, or []')),
      ),
      apiTokenSecretName: text(
        /^[\w/+=.@-]{1,512}$/,
        "a secret's name, not its ARN, such as recovery/api-token",
      ).optional(),
      alarmEmail: z.email(mustBe('an email address, such as on-call@example.com')).optional(),
      domainName: text(
        /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
        'a domain name in small letters, such as recovery.example.com',
      ).optional(),
      certificateArn: text(
        /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
        'the ARN of a certificate in AWS Certificate Manager, in the region of the stack',
      ).optional(),
      reservedConcurrency: wholeNumber(1, 1000).optional(),
      // 10 is what a new account may have
      accountConcurrency: wholeNumber(10, 100_000).optional(),
      responseTimeMs: shared(BOUNDS.responseTimeMs),
      mailboxCooldownSeconds: shared(BOUNDS.mailboxCooldownSeconds),
      mailboxAttemptsPerDay: shared(BOUNDS.mailboxAttemptsPerDay),
      // 10 is the least that WAF takes; more than the greatest burst would break the arithmetic of the stage's budget
      requestsPerSource: wholeNumber(10, 5_000),
      throttleRequestsPerSecond: wholeNumber(1, 10_000),
      throttleBurst: wholeNumber(1, 5_000),
      captcha: z.preprocess(objectFromText, captchaSchema).optional(),
      recoveryPage: z
        .preprocess(
          booleanFromText,
          z.boolean(mustBe('true (the stack hosts the recovery page) or false (pages of your own call it)')),
        )
        .optional(),
      delivery: z.enum(
        DELIVERIES,
        mustBe('"direct" (to the outbox only if forwarding fails) or "queued" (always to the outbox)'),
      ),
      // 2 is the least that Lambda takes
      deliveryConcurrency: wholeNumber(2, 100),
      outboxMaximumAgeSeconds: shared(BOUNDS.outboxMaximumAgeSeconds),
      logRetentionDays: retentionDays(),
      auditRetentionDays: retentionDays(),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys' ? issue.keys?.map(unknownSetting).join('\n') : undefined,
    },
  )
  .superRefine(
    (settings, problems) => {
      const problem = (key: string, message: string) =>
        problems.addIssue({ code: 'custom', path: [key], message, input: undefined });
      const { region, apiUrl, domainName, certificateArn } = settings;
      if (region === undefined && apiUrl === undefined) {
        problem('region', 'is not set; set it to "us" or "eu", or set apiUrl');
      }
      if (region !== undefined && apiUrl !== undefined) {
        problem(
          'apiUrl',
          `is ${JSON.stringify(apiUrl)} and region is ${JSON.stringify(region)}; set only one, such as with -c region=`,
        );
      }
      if (domainName !== undefined && certificateArn === undefined) {
        problem(
          'certificateArn',
          `is not set; the domainName ${JSON.stringify(domainName)} needs a certificate`,
        );
      }
      if (certificateArn !== undefined && domainName === undefined) {
        problem(
          'domainName',
          `is not set; the certificateArn ${JSON.stringify(certificateArn)} needs the domain it is for`,
        );
      }
    },
    // one run tells of everything that is wrong
    { when: () => true },
  )
  // these reckon with settings, so that each must be good by itself
  .superRefine(({ captcha, delivery, recoveryPage = false, ...settings }, problems) => {
    for (const { setting, message } of budgetProblems({ ...settings, delivery })) {
      problems.addIssue({ code: 'custom', path: [setting], message, input: undefined });
    }
    if (captcha?.minimumScore !== undefined && captcha.provider !== 'recaptcha') {
      problems.addIssue({
        code: 'custom',
        path: ['captcha', 'minimumScore'],
        message: `is ${captcha.minimumScore}, but ${captcha.provider} gives no scores; leave it out, or set provider to "recaptcha"`,
        input: undefined,
      });
    }
    if (recoveryPage && captcha && captcha.siteKey === undefined) {
      problems.addIssue({
        code: 'custom',
        path: ['captcha', 'siteKey'],
        message: `is not set, but recoveryPage is true, and the page cannot show ${captcha.provider} without it; set it to the public site key that the provider gave you, or leave recoveryPage out`,
        input: undefined,
      });
    }
    if (!recoveryPage && captcha?.siteKey !== undefined) {
      problems.addIssue({
        code: 'custom',
        path: ['captcha', 'siteKey'],
        message: `is ${JSON.stringify(captcha.siteKey)}, but nothing reads it without a page of the stack's own; leave it out, or set recoveryPage to true`,
        input: undefined,
      });
    }
    if (captcha !== undefined && delivery === 'queued') {
      problems.addIssue({
        code: 'custom',
        path: ['delivery'],
        message:
          'is "queued", but captcha needs CAPTCHA_SECRET, which is in one secret with the API token, and the endpoint of "queued" cannot read that; set delivery to "direct", or leave captcha out',
        input: undefined,
      });
    }
  });

const SETTING_NAMES = Object.keys(settingsSchema.shape);

function unknownSetting(key: string): string {
  const suggestion = nearest(key, SETTING_NAMES);
  return `${key} is no setting; ${suggestion ? `did you mean ${suggestion}?` : `there are: ${SETTING_NAMES.join(', ')}`}`;
}

/** What the CDK's own tools keep in the context is let through, unless it resembles a setting. */
function isMeantAsSetting(key: string): boolean {
  if (NOT_A_SETTING.test(key)) return false;
  return /^[a-z][a-z0-9]*$/i.test(key) || nearest(key, SETTING_NAMES) !== undefined;
}

/**
 * Reads the deployment settings from the CDK's context (`app.node.getAllContext()`). An empty text (`-c region=`) is as
 * good as absent, and an empty list for `allowedOrigins`. Throws {@link SettingsError}.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const given = Object.entries(context).filter(
    ([key, value]) => isMeantAsSetting(key) && (value !== '' || key === 'allowedOrigins'),
  );
  const { data, error } = settingsSchema.safeParse(Object.fromEntries(given), { reportInput: true });
  if (error) throw new SettingsError(error.issues.map(lineOf).join('\n'));
  const { region, apiUrl, domainName, certificateArn, recoveryPage, ...rest } = data;
  return {
    ...rest,
    apiUrl: region ? API_URLS[region] : new URL(apiUrl ?? '').origin,
    customDomain: domainName && certificateArn ? { domainName, certificateArn } : undefined,
    recoveryPage: recoveryPage ? { widget: widgetOf(rest.captcha) } : undefined,
  };
}

function widgetOf(captcha: CaptchaSettings | undefined): RecoveryPageSettings['widget'] {
  if (captcha?.siteKey === undefined) return undefined;
  const { provider, minimumScore, siteKey } = captcha;
  // only version 3 has scores, and there is nothing else that tells the two versions apart
  const hasScores = provider === 'recaptcha' && minimumScore !== undefined;
  return { provider: hasScores ? 'recaptcha-v3' : provider, siteKey };
}

function lineOf({ path, message }: z.core.$ZodIssue): string {
  const name = path
    .map((part, depth) => (typeof part === 'number' ? `[${part}]` : `${depth > 0 ? '.' : ''}${String(part)}`))
    .join('');
  return name === '' ? message : `${name} ${message}`;
}
