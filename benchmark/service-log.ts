import * as z from 'zod/mini';

const auditLine = z.object({ audit: z.object({ requestId: z.string(), outcome: z.string() }) });

/** Reads a function's standard output: the outcome of each request by its id, and the count of each metric by its name. */
export function readServiceLog(log: string) {
  const outcomes = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const text of log.split('\n').filter(Boolean)) {
    const entry: Record<string, unknown> = JSON.parse(text);
    const line = auditLine.safeParse(entry);
    if (line.success) outcomes.set(line.data.audit.requestId, line.data.audit.outcome);
    if (!('_aws' in entry)) continue;
    for (const [name, value] of Object.entries(entry)) {
      counts.set(name, (counts.get(name) ?? 0) + [value].flat().length);
    }
  }
  return { outcomes, counts };
}
