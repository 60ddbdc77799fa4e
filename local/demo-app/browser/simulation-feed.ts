import * as z from 'zod/mini';
import { FEED_PATH } from '../../paths.ts';
import './without-compilation.ts';

const stepSchema = z.object({
  name: z.string(),
  state: z.enum(['waiting', 'under-way', 'done', 'ended', 'problem']),
  occurrences: z.array(z.object({ at: z.string(), detail: z.string() })),
});
const stateSchema = z.object({
  platform: z.enum(['v0', 'v1']),
  steps: z.array(stepSchema),
  run: z.number(),
  fault: z.nullable(z.object({ kind: z.string() })),
  mails: z.number(),
});

/** A step of the flow in the feed. */
export type FeedStep = z.infer<typeof stepSchema>;

/** The state that the feed sends. */
export type FeedState = z.infer<typeof stateSchema>;

/** Callbacks of the feed. */
export interface FeedListener {
  onState(state: FeedState): void;
  /** The connection was lost; the browser reconnects. */
  onLost(): void;
  /** The server rejected the feed, or sent an invalid state: no more updates while the page is visible. */
  onEnded(): void;
}

/** Follows the feed while the page is visible: background pages would use up the browser's six connections per origin. */
export function followFeed({ onState, onLost, onEnded }: FeedListener): void {
  let feed: EventSource | undefined;

  function follow(): void {
    feed?.close();
    feed = undefined;
    if (document.hidden) return;
    const followed = new EventSource(FEED_PATH);
    feed = followed;
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
