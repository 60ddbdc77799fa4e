/** Numbers from 0 up to, but not, 1. */
export type Random = () => number;

// taken once: drawn hundreds of millions of times, and slow to look up in the sandbox that a test runs in
const { imul } = Math;

/** The same numbers for the same seed (mulberry32): good enough to shuffle and to draw samples, not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One value of a normal distribution (Box and Muller's method). */
export function normal(random: Random, mean: number, standardDeviation: number): number {
  // the logarithm of 0 would be infinite, that of 1 is not
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return mean + standardDeviation * radius * Math.cos(2 * Math.PI * random());
}

/** The same items in an order of chance, each order as likely as any other (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const rest = [...items];
  const order: Item[] = [];
  while (rest.length > 0) {
    const last = rest.length - 1;
    const drawn = Math.floor(random() * rest.length);
    const [item] = rest.splice(drawn, 1, ...rest.slice(last));
    rest.pop();
    if (item !== undefined) order.push(item);
  }
  return order;
}
