import { rejectStart } from '../runtime/original-positions.ts';
import { withSelfTest } from '../runtime/self-test.ts';
import { createDeliveryHandler } from './handler.ts';
import { selfTest } from './self-test.ts';

/** The Lambda's entry: an invalid variable prevents the start; the API token is fetched before the first delivery. */
export const handler = withSelfTest(await createDeliveryHandler(process.env).catch(rejectStart), () =>
  selfTest(process.env),
);
