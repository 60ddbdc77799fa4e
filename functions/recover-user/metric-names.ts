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
  /** Beyond Identity refused the API token, the freshly fetched one included: somebody must store a valid one. */
  'token-refused': 'TokenRefused',
  /** No usable API token could be read from Secrets Manager. */
  'token-unavailable': 'TokenUnavailable',
  /** Beyond Identity could not be reached, or answered with a fault, up to the deadline. */
  'upstream-failed': 'UpstreamFailed',
  /** The request was refused with a 4xx; nothing was fetched or forwarded. */
  refused: 'Refused',
  /** A fault of ours: the caller got a 500. */
  failed: 'Failed',
} as const;

/** What a request came to, as it is counted. */
export type RequestOutcome = keyof typeof OUTCOME_METRICS;

/** Time from sending a call to Beyond Identity to the end of its answer, in milliseconds. */
export const UPSTREAM_LATENCY_METRIC = 'UpstreamLatency';
