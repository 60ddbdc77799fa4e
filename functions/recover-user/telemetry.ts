import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { CallObserver } from './beyond-identity.ts';
import {
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
   * Writes the one line of a request that ends: its outcome as a metric, with the id under which the gateway's access
   * log tells the source, the status and the time.
   */
  request(requestId: string, outcome: RequestOutcome): void;
  /** The API token could not be read from Secrets Manager. */
  tokenUnreadable(reason: string): void;
  /** Something failed that should not have. Its message is left out: it may quote what the caller sent. */
  unexpected(error: unknown): void;
}

export function createTelemetry(): Telemetry {
  const logger = new Logger({ serviceName: SERVICE });
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: SERVICE });

  return {
    request(requestId, outcome) {
      metrics.addMetadata('requestId', requestId);
      metrics.addMetric(OUTCOME_METRICS[outcome], MetricUnit.Count, 1);
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
      logger.error('API token not readable', { reason });
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
