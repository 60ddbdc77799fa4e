import { mean, sampleVariance } from 'simple-statistics';

/** The 97.5th percentile of the standard normal distribution. */
const NORMAL_QUANTILE = 1.959964;

/**
 * The area under the ROC curve that separates `slow` from `fast`: the probability that a value of `slow` exceeds one of
 * `fast`, ties counting half; with its 95 % confidence interval by DeLong, from the variance of the placements.
 */
export function areaUnderCurve(slow: readonly number[], fast: readonly number[]) {
  const slowPlacements = placements(slow, fast);
  const fastPlacements = placements(fast, slow);
  const area = mean(slowPlacements);
  const variance =
    sampleVariance(slowPlacements) / slow.length + sampleVariance(fastPlacements) / fast.length;
  const margin = NORMAL_QUANTILE * Math.sqrt(variance);
  return { area, interval: { from: Math.max(0, area - margin), to: Math.min(1, area + margin) } };
}

/** For each value, the share of the other sample's values that it exceeds, ties counting half. */
function placements(values: readonly number[], others: readonly number[]): number[] {
  const pooledRank = midRanks([...values, ...others]);
  const ownRank = midRanks(values);
  return values.map((value) => (pooledRank(value) - ownRank(value)) / others.length);
}

/** The rank of each value in ascending order, from 1; tied values share the mean of their ranks. */
function midRanks(values: readonly number[]): (value: number) => number {
  const ranks = new Map<number, number>();
  let below = 0;
  const ascending = values.toSorted((a, b) => a - b);
  for (const [value, ties] of Map.groupBy(ascending, (one) => one)) {
    ranks.set(value, below + (ties.length + 1) / 2);
    below += ties.length;
  }
  return (value) => ranks.get(value) ?? Number.NaN;
}
