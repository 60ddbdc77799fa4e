import { describe, expect, test } from '@jest/globals';
import { normal, seededRandom, shuffled } from '../../../benchmark/random.ts';

const COUNT = 20_000;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('random numbers', () => {
  test('are the same for the same seed, and others for another', () => {
    const draw = (seed: number) => Array.from({ length: 20 }, seededRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test('lie evenly from 0 to 1', () => {
    const values = Array.from({ length: COUNT }, seededRandom(3));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    for (const tenth of [0, 0.1, 0.5, 0.9]) {
      const share = values.filter((value) => value >= tenth && value < tenth + 0.1).length / COUNT;
      expect(share).toBeCloseTo(0.1, 1);
    }
  });

  test('of a normal distribution have its mean and its standard deviation', () => {
    const random = seededRandom(4);
    const values = Array.from({ length: COUNT }, () => normal(random, 180, 60));
    const average = mean(values);
    const deviation = Math.sqrt(mean(values.map((value) => (value - average) ** 2)));
    expect(average).toBeGreaterThan(178);
    expect(average).toBeLessThan(182);
    expect(deviation).toBeGreaterThan(58);
    expect(deviation).toBeLessThan(62);
  });
});

describe('a shuffled list', () => {
  test('has the same items, and leaves the list as it was', () => {
    const items = [1, 2, 3, 4, 5, 5];
    const order = shuffled(items, seededRandom(5));
    expect(order.toSorted()).toEqual([1, 2, 3, 4, 5, 5]);
    expect(items).toEqual([1, 2, 3, 4, 5, 5]);
    expect(shuffled([], seededRandom(5))).toEqual([]);
  });

  test('has every item at every place equally often', () => {
    const random = seededRandom(6);
    const orders = Array.from({ length: 6000 }, () => shuffled(['a', 'b', 'c'], random));
    const counts = new Map<string, number>();
    for (const order of orders) counts.set(order.join(''), (counts.get(order.join('')) ?? 0) + 1);
    expect(counts.size).toBe(6);
    for (const count of counts.values()) {
      expect(count).toBeGreaterThan(850);
      expect(count).toBeLessThan(1150);
    }
  });
});
