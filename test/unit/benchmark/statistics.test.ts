import { describe, expect, test } from '@jest/globals';
import { median, percentile } from '../../../benchmark/statistics.ts';

/** Not in their order, which the functions must not rely on. */
const ONE_TO_HUNDRED = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1);

describe('the median', () => {
  test.each([
    { values: [7], expected: 7 },
    { values: [3, 1, 2], expected: 2 },
    { values: [10, 9, 1], expected: 9 },
    { values: [4, 1, 3, 2], expected: 2.5 },
    { values: ONE_TO_HUNDRED, expected: 50.5 },
  ])('of $values is $expected', ({ values, expected }) => {
    expect(median(values)).toBe(expected);
  });

  test('of nothing is none', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('a percentile', () => {
  test.each([
    { percent: 0, expected: 1 },
    { percent: 1, expected: 1 },
    { percent: 50, expected: 50 },
    { percent: 99, expected: 99 },
    { percent: 99.5, expected: 100 },
    { percent: 100, expected: 100 },
  ])('$percent of 1 to 100 is $expected', ({ percent, expected }) => {
    expect(percentile(ONE_TO_HUNDRED, percent)).toBe(expected);
  });

  test('leaves the values as they were', () => {
    const values = [3, 1, 2];
    percentile(values, 50);
    expect(values).toEqual([3, 1, 2]);
  });

  test('of nothing is none', () => {
    expect(() => percentile([], 50)).toThrow(RangeError);
  });
});
