/** The whole number in a variable, or this default. Throws for anything else. */
export function wholeNumberIn(variable: string, byDefault: number): number {
  const text = process.env[variable] || `${byDefault}`;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${variable} must be a whole number, not "${text}".`);
  return Number(text);
}

/** The seed of everything generated, so that a run can be repeated; without `FUZZ_SEED`, another one each time. */
export const SEED = wholeNumberIn('FUZZ_SEED', Math.floor(Math.random() * 2 ** 29));
