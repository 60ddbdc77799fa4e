import * as z from 'zod/mini';
import { RATE_LIMITER_FALLBACK_METRIC } from '../functions/runtime/metric-names.ts';

/** What the function says in its log. */
export interface ServiceRecord {
  /** What each request came to, by its id. */
  readonly outcomes: ReadonlyMap<string, string>;
  /** How often the function's own rate limiter decided, because DynamoDB's stand-in was too slow. */
  readonly rateLimiterFallbacks: number;
}

const auditLine = z.object({ audit: z.object({ requestId: z.string(), outcome: z.string() }) });
const fallbackLine = z.object({ [RATE_LIMITER_FALLBACK_METRIC]: z.unknown() });

/** Reads the function's log: audit events, and the metric of the rate limiter. */
export function readServiceLog(log: string): ServiceRecord {
  const outcomes = new Map<string, string>();
  let rateLimiterFallbacks = 0;
  for (const text of log.split('\n').filter((row) => row.startsWith('{'))) {
    const entry: unknown = JSON.parse(text);
    const line = auditLine.safeParse(entry);
    if (line.success) outcomes.set(line.data.audit.requestId, line.data.audit.outcome);
    const fallback = fallbackLine.safeParse(entry);
    if (fallback.success && fallback.data[RATE_LIMITER_FALLBACK_METRIC] !== undefined) {
      rateLimiterFallbacks += [fallback.data[RATE_LIMITER_FALLBACK_METRIC]].flat().length;
    }
  }
  return { outcomes, rateLimiterFallbacks };
}
