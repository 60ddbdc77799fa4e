import { createDeliveryHandler } from './handler.ts';

/** The Lambda's entry: a bad setting stops the start here; the API token is fetched before the first delivery. */
export const handler = await createDeliveryHandler(process.env);
