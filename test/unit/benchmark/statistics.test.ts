import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wilcoxonRankSum } from 'simple-statistics';
import { areaUnderCurve } from '../../../benchmark/statistics.ts';

/** A reproducible sample of a uniform distribution. */
function sample(seed: number): number[] {
  return fc.sample(fc.noBias(fc.integer({ min: 0, max: 9999 })), { numRuns: 60, seed });
}

describe('the area under the curve', () => {
  test.each([
    { slow: [3, 4], fast: [1, 2], area: 1 },
    { slow: [1, 2], fast: [3, 4], area: 0 },
    { slow: [1, 2], fast: [1, 2], area: 0.5 },
    { slow: [2, 4], fast: [1, 3], area: 0.75 },
    { slow: [10, 9, 2], fast: [1, 3], area: 5 / 6 },
  ])('is $area for $slow against $fast', ({ slow, fast, area }) => {
    expect(areaUnderCurve(slow, fast).area).toBeCloseTo(area, 12);
  });

  test('equals the normalized Wilcoxon rank sum, ties included', () => {
    const values = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(values, values, (slow, fast) => {
        const u = wilcoxonRankSum(slow, fast) - (slow.length * (slow.length + 1)) / 2;
        expect(areaUnderCurve(slow, fast).area).toBeCloseTo(u / (slow.length * fast.length), 9);
      }),
    );
  });

  test('has the interval that DeLong computes from the variance of the placements', () => {
    // placements of slow: 1/4, 1/2, 1 (variance 7/48); of fast: 0, 1/2, 1/2, 2/3 (variance 1/12)
    const { area, interval } = areaUnderCurve([2, 3, 5], [1, 3, 3, 4]);
    expect(area).toBeCloseTo(7 / 12, 12);
    expect(interval.from).toBeCloseTo(7 / 12 - 1.959964 * Math.sqrt(7 / 48 / 3 + 1 / 12 / 4), 5);
    expect(interval.to).toBe(1);
  });

  test('has a 95 % interval that contains 0.5 in about 95 of 100 samples of one distribution', () => {
    const intervals = Array.from(
      { length: 200 },
      (_, trial) => areaUnderCurve(sample(trial), sample(1000 + trial)).interval,
    );
    const contained = intervals.filter(({ from, to }) => from <= 0.5 && to >= 0.5).length;
    expect(contained).toBeGreaterThanOrEqual(180);
    expect(contained).toBeLessThan(200);
  });

  test('has an interval of 1 to 1 for samples that do not overlap', () => {
    expect(areaUnderCurve([5, 6, 7], [1, 2, 3]).interval).toEqual({ from: 1, to: 1 });
  });
});
