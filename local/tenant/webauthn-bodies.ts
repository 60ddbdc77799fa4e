import * as z from 'zod/mini';

/** The body of a request for registration options. */
export const registrationOptionsBody = z.strictObject({ token: z.string() });

/** The body with the new credential; fields that the verification does not read are dropped. */
export const registrationBody = z.strictObject({
  token: z.string(),
  response: z.object({
    id: z.string(),
    rawId: z.string(),
    type: z.literal('public-key'),
    clientExtensionResults: z.object({}),
    response: z.object({
      clientDataJSON: z.string(),
      attestationObject: z.string(),
      transports: z.exactOptional(z.array(z.string())),
    }),
  }),
});

/** The body of a request for authentication options. */
export const authenticationOptionsBody = z.strictObject({});

/** The body with the assertion; fields that the verification does not read are dropped. */
export const authenticationBody = z.strictObject({
  response: z.object({
    id: z.string(),
    rawId: z.string(),
    type: z.literal('public-key'),
    clientExtensionResults: z.object({}),
    response: z.object({
      clientDataJSON: z.string(),
      authenticatorData: z.string(),
      signature: z.string(),
      userHandle: z.exactOptional(z.string()),
    }),
  }),
});
