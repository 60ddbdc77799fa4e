/** The middle value; of an even number of values, the mean of the middle two. Throws when there is no value. */
export function median(values: readonly number[]): number {
  const half = values.length / 2;
  return (at(values, Math.ceil(half) - 1) + at(values, Math.floor(half))) / 2;
}

/**
 * The smallest value that at least `percent` of the values do not exceed (nearest rank): always one that was measured.
 * Throws when there is no value.
 */
export function percentile(values: readonly number[], percent: number): number {
  return at(values, Math.max(0, Math.ceil((values.length * percent) / 100) - 1));
}

function at(values: readonly number[], rank: number): number {
  const value = values.toSorted((a, b) => a - b)[rank];
  if (value === undefined) throw new RangeError(`Of ${values.length} values, none has the rank ${rank}.`);
  return value;
}
