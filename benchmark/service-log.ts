import * as z from 'zod/mini';

const eventLine = z.object({
  event: z.object({ detail: z.object({ requestId: z.string(), outcome: z.string() }) }),
});

/** Reads a function's standard output: the outcome of each request by its id, and the count of each metric by its name. */
export function readServiceLog(log: string) {
  const outcomes = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const text of log.split('\n').filter(Boolean)) {
    const entry: Record<string, unknown> = JSON.parse(text);
    const { data } = eventLine.safeParse(entry);
    if (data) outcomes.set(data.event.detail.requestId, data.event.detail.outcome);
    if (!('_aws' in entry)) continue;
    for (const [name, value] of Object.entries(entry)) {
      counts.set(name, (counts.get(name) ?? 0) + [value].flat().length);
    }
  }
  return { outcomes, counts };
}
