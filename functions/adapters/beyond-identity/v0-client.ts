import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Deadline } from '../../core/deadline.ts';
import type { BeyondIdentity, ForwardResult } from '../../core/forward.ts';
import { type RetryPauses, type Try, withRetries } from '../../core/retry.ts';
import type { Telemetry } from '../../runtime/telemetry.ts';
import { type HttpsPost, type PostResponse, RequestFailed } from '../http/https-post.ts';
import { retryAfterMs } from '../http/retry-after.ts';

/** Operation `RecoverUser` of the vendor's v0 API. */
const RECOVER_USER_PATH = '/v1/manage/recover-user';

/** Statuses that a later try may turn into a success, beside every 5xx. */
const TEMPORARY_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Statuses that may be about the user: unknown, suspended, without an address. The vendor documents none of them for this
 * operation. Any other 4xx says that we call the wrong thing, and so does one whose body is not JSON, as all of the
 * vendor's are: it comes from somebody else.
 */
const ABOUT_THE_USER: ReadonlySet<number> = new Set([400, 404, 409, 410, 422]);

/** The user of a success: flat as in the vendor's definition, or nested as in its SDK's samples. */
const success = z.object({
  internal_id: z.optional(z.string()),
  user: z.optional(z.object({ internal_id: z.string() })),
});

/** What observes the calls. */
export type CallObserver = Pick<Telemetry, 'called' | 'unrecognizedSuccess' | 'forbiddenForOneUser'>;

/** A 403 is about the token, or about this one request; only another call can say which. */
type CallResult = ForwardResult | { outcome: 'forbidden' };

/** Recovery over the vendor's v0 API: temporary faults are retried until the deadline, the user's are not. */
export function createBeyondIdentity(
  post: HttpsPost,
  pauses: RetryPauses,
  observer: CallObserver,
): BeyondIdentity {
  async function call(reference: string, apiToken: string, deadline: Deadline): Promise<Try<CallResult>> {
    const startedAt = performance.now();
    try {
      const response = await post(
        RECOVER_USER_PATH,
        {
          authorization: `Bearer ${apiToken}`,
          'content-type': 'application/json',
          accept: 'application/json',
        },
        JSON.stringify({ external_id: reference, binding_token_delivery_method: 'email' }),
        deadline.signal,
      );
      observer.called(performance.now() - startedAt, { status: response.status });
      return read(response);
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      observer.called(performance.now() - startedAt, { fault: error.message });
      return { result: { outcome: 'upstream-failed' }, retry: { immediately: error.staleConnection } };
    }
  }

  function read({ status, headers, body }: PostResponse): Try<CallResult> {
    if (status >= 200 && status < 300) {
      if (!isUser(body)) observer.unrecognizedSuccess();
      return { result: { outcome: 'forwarded' } };
    }
    if (status === 401) return { result: { outcome: 'token-refused' } };
    if (status === 403) return { result: { outcome: 'forbidden' } };
    if (status >= 500 || TEMPORARY_STATUSES.has(status)) {
      const afterMs = retryAfterMs(headers['retry-after']);
      return { result: { outcome: 'upstream-failed', retryAfterMs: afterMs }, retry: { afterMs } };
    }
    // without its body, nobody knows what a 4xx is about
    if (status < 400 || body === undefined) return { result: { outcome: 'upstream-failed' } };
    const isAboutTheUser = ABOUT_THE_USER.has(status) && parsedJson(body) !== undefined;
    return { result: { outcome: isAboutTheUser ? 'not-recoverable' : 'misconfigured' } };
  }

  return {
    async recoverUser(reference, apiToken, deadline, retries) {
      const calls = (about: string) =>
        withRetries(() => call(about, apiToken, deadline), deadline, pauses, retries);
      const result = await calls(reference);
      if (result?.outcome !== 'forbidden') return result ?? { outcome: 'deadline-exceeded' };

      // a reference that no user has: whatever is said of that one is about the token
      const probe = await calls(`no-user-${randomUUID()}`);
      if (probe === undefined) return { outcome: 'deadline-exceeded' };
      if (probe.outcome === 'forbidden') return { outcome: 'token-refused' };
      if (probe.outcome !== 'not-recoverable' && probe.outcome !== 'forwarded') return probe;
      // a rate limit or a restart in front of Beyond Identity may forbid a call, too, and passes
      const again = await calls(reference);
      if (again?.outcome !== 'forbidden') return again ?? { outcome: 'deadline-exceeded' };
      observer.forbiddenForOneUser();
      return { outcome: 'not-recoverable' };
    },
  };
}

function isUser(body: string | undefined): boolean {
  const { data } = success.safeParse(parsedJson(body)?.value);
  return (data?.internal_id ?? data?.user) !== undefined;
}

/** What a body holds; `undefined` where it is not JSON, or not there. */
function parsedJson(body: string | undefined): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(body ?? '') };
  } catch {
    return undefined;
  }
}
