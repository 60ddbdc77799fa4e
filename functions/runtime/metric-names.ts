import type { DeliveryOutcome, ForwardFailure, RequestOutcome } from '../core/outcomes.ts';

export type { RequestOutcome } from '../core/outcomes.ts';

/** CloudWatch namespace of every metric of this service. */
export const METRICS_NAMESPACE = 'UserRecovery';

/** The value of every metric's `service` dimension. */
export const SERVICE = 'recover-user';

/** The metric of each outcome; exactly one is counted for every request that reaches the function. */
export const OUTCOME_METRICS = {
  forwarded: 'Forwarded',
  'not-recoverable': 'NotRecoverable',
  'rate-limited': 'RateLimited',
  queued: 'Queued',
  'outbox-failed': 'OutboxFailed',
  'captcha-failed': 'CaptchaFailed',
  'captcha-unavailable': 'CaptchaUnavailable',
  refused: 'Refused',
  failed: 'Failed',
  // only the last one with an outbox: then no pseudonymization key could be read
  'upstream-failed': 'UpstreamFailed',
  misconfigured: 'Misconfigured',
  'token-refused': 'TokenRefused',
  'deadline-exceeded': 'DeadlineExceeded',
  'directory-unavailable': 'DirectoryUnavailable',
  'token-unavailable': 'TokenUnavailable',
} as const satisfies Record<RequestOutcome, string>;

/** The metric of each cause, counted where the endpoint or a delivery from the outbox did not forward a request. */
export const CAUSE_METRICS = {
  'upstream-failed': 'CauseUpstreamFailed',
  misconfigured: 'CauseMisconfigured',
  'token-refused': 'CauseTokenRefused',
  'token-unavailable': 'CauseTokenUnavailable',
  'directory-unavailable': 'CauseDirectoryUnavailable',
  'deadline-exceeded': 'CauseDeadlineExceeded',
} as const satisfies Record<ForwardFailure, string>;

/** The metric of each outcome of a delivery from the outbox. */
export const DELIVERY_METRICS = {
  delivered: 'Delivered',
  'not-recoverable': 'DeliveryNotRecoverable',
  postponed: 'DeliveryPostponed',
  dropped: 'DeliveryDropped',
  duplicate: 'DeliveryDuplicate',
  malformed: 'DeliveryMalformed',
  failed: 'DeliveryFailed',
} as const satisfies Record<DeliveryOutcome, string>;

/** How often a request went on although its CAPTCHA could not be verified. */
export const CAPTCHA_SKIPPED_METRIC = 'CaptchaSkipped';

/** How often a request was rejected as forbidden although the API token is accepted for others. */
export const FORBIDDEN_USER_METRIC = 'ForbiddenUser';

/** Time from sending a call to Beyond Identity to the end of its response, in milliseconds. */
export const UPSTREAM_LATENCY_METRIC = 'UpstreamLatency';

/**
 * How often the shared rate limiter was too slow or down, so that the instance's own decided, an attempt could not be
 * released, or a delivery could not be recorded.
 */
export const RATE_LIMITER_FALLBACK_METRIC = 'RateLimiterFallback';

/** How often an event could not be published on the event bus; it is in the function's log instead. */
export const EVENT_FAILED_METRIC = 'EventFailed';

/** Whether a self-test found a problem: 0 or 1. */
export const SELF_TEST_FAILED_METRIC = 'SelfTestFailed';

/** Days until the API token expires, as each self-test finds it, where the token says so and is not renewed by itself. */
export const TOKEN_DAYS_LEFT_METRIC = 'TokenDaysLeft';

/**
 * How often a version of a function failed, with the number of the version as the dimension `version`: the endpoint with an
 * error response (5xx), a delivery unexpectedly, or with a message that it cannot read. Releases go by it.
 */
export const VERSION_FAILURE_METRICS = {
  endpoint: 'VersionErrorResponses',
  delivery: 'VersionDeliveryFailures',
} as const;

/** The outcomes of requests whose caller gets an error response of ours (5xx). */
export const ERROR_RESPONSE_OUTCOMES: ReadonlySet<RequestOutcome> = new Set<RequestOutcome>([
  'outbox-failed',
  'captcha-unavailable',
  'failed',
  'upstream-failed',
  'misconfigured',
  'token-refused',
  'deadline-exceeded',
  'directory-unavailable',
  'token-unavailable',
]);

/** The outcomes of deliveries that are this function's own fault, and not Beyond Identity's. */
export const DELIVERY_FAILURE_OUTCOMES: ReadonlySet<DeliveryOutcome> = new Set<DeliveryOutcome>([
  'failed',
  'malformed',
]);
