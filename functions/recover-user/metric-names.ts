/** CloudWatch namespace of every metric of this service. */
export const METRICS_NAMESPACE = 'UserRecovery';

/** The value of every metric's `service` dimension. */
export const SERVICE = 'recover-user';

/** What one request came to, as a count each; exactly one of them is counted for every request that reaches the function. */
export const OUTCOME_METRICS = {
  /** Beyond Identity took the request: it mails the link. */
  forwarded: 'Forwarded',
  /** Beyond Identity refused this user (unknown, suspended, ...); the caller cannot tell. */
  'not-recoverable': 'NotRecoverable',
  /** The attempt ledger refused: this mailbox has had its share; nothing was forwarded, and the caller cannot tell. */
  throttled: 'Throttled',
  /** The request waits in the outbox: it is delivered from there. */
  queued: 'Queued',
  /** The outbox did not take the request, which could not be forwarded either: the caller was asked to try again. */
  'outbox-failed': 'OutboxFailed',
  /** Beyond Identity refused the API token, the freshly fetched one included: somebody must store a valid one. */
  'token-refused': 'TokenRefused',
  /** No usable API token could be read from Secrets Manager. */
  'token-unavailable': 'TokenUnavailable',
  /** Beyond Identity could not be reached, or answered with a fault, up to the deadline. */
  'upstream-failed': 'UpstreamFailed',
  /** The human check did not pass; nothing was forwarded. */
  'human-check-failed': 'HumanCheckFailed',
  /** The human check's provider could not be asked: the request was refused, or, where the setting says so, went on. */
  'human-check-unavailable': 'HumanCheckUnavailable',
  /** The request was refused with another 4xx; nothing was fetched or forwarded. */
  refused: 'Refused',
  /** A fault of ours: the caller got a 500. */
  failed: 'Failed',
} as const;

/** What a request came to, as it is counted. */
export type RequestOutcome = keyof typeof OUTCOME_METRICS;

/** Time from sending a call to Beyond Identity to the end of its answer, in milliseconds. */
export const UPSTREAM_LATENCY_METRIC = 'UpstreamLatency';

/** How often the instance's own ledger decided, because the shared one was too slow or down. */
export const LEDGER_FALLBACK_METRIC = 'LedgerFallback';

/** How often an audit event could not be written to its log group; it stands in the function's log instead. */
export const AUDIT_FAILED_METRIC = 'AuditFailed';

/** What one delivery from the outbox came to, as a count each. */
export const DELIVERY_METRICS = {
  /** Beyond Identity took the request. */
  delivered: 'Delivered',
  /** Beyond Identity refused this user: nothing is tried again. */
  'not-recoverable': 'DeliveryNotRecoverable',
  /** It failed for now: the message waits in the outbox. */
  postponed: 'DeliveryPostponed',
  /** The request was too old: a recovery mail so late would be a scare and no help. */
  dropped: 'DeliveryDropped',
  /** It had been delivered already: SQS delivers at least once. */
  duplicate: 'DeliveryDuplicate',
  /** The message is none of ours: it goes to the dead-letter queue. */
  malformed: 'DeliveryMalformed',
} as const;

/** What one delivery came to, as it is counted. */
export type DeliveryOutcome = keyof typeof DELIVERY_METRICS;
