/** What became of a recovery request, as far as the person who asked may know. */
export type RecoveryResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'invalid-address' }
  | { readonly kind: 'captcha-failed' }
  /** This network has sent too many. */
  | { readonly kind: 'too-many-requests'; readonly retryAfterSeconds: number }
  /** Nobody's request is accepted at the moment. */
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds: number }
  /** No answer that the page could read: offline, no such host, out of time, or an origin that may not call. */
  | { readonly kind: 'offline' }
  /** A fault of the service or of the page; support finds it by the request's id. */
  | { readonly kind: 'failed'; readonly requestId: string | undefined };

/** A request that the endpoint has not answered by then is given up, in milliseconds; API Gateway itself gives up after 29 s. */
const TIMEOUT_MS = 35_000;

/** What a person is asked to wait where the answer does not say, and the most, in seconds. */
const DEFAULT_RETRY_AFTER_SECONDS = 30;
const MAX_RETRY_AFTER_SECONDS = 3600;

/** Sends a recovery request. Never throws; what comes after `signal` is `offline`. */
export async function requestRecovery(
  endpoint: string,
  body: { readonly email: string; readonly captchaToken?: string | undefined },
  signal: AbortSignal,
): Promise<RecoveryResult> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });
    return await parseResponse(response);
  } catch {
    return { kind: 'offline' };
  }
}

async function parseResponse(response: Response): Promise<RecoveryResult> {
  switch (response.status) {
    case 202:
      return { kind: 'accepted' };
    case 400:
    case 422:
      return { kind: (await isAboutCaptcha(response)) ? 'captcha-failed' : 'invalid-address' };
    case 429:
      return { kind: 'too-many-requests', retryAfterSeconds: retryAfterSeconds(response) };
    case 503:
      return { kind: 'unavailable', retryAfterSeconds: retryAfterSeconds(response) };
    default:
      return { kind: 'failed', requestId: response.headers.get('X-Request-Id') ?? undefined };
  }
}

/** Whether a problem document (RFC 9457) blames the CAPTCHA's token. */
async function isAboutCaptcha(response: Response): Promise<boolean> {
  const problem: unknown = await response.json().catch(() => undefined);
  const errors = property(problem, 'errors');
  return Array.isArray(errors) && errors.some((error) => property(error, 'pointer') === '#/captchaToken');
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Seconds or a date (RFC 9110 section 10.2.3). */
function retryAfterSeconds({ headers }: Response): number {
  const text = headers.get('Retry-After') ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - Date.now()) / 1000);
  if (Number.isNaN(seconds)) return DEFAULT_RETRY_AFTER_SECONDS;
  return Math.min(Math.max(seconds, 1), MAX_RETRY_AFTER_SECONDS);
}
