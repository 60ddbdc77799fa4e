import { createHandler } from './handler.ts';

/** The Lambda's entry: a bad setting stops the start here; the API token is fetched before the first request. */
export const handler = await createHandler(process.env);
