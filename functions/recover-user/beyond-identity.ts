import * as z from 'zod/mini';
import type { Deadline } from './deadline.ts';
import type { Answered, BeyondIdentity } from './forward.ts';
import { type HttpsPost, NoAnswer, type PostAnswer } from './https-post.ts';
import { type RetryPauses, type Try, withRetries } from './retry.ts';

/** Operation `RecoverUser` of the vendor's v0 API. */
const RECOVER_USER_PATH = '/v1/manage/recover-user';

/** Statuses that a later try may turn into a success, beside every 5xx. */
const TEMPORARY_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);

/** The user that a success tells of: flat as in the vendor's definition, or nested as in its SDK's samples. */
const success = z.object({
  internal_id: z.optional(z.string()),
  user: z.optional(z.object({ internal_id: z.string() })),
});

/** Who is told about the calls; neither may throw. */
export interface CallObserver {
  /** One call ended, with this status, or with none where no answer came. */
  called(latencyMs: number, result: { status: number } | { fault: string }): void;
  /** A success came with a body that is not a user: is the base URL really Beyond Identity's? */
  unrecognisedSuccess(): void;
}

/** Recovery over the vendor's API: temporary faults are retried until the deadline, the user's are not. */
export function createBeyondIdentity(
  post: HttpsPost,
  pauses: RetryPauses,
  observer: CallObserver,
): BeyondIdentity {
  async function call(externalId: string, apiToken: string, deadline: Deadline): Promise<Try<Answered>> {
    const startedAt = performance.now();
    try {
      const answer = await post(
        RECOVER_USER_PATH,
        {
          authorization: `Bearer ${apiToken}`,
          'content-type': 'application/json',
          accept: 'application/json',
        },
        JSON.stringify({ external_id: externalId, binding_token_delivery_method: 'email' }),
        deadline.signal,
      );
      observer.called(performance.now() - startedAt, { status: answer.status });
      return read(answer);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      observer.called(performance.now() - startedAt, { fault: error.message });
      return {
        result: { answer: 'upstream-failed' },
        retry: error.connectionWasStale ? { afterMs: 0 } : {},
      };
    }
  }

  function read({ status, headers, body }: PostAnswer): Try<Answered> {
    if (status >= 200 && status < 300) {
      if (!isUser(body)) observer.unrecognisedSuccess();
      return { result: { answer: 'forwarded' } };
    }
    if (status === 401 || status === 403) return { result: { answer: 'token-refused' } };
    if (status >= 500 || TEMPORARY_STATUSES.has(status)) {
      const afterMs = retryAfterMs(headers['retry-after']);
      return { result: { answer: 'upstream-failed', retryAfterMs: afterMs }, retry: { afterMs } };
    }
    return { result: { answer: status >= 400 ? 'not-recoverable' : 'upstream-failed' } };
  }

  return {
    recoverUser: (externalId, apiToken, deadline) =>
      withRetries(() => call(externalId, apiToken, deadline), deadline, pauses),
  };
}

function isUser(body: string | undefined): boolean {
  try {
    const { data } = success.safeParse(JSON.parse(body ?? ''));
    return (data?.internal_id ?? data?.user) !== undefined;
  } catch {
    return false;
  }
}

/** The one form of date that a server may send (RFC 9110 section 5.6.7); `Date.parse` alone takes nearly anything. */
const HTTP_DATE = /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Milliseconds that a `Retry-After` asks for: seconds or a date (RFC 9110 section 10.2.3); anything else is ignored. */
export function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
