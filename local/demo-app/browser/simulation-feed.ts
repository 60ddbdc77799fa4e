import * as z from 'zod/mini';
import { FEED_PATH } from '../../paths.ts';
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
  /** The feed is refused, or told what this page does not understand: nothing more comes while the page is seen. */
  onEnded(): void;
}

/**
 * Follows the feed while the page can be seen: a browser grants an origin six connections, and pages in the background would
 * take them all.
 */
export function followFeed({ onState, onLost, onEnded }: FeedListener): void {
  let source: EventSource | undefined;

  function follow(): void {
    source?.close();
    source = undefined;
    if (document.hidden) return;
    const followed = new EventSource(FEED_PATH);
    source = followed;
    followed.onmessage = ({ data }) => {
      const state = stateIn(String(data));
      if (state !== undefined) return onState(state);
      followed.close();
      onEnded();
    };
    followed.onerror = () => (followed.readyState === EventSource.CLOSED ? onEnded() : onLost());
  }

  document.addEventListener('visibilitychange', follow);
  follow();
}

function stateIn(text: string): FeedState | undefined {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
