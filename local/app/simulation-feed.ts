import * as z from 'zod/mini';
import './without-compilation.ts';

const stepSchema = z.object({
  name: z.string(),
  title: z.string(),
  state: z.enum(['waiting', 'under-way', 'done', 'problem']),
  occurrences: z.array(z.object({ at: z.string(), detail: z.string() })),
});
const stateSchema = z.object({
  steps: z.array(stepSchema),
  fault: z.nullable(z.object({ kind: z.string() })),
  mails: z.number(),
  accounts: z.array(z.object({ email: z.string(), status: z.enum(['active', 'suspended']) })),
});

/** A step of the flow, as the feed tells it. */
export type FeedStep = z.infer<typeof stepSchema>;

/** All that the feed tells. */
export type FeedState = z.infer<typeof stateSchema>;

/** Who is told what the feed tells. */
export interface FeedListener {
  onState(state: FeedState): void;
  /** The feed broke off, and is being looked for again. */
  onLost(): void;
}

/**
 * Follows the feed while the page can be seen: a browser grants an origin six connections, and pages in the background would
 * take them all.
 */
export function followFeed({ onState, onLost }: FeedListener): void {
  let source: EventSource | undefined;

  function follow(): void {
    source?.close();
    source = undefined;
    if (document.hidden) return;
    source = new EventSource('/simulation/steps');
    source.onmessage = ({ data }) => onState(stateSchema.parse(JSON.parse(String(data))));
    source.onerror = onLost;
  }

  document.addEventListener('visibilitychange', follow);
  follow();
}
