import { STATUS_CODES } from 'node:http';
import * as z from 'zod/mini';
import { isEmailAddress, MAXIMUM_ADDRESS_LENGTH, normalizeAddress, TYPED_ADDRESS } from './email-address.ts';

/** The one route. */
export const ROUTE = '/recover-user';

/** The largest request body that is read, in bytes. */
export const MAXIMUM_BODY_BYTES = 4096;

/** The same where the body carries a CAPTCHA's token: those of hCaptcha have been seen with over 4,000 characters. */
export const MAXIMUM_BODY_BYTES_WITH_CAPTCHA = 8192;

/** Headers of every response, the gateway's own error responses included. */
export const RESPONSE_HEADERS = {
  'Cache-Control': 'no-store',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** What an allowed origin may do: the values of the CORS headers. */
export const CORS = {
  methods: 'POST, OPTIONS',
  headers: 'Content-Type',
  exposeHeaders: 'Retry-After, X-Request-Id',
  maximumAgeSeconds: 7200,
} as const;

export const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';
export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

const NOT_AN_ADDRESS = 'Must be a valid email address, for example jane@example.com.';

/** The body of a request. Keys that it does not name are dropped. */
export const recoverUserRequest = z.object(
  {
    email: z.string('`email` is required and must be a string.').check(
      z.regex(TYPED_ADDRESS, { error: NOT_AN_ADDRESS, abort: true }),
      z.overwrite(normalizeAddress),
      z.maxLength(MAXIMUM_ADDRESS_LENGTH, {
        error: `An email address has at most ${MAXIMUM_ADDRESS_LENGTH} characters.`,
        abort: true,
      }),
      z.refine(isEmailAddress, NOT_AN_ADDRESS),
    ),
    /** What the CAPTCHA's widget gave the page; needed where the deployment has a CAPTCHA. */
    captchaToken: z.optional(z.string('`captchaToken` must be a string.')),
  },
  'The body must be a JSON object with the key "email".',
);
export type RecoverUserRequest = z.infer<typeof recoverUserRequest>;

/** The body of every `202`. */
export const recoverUserResponse = z.object({
  status: z.literal('accepted'),
  message: z.literal('If an account exists for this email address, a recovery email is on its way.'),
});

/** The one response to every well-formed request: the same bytes for every caller and address. */
export const ACCEPTED_BODY = JSON.stringify({
  status: 'accepted',
  message: 'If an account exists for this email address, a recovery email is on its way.',
} satisfies z.infer<typeof recoverUserResponse>);

/** What is wrong with one place of the request's body; `pointer` is a JSON pointer as a URI fragment (RFC 6901). */
const requestError = z.object({ pointer: z.string(), detail: z.string() });

/** A problem document (RFC 9457). The input is never echoed in it. */
export const problemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int().check(z.minimum(400), z.maximum(599)),
  detail: z.string(),
  instance: z.string(),
  errors: z.optional(z.array(requestError)),
});
export type ProblemDocument = z.infer<typeof problemDocument>;
export type RequestError = z.infer<typeof requestError>;

/**
 * The problem document of an error response. The caller sees `detail`, which must not quote the input; `instance` is a URI
 * reference of this occurrence.
 */
export function problemDocumentOf(
  status: number,
  detail: string,
  instance: string,
  errors?: RequestError[],
): ProblemDocument {
  const title = String(STATUS_CODES[status]);
  return { type: 'about:blank', title, status, detail, instance, ...(errors && { errors }) };
}
