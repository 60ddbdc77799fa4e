import * as z from 'zod/mini';

/** The token endpoint's success. */
export const tokenBody = z.strictObject({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number(),
  scope: z.string(),
});

const page = { total_size: z.number(), next_page_token: z.optional(z.string()) };

/** A page of identities. */
export const identitiesBody = z.strictObject({
  identities: z.array(z.looseObject({ traits: z.looseObject({ username: z.string() }) })),
  ...page,
});

const job = z.looseObject({ id: z.string(), state: z.string(), create_time: z.string() });

/** A new job; nothing beside it, in particular no link. */
export const createdJobBody = z.strictObject({ credential_binding_job: job });

/** A page of jobs. */
export const jobsBody = z.strictObject({ credential_binding_jobs: z.array(job), ...page });

/** The claims of a token. */
export const tokenClaims = z.looseObject({ iss: z.string(), scope: z.string() });
