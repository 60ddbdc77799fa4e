/*
 * Which values a setting may have. The stack checks them before a deployment, and a function when it starts: a value that one of them accepts must not stop the other. Imports
 * nothing, so that the stack does not load a function's dependencies with it.
 */

/** What a numeric setting may be. */
export interface NumberBounds {
  /** Applies in a function whose variable is absent or empty; cdk.json has the same value for the stack. */
  readonly byDefault: number;
  /** Completes "it must be", for error messages. */
  readonly requirement: string;
  accepts(value: number): boolean;
}

/** The numeric settings that the stack and a function share, by the name that they have in the stack. */
export const BOUNDS = {
  /**
   * Milliseconds; 0: no constant response time. Nine tenths of it are for the work, of which forwarding may take what the
   * CAPTCHA and the rate limiter leave of three quarters, and the outbox 19 % more (STAGE_ENDS in core/recover-user.ts):
   *
   * - With 2000 that is up to 1,350 ms for two or three calls to Beyond Identity, and 342 ms for SQS.
   * - With 500 SQS has 85 ms. With 250 it would have 43 ms, and a slower one would mean a 503 although the message was
   *   stored.
   */
  responseTimeMs: offOr(500, 10_000, 2000),
  /** Seconds between two recovery emails to one mailbox. */
  mailboxCooldownSeconds: wholeNumber(0, 3600, 60),
  /** Recovery emails to one mailbox within any 24 hours. */
  mailboxAttemptsPerDay: wholeNumber(1, 20, 5),
  /** Seconds after which a request in the outbox is dropped; 43200 are 12 hours. */
  outboxMaximumAgeSeconds: wholeNumber(60, 43_200, 3600),
  /**
   * The lowest reCAPTCHA v3 score that passes. Google recommends to begin with the default
   * (https://developers.google.com/recaptcha/docs/v3).
   */
  captchaMinimumScore: {
    byDefault: 0.5,
    requirement: 'a number from 0 to 1 with at most two decimals, such as 0.5',
    accepts: (value) => value >= 0 && value <= 1 && Math.round(value * 100) / 100 === value,
  },
} as const satisfies Record<string, NumberBounds>;

function wholeNumber(minimum: number, maximum: number, byDefault: number): NumberBounds {
  return {
    byDefault,
    requirement: `a whole number from ${minimum} to ${maximum}`,
    accepts: (value) => Number.isInteger(value) && value >= minimum && value <= maximum,
  };
}

function offOr(minimum: number, maximum: number, byDefault: number): NumberBounds {
  return {
    byDefault,
    requirement: `0 (off) or a whole number of milliseconds from ${minimum} to ${maximum}`,
    accepts: (value) => value === 0 || (Number.isInteger(value) && value >= minimum && value <= maximum),
  };
}

/** The vendor's generations of tenants. */
export const PLATFORMS = ['v0', 'v1'] as const;

/** Where users are found by their address. */
export const DIRECTORIES = ['email', 'dynamodb', 'lambda'] as const;

/** Where an admitted request goes first. */
export const DELIVERIES = ['direct', 'queued'] as const;

/** Whose CAPTCHA can be required. */
export const CAPTCHA_PROVIDERS = ['turnstile', 'hcaptcha', 'recaptcha'] as const;

/** What happens to requests while the CAPTCHA's provider is unavailable. */
export const CAPTCHA_FAILURE_MODES = ['closed', 'open'] as const;

/** The number that a text stands for in decimal notation; `undefined` where it stands for none. */
export function numberFromText(text: string): number | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** The entries of a comma-separated list, trimmed, without the empty ones. */
export function listFromText(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** Hosts of the machine itself, as browsers have them in the origin of a page. */
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** Completes "it must be" for what {@link isAllowedOrigin} rejects. */
export const ORIGIN_REQUIREMENT =
  'an origin as a browser sends it: https://www.example.com, lowercase, without path or wildcard (http for localhost, 127.0.0.1 and [::1] only)';

/** Whether a text is one exact origin, as browsers send it; http only for pages on the machine itself. */
export function isAllowedOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, origin } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOST.test(hostname));
  // a comma would split the entry, and http-cors takes a star for a pattern; a quote is legal in a host but never meant
  return isSafe && origin === text && !/[*,'"]/.test(text);
}

/** Whether a text is the URL of a page of the app's: https, or http on the machine itself, without credentials. */
export function isAppUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOST.test(hostname));
  return isSafe && username + password === '';
}

/** Completes "it must be" for what {@link isApiUrl} rejects. */
export const API_URL_REQUIREMENT =
  'an https URL without path, query or credentials, such as https://api.byndid.com';

/** Whether a text is the base URL of an API: an https origin, with or without a slash at the end. */
export function isApiUrl(text: string): boolean {
  return isBaseUrl(text, 'https:');
}

/**
 * Whether a text is the base URL of an emulator on the function's own machine, the only place that a secret may be sent
 * to without TLS. A stack rejects it: Lambda would find nothing there.
 */
export function isEmulatorUrl(text: string): boolean {
  return isBaseUrl(text, 'http:') && isLocalHost(new URL(text).hostname);
}

/** Whether a host is the function's own machine, a container's host included. */
export function isLocalHost(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\]|host\.docker\.internal)$/.test(hostname);
}

function isBaseUrl(text: string, protocol: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === protocol && (text === url.origin || text === `${url.origin}/`);
}
