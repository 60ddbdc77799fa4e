import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Deadline } from '../../core/deadline.ts';
import type { BeyondIdentity, ForwardResult } from '../../core/forward.ts';
import { type RetryPauses, type Try, withRetries } from '../../core/retry.ts';
import type { HttpsClient, HttpsResponse } from '../http/https-client.ts';
import { authorizedHeaders, type CallObserver, createCallApi, parsedJson } from './api-call.ts';
import { recoverUnlessForbidden } from './forbidden.ts';

/** Operation `RecoverUser` of the vendor's v0 API. */
const RECOVER_USER_PATH = '/v1/manage/recover-user';

/**
 * Statuses that may be about the user: unknown, suspended, without an address. The vendor documents none of them for this
 * operation. Any other 4xx says that we call the wrong thing, and so does one whose body is not JSON, as all of the
 * vendor's are: it comes from another server.
 */
const ABOUT_THE_USER: ReadonlySet<number> = new Set([400, 404, 409, 410, 422]);

/** The user of a success: flat as in the vendor's definition, or nested as in its SDK's samples. */
const success = z.object({
  internal_id: z.optional(z.string()),
  user: z.optional(z.object({ internal_id: z.string() })),
});

/** Recovery over the vendor's v0 API: temporary faults are retried until the deadline, the user's are not. */
export function createV0Client(
  client: HttpsClient,
  pauses: RetryPauses,
  observer: CallObserver,
): BeyondIdentity {
  const callApi = createCallApi(client, observer);

  const call = (reference: string, apiToken: string, deadline: Deadline) =>
    callApi(
      {
        operation: 'recover-user',
        request: {
          method: 'POST',
          path: RECOVER_USER_PATH,
          headers: { ...authorizedHeaders(apiToken), 'content-type': 'application/json' },
          body: JSON.stringify({ external_id: reference, binding_token_delivery_method: 'email' }),
        },
        read,
      },
      deadline,
    );

  function read({ status, body }: HttpsResponse): Try<ForwardResult> {
    if (status < 300) {
      if (!isUser(body)) observer.unrecognizedSuccess();
      return { result: { outcome: 'forwarded' } };
    }
    const isAboutTheUser = ABOUT_THE_USER.has(status) && parsedJson(body) !== undefined;
    return { result: { outcome: isAboutTheUser ? 'not-recoverable' : 'misconfigured' } };
  }

  return {
    async recoverUser({ reference, apiToken }, deadline, retries) {
      const recover = (about: string) =>
        withRetries(() => call(about, apiToken, deadline), deadline, pauses, retries);
      return recoverUnlessForbidden<never>(
        () => recover(reference),
        // whatever is said of a reference that no user has is about the token
        () => recover(`no-user-${randomUUID()}`),
        observer.forbiddenForOneUser,
      );
    },
  };
}

function isUser(body: string | undefined): boolean {
  const { data } = success.safeParse(parsedJson(body)?.value);
  return (data?.internal_id ?? data?.user) !== undefined;
}
