import * as z from 'zod/mini';

/** The body of a request for what a registration takes. */
export const registrationOptionsBody = z.strictObject({ token: z.string() });

/** The body with the credential that the browser made; what verification does not read is dropped. */
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

/** The body of a request for what an authentication takes. */
export const authenticationOptionsBody = z.strictObject({});

/** The body with what the browser signed; what verification does not read is dropped. */
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
