import { createPreTrafficHook } from './handler.ts';

/** The Lambda's entry; reads its environment when it is invoked, so that it can report a problem with that, too. */
export const handler = createPreTrafficHook(process.env);
