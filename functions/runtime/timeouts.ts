/** Durations in milliseconds that no setting changes; tests choose shorter ones. */
export const TIMEOUTS = {
  secretTimeToLiveMs: 5 * 60_000,
  /** How long after a failed refresh of a secret the next one may start. */
  secretRefreshRetryMs: 10_000,
  /** How long reading a secret may take, both tries together: less than the ten seconds in which Lambda must start. */
  secretReadMs: 6_000,
  secretsManagerConnectMs: 1_000,
  secretsManagerRequestTimeoutMs: 2_000,
  /** How long a call to DynamoDB, SQS or EventBridge may take, where nothing shorter applies. */
  awsConnectMs: 500,
  awsRequestTimeoutMs: 1_000,
  /** How long the shared rate limiter may take before the instance's own decides: two tries, the first on a stale connection. */
  rateLimiterTimeoutMs: 250,
  /** The longest that verifying a CAPTCHA may take, where its share of the response time is longer. */
  captchaTimeoutMs: 1_500,
  /** How long an instance that found Beyond Identity failing leaves it alone. */
  probeAfterMs: 10_000,
  firstRetryPauseMs: 100,
  longestRetryPauseMs: 2_000,
  /** How long the function of a directory may take, where its share of the time is longer. */
  directoryFunctionMs: 2_500,
  /** How long having an access token issued may take, all tries together. */
  accessTokenMs: 4_000,
  /** How long after the authorization server rejected our client it is asked again. */
  accessTokenRetryMs: 10_000,
  /** The least time for a call to Beyond Identity: one that is cut short may send an email and be repeated. */
  shortestCallMs: 200,
  /** How long the work on a request may take where no response time is set. */
  workMs: 8_000,
  /**
   * How soon after the start of an instance its first invocation begins where a caller waited for that start: what Lambda's
   * runtime needs to fetch the event, at a third of a CPU.
   */
  firstInvocationMs: 100,
  /**
   * The least response time after a slow start, or the whole one where that is shorter: at the default shares it leaves
   * 675 ms to reach Beyond Identity, and 171 ms for SQS.
   */
  shortestFirstResponseMs: 1_000,
  /** How long publishing the event of a request may take where no response time is set. */
  eventMs: 200,
  /** How long an instance that starts may spend on its connections. */
  warmUpMs: 1_000,
  /** How long all checks of a self-test may take. */
  selfTestMs: 10_000,
  /** How long forwarding one request from the outbox may take. */
  deliveryMs: 5_000,
  /** How long reading or writing the record of one delivery may take. */
  deliveryRecordMs: 1_500,
  /** How long sending a postponed request back to the outbox may take. */
  postponeMs: 1_500,
  /** How long publishing the event of one delivery may take. */
  deliveryEventMs: 1_000,
  /** After which another instance may repeat a delivery that did not end. */
  deliveryLeaseMs: 15_000,
  outboxFirstPauseMs: 10_000,
  outboxLongestPauseMs: 300_000,
  /** How often a hook of a release tests it, and how long it waits before it tests again: permissions take seconds to apply. */
  releaseTries: 3,
  releasePauseMs: 10_000,
  /** How long one test of a release may take: a start of ten seconds, a self-test of as many, and some more. */
  releaseTestMs: 30_000,
  /** How long all tests of a hook may take, pauses included. */
  releaseMs: 110_000,
  /** How long one call that reports the result to CodeDeploy may take, and all of its repetitions. */
  releaseReportRequestMs: 5_000,
  releaseReportMs: 25_000,
  /** What middy leaves itself to respond before Lambda would end the function. */
  lambdaTimeoutMarginMs: 500,
};

export type Timeouts = typeof TIMEOUTS;
