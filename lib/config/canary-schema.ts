import * as z from 'zod';
import { mustBe, objectOf } from './schema-parts.ts';

const PERCENT = mustBe('a whole number from 1 to 99');
// a deployment takes twice as long, once for each function, and the credentials of CI last an hour
const MINUTES = mustBe('a whole number from 1 to 20');

const PARTS = {
  percent: z
    .int(PERCENT)
    .min(1, PERCENT)
    .max(99, PERCENT)
    .describe('The share of the requests that a new version gets at first.'),
  minutes: z.int(MINUTES).min(1, MINUTES).max(20, MINUTES).describe('For how long.'),
};

const CANARY =
  'an object such as {"percent": 10, "minutes": 5}, or null (a tested version gets all requests at once)';

/** How a new version of a function is released; null: all at once. */
export const canarySchema = z
  .strictObject(PARTS, objectOf(Object.keys(PARTS), CANARY))
  .nullable()
  .describe(
    'The share of requests that a new version gets at first, and for how long. null: all at once, after its self-test.',
  );

/** The share of requests that a new version gets at first, and for how long. */
export type CanarySetting = NonNullable<z.output<typeof canarySchema>>;
