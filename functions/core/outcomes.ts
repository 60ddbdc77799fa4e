/** Why a request was not forwarded; each may be over by the time of a later try. */
export type ForwardFailure =
  /** No response in time, or one that says that it is Beyond Identity's fault. */
  | 'upstream-failed'
  /** Beyond Identity rejects the call for every user: our configuration is wrong. */
  | 'misconfigured'
  /** Beyond Identity refuses the API token, the freshly read one included. */
  | 'token-refused'
  /** No usable secret could be read within the deadline. */
  | 'token-unavailable'
  /** The directory gave no usable response: who the user is, is not known. */
  | 'directory-unavailable'
  /** Too little time was left for a call. */
  | 'deadline-exceeded';

/** What forwarding came to: done, or not, and then why. */
export type ForwardOutcome =
  /** Beyond Identity accepted the request: it emails the link. */
  | 'forwarded'
  /** Beyond Identity rejected this user: unknown, suspended. */
  | 'not-recoverable'
  | ForwardFailure;

/** What the use case came to. */
export type RecoveryOutcome =
  | ForwardOutcome
  /** The user may have no more attempt for now; nothing was forwarded. */
  | 'rate-limited'
  /** The request waits in the outbox. */
  | 'queued'
  /** The request was not forwarded, and the outbox did not take it. */
  | 'outbox-failed'
  /** The CAPTCHA is missing or was not passed. */
  | 'captcha-failed'
  /** The CAPTCHA cannot be verified, and the request was rejected for that. */
  | 'captcha-unavailable';

/** What a request came to, as it is counted: exactly one for each. */
export type RequestOutcome =
  | RecoveryOutcome
  /** The request is malformed: another 4xx. */
  | 'refused'
  /** An unexpected error. */
  | 'failed';

/** What one delivery from the outbox came to, as it is counted. */
export type DeliveryOutcome =
  /** Beyond Identity took the request. */
  | 'delivered'
  /** Beyond Identity rejected this user: nothing is tried again. */
  | 'not-recoverable'
  /** It failed for now: the request waits in the outbox for its next delivery. */
  | 'postponed'
  /** The request was too old: a recovery email hours later alarms the user instead of helping. */
  | 'dropped'
  /** It had been delivered already: SQS delivers at least once. */
  | 'duplicate'
  /** The message cannot be read: it goes to the dead-letter queue. */
  | 'malformed'
  /** An unexpected error: the message stays on the queue. */
  | 'failed';
