import { rejectStart } from '../runtime/original-positions.ts';
import { withSelfTest } from '../runtime/self-test.ts';
import { createHandler } from './handler.ts';
import { selfTest } from './self-test.ts';

/** The Lambda's entry: an invalid variable prevents the start; the API token is fetched before the first request. */
export const handler = withSelfTest(await createHandler(process.env).catch(rejectStart), () =>
  selfTest(process.env),
);
