import { property } from '../property.ts';

/** The result of a recovery request. It does not reveal whether the account exists. */
export type RecoveryResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'invalid-address' }
  | { readonly kind: 'captcha-failed' }
  /** The client IP is rate limited. */
  | { readonly kind: 'too-many-requests'; readonly retryAfterSeconds: number }
  /** The service accepts no requests at the moment. */
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds: number }
  /** No readable response: no network, unknown host, timeout, abort, or an origin that CORS rejects. */
  | { readonly kind: 'offline' }
  /** An error of the service or of the page. Support finds the request in the logs by its ID. */
  | { readonly kind: 'failed'; readonly requestId: string | undefined };

/** Longer than the 29 s after which API Gateway times out. */
const TIMEOUT_MS = 35_000;

/** Used when the response has no valid `Retry-After`. */
const DEFAULT_RETRY_AFTER_SECONDS = 30;
const MAX_RETRY_AFTER_SECONDS = 3600;

/** Sends a recovery request. Never throws; resolves with `offline` if `signal` aborts. */
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

/** Whether a problem document (RFC 9457) rejects the CAPTCHA token. */
async function isAboutCaptcha(response: Response): Promise<boolean> {
  const problem: unknown = await response.json().catch(() => undefined);
  const errors = property(problem, 'errors');
  return Array.isArray(errors) && errors.some((error) => property(error, 'pointer') === '#/captchaToken');
}

/** `Retry-After` holds seconds or a date (RFC 9110 section 10.2.3). */
function retryAfterSeconds({ headers }: Response): number {
  const text = headers.get('Retry-After') ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - Date.now()) / 1000);
  if (Number.isNaN(seconds)) return DEFAULT_RETRY_AFTER_SECONDS;
  return Math.min(Math.max(seconds, 1), MAX_RETRY_AFTER_SECONDS);
}
