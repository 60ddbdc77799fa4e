import type { Deadline } from '../../core/deadline.ts';
import type { ForwardResult } from '../../core/forward.ts';
import type { Try } from '../../core/retry.ts';
import type { Telemetry } from '../../runtime/telemetry.ts';
import {
  type HttpsClient,
  type HttpsRequest,
  type HttpsResponse,
  RequestFailed,
} from '../http/https-client.ts';
import { requestedPauseMs } from '../http/requested-pause.ts';

/** Statuses that a later try may turn into a success, beside every 5xx. */
const TEMPORARY_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);

/** What observes the calls. */
export type CallObserver = Pick<Telemetry, 'called' | 'unrecognizedSuccess' | 'forbiddenForOneUser'>;

/** A call failed in a way that means the same for every operation. A 403 is about the token, or about this one request. */
export type CallFailure = ForwardResult | { outcome: 'forbidden' };

/** A call of one operation of Beyond Identity's API. */
export interface ApiCall<Result> {
  /** Names the operation in logs, such as `identities`. */
  operation: string;
  request: HttpsRequest;
  /** Interprets a 2xx, whatever its body is, and a 4xx with a body that is about the request. */
  read(response: HttpsResponse): Try<Result>;
}

/** Makes one call. Throws nothing for what the outside world does. */
export type CallApi = <Result>(
  call: ApiCall<Result>,
  deadline: Deadline,
) => Promise<Try<Result | CallFailure>>;

/** Sends one request, and reports how it ended to the observer; resolves with the fault where no response came. */
export function createSend(client: HttpsClient, observer: Pick<Telemetry, 'called'>) {
  return async (operation: string, request: HttpsRequest, { signal }: Deadline) => {
    const startedAt = performance.now();
    try {
      const response = await client(request, signal);
      observer.called(performance.now() - startedAt, { operation, status: response.status });
      return response;
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      observer.called(performance.now() - startedAt, { operation, fault: error.message });
      return error;
    }
  };
}

/** Calls over this client; each one is reported to the observer. */
export function createCallApi(client: HttpsClient, observer: Pick<Telemetry, 'called'>): CallApi {
  const send = createSend(client, observer);
  return async ({ operation, request, read }, deadline) => {
    const response = await send(operation, request, deadline);
    if (!(response instanceof RequestFailed)) return failureOf(response) ?? read(response);
    return { result: { outcome: 'upstream-failed' }, retry: { immediately: response.staleConnection } };
  };
}

/** Whether a later try may turn this status into a success. */
export function isTemporary(status: number): boolean {
  return status >= 500 || TEMPORARY_STATUSES.has(status);
}

function failureOf({ status, headers, body }: HttpsResponse): Try<CallFailure> | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 401) return { result: { outcome: 'token-refused' } };
  if (status === 403) return { result: { outcome: 'forbidden' } };
  if (isTemporary(status)) {
    const afterMs = requestedPauseMs(status, headers);
    return { result: { outcome: 'upstream-failed', retryAfterMs: afterMs }, retry: { afterMs } };
  }
  // without its body, nobody knows what a 4xx is about
  if (status < 400 || body === undefined) return { result: { outcome: 'upstream-failed' } };
  return undefined;
}

/** Headers of a request that carries an access token or an API token. */
export function authorizedHeaders(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, accept: 'application/json' };
}

/** What a body holds; `undefined` where it is not JSON, or not there. */
export function parsedJson(body: string | undefined): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(body ?? '') };
  } catch {
    return undefined;
  }
}
