import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DeliveryOutcome, ForwardFailure, RequestOutcome } from '../core/outcomes.ts';
import type { SelfTestReport } from '../core/self-test.ts';
import {
  CAPTCHA_SKIPPED_METRIC,
  CAUSE_METRICS,
  DELIVERY_FAILURE_OUTCOMES,
  DELIVERY_METRICS,
  ERROR_RESPONSE_OUTCOMES,
  EVENT_FAILED_METRIC,
  FORBIDDEN_USER_METRIC,
  METRICS_NAMESPACE,
  OUTCOME_METRICS,
  RATE_LIMITER_FALLBACK_METRIC,
  SELF_TEST_FAILED_METRIC,
  SERVICE,
  TOKEN_DAYS_LEFT_METRIC,
  UPSTREAM_LATENCY_METRIC,
  VERSION_FAILURE_METRICS,
} from './metric-names.ts';
import { originalPositions } from './original-positions.ts';

/** An event as the log has it: the parts of its entry on the event bus that differ from one event to another. */
export interface PublishedEvent {
  'detail-type': string;
  detail: Readonly<Record<string, unknown>>;
}

/**
 * Logs and metrics as lines of JSON (CloudWatch's embedded metric format). Nothing that reaches a method here may hold
 * the API token, an address or a request's body (ASVS 16.2.5); values are JSON-encoded, so none can forge a line
 * (ASVS 16.4.1).
 */
export interface Telemetry {
  /** One call of an operation of Beyond Identity's ended, with this status, or without a response. */
  called(latencyMs: number, result: { operation: string } & ({ status: number } | { fault: string })): void;
  /** No access token can be had for the client credentials. */
  accessTokenUnavailable(reason: string): void;
  /** An access token could not be renewed; the older one is still valid. */
  accessTokenRenewalFailed(reason: string): void;
  /** The directory gave no usable response. */
  directoryUnavailable(reason: string): void;
  /** A success came with a body that is not a user: is the base URL really Beyond Identity's? */
  unrecognizedSuccess(): void;
  /** Beyond Identity forbade one user's request although it accepts the API token for others. */
  forbiddenForOneUser(): void;
  /**
   * Writes the line of a request that ends: its outcome as a metric, and why it was not forwarded as another, with the id
   * under which the gateway's access log has the client IP, the status and the time, and the event the mailbox.
   */
  request(requestId: string, outcome: RequestOutcome, cause?: ForwardFailure): void;
  /** The secret cannot be read from Secrets Manager, and there is no older one. */
  secretUnreadable(reason: string): void;
  /** The secret cannot be read again; the older one serves. */
  secretRefreshFailed(reason: string): void;
  /** The instance's own rate limiter decided, because the shared one failed with this error. */
  rateLimiterFellBack(reason: string): void;
  /** An attempt that came to nothing counts nevertheless, because the shared rate limiter failed with this error. */
  releaseFailed(reason: string): void;
  /**
   * A CAPTCHA came to no verdict, or to one that may be our configuration's fault; strangers can bring the latter about.
   */
  captchaUnavailable(reason: string): void;
  /** A request goes on although its CAPTCHA could not be verified. */
  captchaSkipped(): void;
  /** The outbox did not take a request. */
  outboxFailed(reason: string): void;
  /** A postponed request could not be sent back to the outbox: it waits for the visibility timeout of its message. */
  postponeFailed(reason: string): void;
  /** Writes the line of one delivery from the outbox, and why it was postponed. */
  delivery(
    outcome: DeliveryOutcome,
    about?: { attemptId: string; mailbox: string },
    cause?: ForwardFailure,
  ): void;
  /** The record of deliveries cannot be used; the delivery goes on without it. */
  recordFailed(reason: string): void;
  /** A self-test ended. */
  selfTest(report: SelfTestReport): void;
  /** An event, where there is no event bus. */
  event(event: PublishedEvent): void;
  /** An event could not be published on the event bus. */
  eventFailed(event: PublishedEvent, reason: string): void;
  /** Something failed that should not have. Its message is left out: it may quote what the caller sent. */
  unexpected(error: unknown): void;
}

/**
 * Telemetry on standard output; every metric has the dimensions `service` and `stage`. With the version of the function,
 * what a release goes by is counted by version, too.
 */
export function createTelemetry(stage: string, version?: string): Telemetry {
  const logger = new Logger({ serviceName: SERVICE });
  const metrics = new Metrics({
    namespace: METRICS_NAMESPACE,
    serviceName: SERVICE,
    defaultDimensions: { stage },
  });

  /** As a line of its own, because no other metric has this dimension. */
  function countForVersion(metric: string): void {
    if (version === undefined) return;
    const single = metrics.singleMetric();
    single.addDimension('version', version);
    single.addMetric(metric, MetricUnit.Count, 1);
  }

  return {
    request(requestId, outcome, cause) {
      metrics.addMetadata('requestId', requestId);
      metrics.addMetric(OUTCOME_METRICS[outcome], MetricUnit.Count, 1);
      if (cause) metrics.addMetric(CAUSE_METRICS[cause], MetricUnit.Count, 1);
      metrics.publishStoredMetrics();
      if (ERROR_RESPONSE_OUTCOMES.has(outcome)) countForVersion(VERSION_FAILURE_METRICS.endpoint);
    },
    called(latencyMs, result) {
      metrics.addMetric(UPSTREAM_LATENCY_METRIC, MetricUnit.Milliseconds, latencyMs);
      if (!('status' in result) || result.status >= 300) logger.warn('Beyond Identity', result);
    },
    accessTokenUnavailable(reason) {
      logger.error('no access token for the client credentials', { reason });
    },
    accessTokenRenewalFailed(reason) {
      logger.warn('access token renewal failed, using the one that is still valid', { reason });
    },
    directoryUnavailable(reason) {
      logger.error('directory unavailable', { reason });
    },
    unrecognizedSuccess() {
      logger.warn('Beyond Identity: 2xx response without a user; check BEYOND_IDENTITY_API_URL');
    },
    forbiddenForOneUser() {
      metrics.addMetric(FORBIDDEN_USER_METRIC, MetricUnit.Count, 1);
      logger.warn('Beyond Identity: 403 for one user, although it accepts the API token for others');
    },
    secretUnreadable(reason) {
      logger.error('secret not readable', { reason });
    },
    secretRefreshFailed(reason) {
      logger.warn('secret refresh failed, using the cached value', { reason });
    },
    rateLimiterFellBack(reason) {
      metrics.addMetric(RATE_LIMITER_FALLBACK_METRIC, MetricUnit.Count, 1);
      logger.warn('shared rate limiter unavailable, using in-memory fallback', { reason });
    },
    releaseFailed(reason) {
      metrics.addMetric(RATE_LIMITER_FALLBACK_METRIC, MetricUnit.Count, 1);
      logger.warn('failed to release an attempt that came to nothing', { reason });
    },
    captchaUnavailable(reason) {
      logger.error('CAPTCHA verification unavailable', { reason });
    },
    captchaSkipped() {
      metrics.addMetric(CAPTCHA_SKIPPED_METRIC, MetricUnit.Count, 1);
    },
    outboxFailed(reason) {
      logger.error('failed to enqueue request to the outbox', { reason });
    },
    postponeFailed(reason) {
      logger.warn('failed to send a postponed request back to the outbox', { reason });
    },
    delivery(outcome, about, cause) {
      if (about) {
        metrics.addMetadata('attemptId', about.attemptId);
        metrics.addMetadata('mailbox', about.mailbox);
      }
      metrics.addMetric(DELIVERY_METRICS[outcome], MetricUnit.Count, 1);
      if (cause) metrics.addMetric(CAUSE_METRICS[cause], MetricUnit.Count, 1);
      metrics.publishStoredMetrics();
      if (DELIVERY_FAILURE_OUTCOMES.has(outcome)) countForVersion(VERSION_FAILURE_METRICS.delivery);
    },
    recordFailed(reason) {
      metrics.addMetric(RATE_LIMITER_FALLBACK_METRIC, MetricUnit.Count, 1);
      logger.warn('delivery record unavailable', { reason });
    },
    selfTest({ status, checks, tokenDaysLeft }) {
      metrics.addMetric(SELF_TEST_FAILED_METRIC, MetricUnit.Count, status === 'ok' ? 0 : 1);
      if (tokenDaysLeft !== undefined) {
        metrics.addMetric(TOKEN_DAYS_LEFT_METRIC, MetricUnit.NoUnit, tokenDaysLeft);
      }
      metrics.publishStoredMetrics();
      const problems = checks.filter((check) => check.status === 'problem');
      if (problems.length > 0) logger.error('self-test found problems', { problems });
    },
    event(event) {
      // the logger would take as long as all the rest of a request
      process.stdout.write(`${JSON.stringify({ event })}\n`);
    },
    eventFailed(event, reason) {
      metrics.addMetric(EVENT_FAILED_METRIC, MetricUnit.Count, 1);
      logger.error('event not published', { event, reason });
      // the line of the request has been written already
      metrics.publishStoredMetrics();
    },
    unexpected(error) {
      logger.error('unexpected error', describe(error));
    },
  };
}

/** An error's class and where it was thrown, by the TypeScript files. */
function describe(error: unknown): { error: string; stack?: string[] } {
  if (!(error instanceof Error)) return { error: typeof error };
  const stack = error.stack && originalPositions(error.stack);
  const frames = stack?.split('\n').filter((line) => /^ {4}at /.test(line));
  return { error: error.name, ...(frames && { stack: frames.map((line) => line.trim()) }) };
}
