import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.ts';

/** How requests arrive. */
export interface Load {
  /** How many a second, on average. */
  readonly perSecond: number;
  /** How many may be under way; those that are due wait until there is room. */
  readonly mostAtOnce: number;
  readonly random: Random;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Does something with each item, in their order but without waiting for the one before: each at a moment of chance in a
 * slice of time of its own, so that neither answers nor other requests set the pace. Resolves with all results, in the
 * items' order; rejects as soon as one does.
 */
export async function spread<Item, Result>(
  items: readonly Item[],
  send: (item: Item) => Promise<Result>,
  { perSecond, mostAtOnce, random, signal }: Load,
): Promise<Result[]> {
  const sliceMs = 1000 / perSecond;
  const startedAt = performance.now();
  const results: Promise<Result>[] = [];
  const underWay = new Set<Promise<Result>>();
  let hasFailed = false;
  for (const [index, item] of items.entries()) {
    const waitMs = startedAt + (index + random()) * sliceMs - performance.now();
    await sleep(Math.max(0, waitMs), undefined, { signal });
    while (underWay.size >= mostAtOnce && !hasFailed) await Promise.race(underWay);
    if (hasFailed) break;
    const result = send(item);
    results.push(result);
    underWay.add(result);
    result.then(
      () => underWay.delete(result),
      () => {
        hasFailed = true;
      },
    );
  }
  return Promise.all(results);
}
