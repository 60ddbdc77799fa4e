import type { Random } from './random.ts';
import { percentile } from './statistics.ts';

// taken once: called hundreds of millions of times, and slow to look up in the sandbox that a test runs in
const { floor } = Math;

/** Between which values a figure lies with some confidence. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** How a bootstrap is run. */
export interface Bootstrap {
  /** How many samples are drawn anew. */
  readonly resamples: number;
  /** How often such an interval is to hold the true value, in per cent. */
  readonly confidence: number;
  readonly random: Random;
}

/**
 * The area under the ROC curve of telling `slow` from `fast` by their values: the chance that a value of `slow` is
 * larger than one of `fast`, a tie counting half. 0.5: they cannot be told apart; 1 or 0: always. `NaN` of nothing.
 */
export function areaUnderCurve(slow: readonly number[], fast: readonly number[]): number {
  const { slowPlaces, fastPlaces, placeCount } = placed(slow, fast);
  return areaOfCounts(counted(slowPlaces, placeCount), counted(fastPlaces, placeCount));
}

/** The percentile interval of the bootstrap: both samples are drawn anew, each from itself. */
export function areaInterval(
  slow: readonly number[],
  fast: readonly number[],
  { resamples, confidence, random }: Bootstrap,
): Interval {
  const { slowPlaces, fastPlaces, placeCount } = placed(slow, fast);
  const slowCounts = new Uint32Array(placeCount);
  const fastCounts = new Uint32Array(placeCount);
  const areas = Array.from({ length: resamples }, () => {
    drawAnew(slowPlaces, slowCounts, random);
    drawAnew(fastPlaces, fastCounts, random);
    return areaOfCounts(slowCounts, fastCounts);
  });
  const outside = (100 - confidence) / 2;
  return { from: percentile(areas, outside), to: percentile(areas, 100 - outside) };
}

/**
 * The standard deviation of the area between two samples of the same distribution, `size` values each: Mann and Whitney's
 * `sqrt((2 n + 1) / (12 n^2))`, nearly `sqrt(1 / (6 n))`.
 */
export function standardDeviationOfArea(size: number): number {
  return Math.sqrt((2 * size + 1) / (12 * size * size));
}

/** Values by their place in the order of all of them, equal ones in the same: sorted once, not for every resample. */
function placed(slow: readonly number[], fast: readonly number[]) {
  const order = [...new Set([...slow, ...fast])].sort((a, b) => a - b);
  const places = new Map(order.map((value, place) => [value, place]));
  const placeOf = (value: number) => places.get(value) ?? 0;
  return { slowPlaces: slow.map(placeOf), fastPlaces: fast.map(placeOf), placeCount: order.length };
}

/** Counts as many places as there are, each drawn by chance from all. */
function drawAnew(places: readonly number[], counts: Uint32Array, random: Random): void {
  counts.fill(0);
  for (let draws = places.length; draws > 0; draws--) {
    const place = places[floor(random() * places.length)] ?? 0;
    counts[place] = (counts[place] ?? 0) + 1;
  }
}

function counted(places: readonly number[], placeCount: number): Uint32Array {
  const counts = new Uint32Array(placeCount);
  for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
  return counts;
}

function areaOfCounts(slow: Uint32Array, fast: Uint32Array): number {
  let pairsWon = 0;
  let fastBelow = 0;
  let slowSoFar = 0;
  // no iterator: this is where a report's time goes
  for (let place = 0; place < fast.length; place++) {
    const slowHere = slow[place] ?? 0;
    const fastHere = fast[place] ?? 0;
    pairsWon += slowHere * (fastBelow + fastHere / 2);
    fastBelow += fastHere;
    slowSoFar += slowHere;
  }
  return pairsWon / (slowSoFar * fastBelow);
}
