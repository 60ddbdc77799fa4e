import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { AuditEvent } from './audit-log.ts';
import type { CallObserver } from './beyond-identity.ts';
import {
  AUDIT_FAILED_METRIC,
  DELIVERY_METRICS,
  type DeliveryOutcome,
  LEDGER_FALLBACK_METRIC,
  METRICS_NAMESPACE,
  OUTCOME_METRICS,
  type RequestOutcome,
  SERVICE,
  UPSTREAM_LATENCY_METRIC,
} from './metric-names.ts';

/**
 * Logs and metrics as lines of JSON (CloudWatch's embedded metric format). Nothing that reaches a method here may hold
 * the API token, an address or a request's body (ASVS 16.2.5); values are JSON-encoded, so none can forge a line
 * (ASVS 16.4.1).
 */
export interface Telemetry extends CallObserver {
  /**
   * Writes the line of a request that ends: its outcome as a metric, and what made it wait in the outbox as another, with the id under which the gateway's access log tells
   * the source, the status and the time, and the audit log the mailbox.
   */
  request(requestId: string, outcome: RequestOutcome, cause?: RequestOutcome): void;
  /** The API token could not be read from Secrets Manager. */
  tokenUnreadable(reason: string): void;
  /** The instance's own attempt ledger decided, because the shared one failed with this error. */
  ledgerFellBack(reason: string): void;
  /**
   * A human check came to no verdict, or to one that may be our configuration's fault; strangers can bring the latter about.
   */
  humanCheckUnavailable(reason: string): void;
  /** A request goes on although its human check could not be made. */
  wentUnchecked(): void;
  /** The outbox did not take a request. */
  outboxFailed(reason: string): void;
  /** A message that stays in the outbox could not be given a pause of its own. */
  postponeFailed(reason: string): void;
  /** Writes the line of one delivery from the outbox, and why it was postponed. */
  delivery(
    outcome: DeliveryOutcome,
    about?: { attemptId: string; mailbox: string },
    cause?: RequestOutcome,
  ): void;
  /** The record of deliveries cannot be used; the delivery goes on without it. */
  recordFailed(reason: string): void;
  /** An audit event, where it has no log group of its own. */
  audit(event: AuditEvent): void;
  /** An audit event could not be written to its log group. */
  auditFailed(event: AuditEvent, reason: string): void;
  /** Something failed that should not have. Its message is left out: it may quote what the caller sent. */
  unexpected(error: unknown): void;
}

export function createTelemetry(): Telemetry {
  const logger = new Logger({ serviceName: SERVICE });
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: SERVICE });

  return {
    request(requestId, outcome, cause) {
      metrics.addMetadata('requestId', requestId);
      metrics.addMetric(OUTCOME_METRICS[outcome], MetricUnit.Count, 1);
      if (cause) metrics.addMetric(OUTCOME_METRICS[cause], MetricUnit.Count, 1);
      metrics.publishStoredMetrics();
    },
    called(latencyMs, result) {
      metrics.addMetric(UPSTREAM_LATENCY_METRIC, MetricUnit.Milliseconds, latencyMs);
      if (!('status' in result) || result.status >= 300) logger.warn('Beyond Identity', result);
    },
    unrecognisedSuccess() {
      logger.warn('Beyond Identity: a success that is not about a user; check BEYOND_IDENTITY_API_URL');
    },
    tokenUnreadable(reason) {
      logger.error('secret not readable', { reason });
    },
    ledgerFellBack(reason) {
      metrics.addMetric(LEDGER_FALLBACK_METRIC, MetricUnit.Count, 1);
      logger.warn('attempt ledger not usable, the own one decides', { reason });
    },
    humanCheckUnavailable(reason) {
      logger.error('human check not usable', { reason });
    },
    wentUnchecked() {
      metrics.addMetric(OUTCOME_METRICS['human-check-unavailable'], MetricUnit.Count, 1);
    },
    outboxFailed(reason) {
      logger.error('the outbox did not take a request', { reason });
    },
    postponeFailed(reason) {
      logger.warn('a message waits for the visibility timeout of the queue', { reason });
    },
    delivery(outcome, about, cause) {
      if (about) {
        metrics.addMetadata('attemptId', about.attemptId);
        metrics.addMetadata('mailbox', about.mailbox);
      }
      metrics.addMetric(DELIVERY_METRICS[outcome], MetricUnit.Count, 1);
      if (cause) metrics.addMetric(OUTCOME_METRICS[cause], MetricUnit.Count, 1);
      metrics.publishStoredMetrics();
    },
    recordFailed(reason) {
      metrics.addMetric(LEDGER_FALLBACK_METRIC, MetricUnit.Count, 1);
      logger.warn('record of deliveries not usable', { reason });
    },
    audit(event) {
      // as it would stand in its log group; the logger would take as long as all the rest of a request
      process.stdout.write(`${JSON.stringify({ audit: event })}\n`);
    },
    auditFailed(event, reason) {
      metrics.addMetric(AUDIT_FAILED_METRIC, MetricUnit.Count, 1);
      logger.error('audit event not written', { ...event, reason });
      // the line of the request has been written already
      metrics.publishStoredMetrics();
    },
    unexpected(error) {
      logger.error('unexpected error', describe(error));
    },
  };
}

/** An error's class and where it was thrown. */
function describe(error: unknown): { error: string; stack?: string[] } {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = error.stack?.split('\n').filter((line) => /^ {4}at /.test(line));
  return { error: error.name, ...(frames && { stack: frames.map((line) => line.trim()) }) };
}
