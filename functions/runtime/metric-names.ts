/** CloudWatch namespace of every metric of this service. */
export const METRICS_NAMESPACE = 'UserRecovery';

/** The value of every metric's `service` dimension. */
export const SERVICE = 'recover-user';

/** What one request came to, as a count each; exactly one of them is counted for every request that reaches the function. */
export const OUTCOME_METRICS = {
  /** Beyond Identity took the request: it mails the link. */
  forwarded: 'Forwarded',
  /** Beyond Identity rejected this user (unknown, suspended, ...); the caller cannot tell. */
  'not-recoverable': 'NotRecoverable',
  /** The mailbox is rate limited; nothing was forwarded, and the caller cannot tell. */
  'rate-limited': 'RateLimited',
  /** The request waits in the outbox: it is delivered from there. */
  queued: 'Queued',
  /** The request was not forwarded, and the outbox did not take it: the caller was asked to try again. */
  'outbox-failed': 'OutboxFailed',
  /** No secret could be read, and without the pseudonymization key no request is accepted. */
  'token-unavailable': 'TokenUnavailable',
  /** Without an outbox: Beyond Identity refused the API token, the freshly read one included. */
  'token-refused': 'TokenRefused',
  /** Without an outbox: Beyond Identity could not be reached, or failed, up to the deadline. */
  'upstream-failed': 'UpstreamFailed',
  /** Without an outbox: Beyond Identity rejects calls whoever they are for. */
  misconfigured: 'Misconfigured',
  /** Without an outbox: too little time was left for a call. */
  'deadline-exceeded': 'DeadlineExceeded',
  /** The CAPTCHA did not pass; nothing was forwarded. */
  'captcha-failed': 'CaptchaFailed',
  /** The CAPTCHA's provider could not be asked, so that the request was rejected. */
  'captcha-unavailable': 'CaptchaUnavailable',
  /** The request was rejected with another 4xx; nothing was read or forwarded. */
  refused: 'Refused',
  /** An unexpected error: the caller got a 500. */
  failed: 'Failed',
} as const;

/** What a request came to, as it is counted. */
export type RequestOutcome = keyof typeof OUTCOME_METRICS;

/** Why a request was not forwarded, by the endpoint or by a delivery from the outbox, as a count each. */
export const CAUSE_METRICS = {
  /** Beyond Identity could not be reached, or failed, up to the deadline. */
  'upstream-failed': 'CauseUpstreamFailed',
  /** Beyond Identity rejects calls whoever they are for: somebody must correct the settings. */
  misconfigured: 'CauseMisconfigured',
  /** Beyond Identity refuses the API token, the freshly read one included: somebody must store a valid one. */
  'token-refused': 'CauseTokenRefused',
  /** No usable secret could be read from Secrets Manager. */
  'token-unavailable': 'CauseTokenUnavailable',
  /** Too little time was left for a call. */
  'deadline-exceeded': 'CauseDeadlineExceeded',
} as const;

/** Why a request was not forwarded, as it is counted. */
export type ForwardCause = keyof typeof CAUSE_METRICS;

/** How often a request went on although its CAPTCHA could not be verified. */
export const CAPTCHA_SKIPPED_METRIC = 'CaptchaSkipped';

/** How often a request was rejected as forbidden although the API token is accepted for others. */
export const FORBIDDEN_USER_METRIC = 'ForbiddenUser';

/** Time from sending a call to Beyond Identity to the end of its answer, in milliseconds. */
export const UPSTREAM_LATENCY_METRIC = 'UpstreamLatency';

/** How often the instance's own rate limiter decided, because the shared one was too slow or down. */
export const RATE_LIMITER_FALLBACK_METRIC = 'RateLimiterFallback';

/** How often an audit event could not be written to its log group; it stands in the function's log instead. */
export const AUDIT_FAILED_METRIC = 'AuditFailed';

/** What one delivery from the outbox came to, as a count each. */
export const DELIVERY_METRICS = {
  /** Beyond Identity took the request. */
  delivered: 'Delivered',
  /** Beyond Identity rejected this user: nothing is tried again. */
  'not-recoverable': 'DeliveryNotRecoverable',
  /** It failed for now: the request waits in the outbox for its next delivery. */
  postponed: 'DeliveryPostponed',
  /** The request was too old: a recovery email hours later alarms the user instead of helping. */
  dropped: 'DeliveryDropped',
  /** It had been delivered already: SQS delivers at least once. */
  duplicate: 'DeliveryDuplicate',
  /** The message cannot be read: it goes to the dead-letter queue. */
  malformed: 'DeliveryMalformed',
  /** An unexpected error: the message stays on the queue. */
  failed: 'DeliveryFailed',
} as const;

/** What one delivery came to, as it is counted. */
export type DeliveryOutcome = keyof typeof DELIVERY_METRICS;
