import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { CallObserver } from './beyond-identity.ts';
import { METRICS_NAMESPACE, OUTCOME_METRICS, type RequestOutcome, SERVICE, UPSTREAM_LATENCY_METRIC } from './metric-names.ts';

/** Where a request came from and what it came to; whatever is named here may stand in a log. */
export interface RequestRecord {
  requestId: string;
  sourceIp: string | undefined;
  status: number;
  outcome: RequestOutcome;
}

/**
 * Logs and metrics as lines of JSON (CloudWatch's embedded metric format). Nothing that reaches a method here may hold
 * the API token, an address or a request's body (ASVS 16.2.5); values are JSON-encoded, so none can forge a line
 * (ASVS 16.4.1).
 */
export interface Telemetry extends CallObserver {
  /** Counts and logs one request, and sends its metrics off; called once, at the end of every request. */
  request(record: RequestRecord): void;
  /** The API token could not be read from Secrets Manager. */
  tokenUnreadable(reason: string): void;
  /** Something failed that should not have. Its message is left out: it may quote what the caller sent. */
  unexpected(error: unknown): void;
}

export function createTelemetry(): Telemetry {
  const logger = new Logger({ serviceName: SERVICE });
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: SERVICE });

  return {
    request(record) {
      logger.info('request', { ...record });
      metrics.addMetric(OUTCOME_METRICS[record.outcome], MetricUnit.Count, 1);
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
