import { describe, expect, test } from '@jest/globals';
import {
  areaInterval,
  areaUnderCurve,
  standardDeviationOfArea,
} from '../../../benchmark/area-under-curve.ts';
import { normal, seededRandom } from '../../../benchmark/random.ts';

/** Two samples of normal distributions with a standard deviation of 1, whose means are so far apart. */
function samples(size: number, distance: number, seed: number): [number[], number[]] {
  const random = seededRandom(seed);
  return [
    Array.from({ length: size }, () => normal(random, distance, 1)),
    Array.from({ length: size }, () => normal(random, 0, 1)),
  ];
}

describe('the area under the ROC curve', () => {
  test.each([
    { slow: [3, 4], fast: [1, 2], area: 1 },
    { slow: [1, 2], fast: [3, 4], area: 0 },
    { slow: [1, 2], fast: [1, 2], area: 0.5 },
    { slow: [5], fast: [5, 5, 5], area: 0.5 },
    { slow: [2, 4], fast: [1, 3], area: 0.75 },
    { slow: [1, 3], fast: [3], area: 0.25 },
    { slow: [10, 9, 2], fast: [1, 3], area: 5 / 6 },
  ])('of $slow against $fast is $area', ({ slow, fast, area }) => {
    expect(areaUnderCurve(slow, fast)).toBeCloseTo(area, 12);
  });

  test('is the share of pairs that the slow one wins', () => {
    const [slow, fast] = samples(50, 0.5, 1);
    const wins = slow.flatMap((a) => fast.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
    const share = wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
    expect(areaUnderCurve(slow, fast)).toBeCloseTo(share, 12);
    expect(areaUnderCurve(fast, slow)).toBeCloseTo(1 - share, 12);
  });

  test('of two normal distributions is what theory says', () => {
    const [slow, fast] = samples(4000, 1, 2);
    // the chance that a normal value of variance 2 and mean 1 is above 0
    expect(areaUnderCurve(slow, fast)).toBeCloseTo(0.76, 1);
  });

  test('of nothing is no number', () => {
    expect(areaUnderCurve([], [1])).toBeNaN();
  });
});

describe('the interval of an area', () => {
  const bootstrap = { resamples: 300, confidence: 95 };

  test('is the same for the same seed', () => {
    const [slow, fast] = samples(60, 0.3, 3);
    const interval = () => areaInterval(slow, fast, { ...bootstrap, random: seededRandom(9) });
    expect(interval()).toEqual(interval());
  });

  test('is nearly two standard deviations to each side where there is no difference', () => {
    const [slow, fast] = samples(400, 0, 4);
    const area = areaUnderCurve(slow, fast);
    const { from, to } = areaInterval(slow, fast, { ...bootstrap, random: seededRandom(9) });
    const expected = 1.96 * standardDeviationOfArea(400);
    expect((area - from) / expected).toBeCloseTo(1, 0);
    expect((to - area) / expected).toBeCloseTo(1, 0);
    expect(from).toBeLessThan(area);
    expect(to).toBeGreaterThan(area);
  });

  test('holds the true area about as often as it says', () => {
    const held = Array.from({ length: 100 }, (_, trial) => {
      const [slow, fast] = samples(50, 0, 100 + trial);
      const { from, to } = areaInterval(slow, fast, { ...bootstrap, random: seededRandom(trial) });
      return from <= 0.5 && to >= 0.5;
    }).filter(Boolean).length;
    expect(held).toBeGreaterThanOrEqual(88);
  });

  test('is nothing but 1 where the two never meet', () => {
    const interval = areaInterval([5, 6, 7], [1, 2, 3], { ...bootstrap, random: seededRandom(9) });
    expect(interval).toEqual({ from: 1, to: 1 });
  });
});

describe('the standard deviation of an area of 0.5', () => {
  test.each([
    { size: 400, expected: 0.0204 },
    { size: 1500, expected: 0.0105 },
    { size: 2000, expected: 0.0091 },
  ])('with $size values each is $expected', ({ size, expected }) => {
    expect(standardDeviationOfArea(size)).toBeCloseTo(expected, 4);
    expect(standardDeviationOfArea(size)).toBeCloseTo(Math.sqrt(1 / (6 * size)), 4);
  });

  test('is that of samples drawn again and again', () => {
    const areas = Array.from({ length: 400 }, (_, trial) => areaUnderCurve(...samples(30, 0, 1000 + trial)));
    const variance = areas.reduce((sum, area) => sum + (area - 0.5) ** 2, 0) / areas.length;
    expect(Math.sqrt(variance) / standardDeviationOfArea(30)).toBeCloseTo(1, 0);
  });
});
