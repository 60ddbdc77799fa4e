import type { RecoveryOutcome } from '../../core/outcomes.ts';
import { Problem } from './problem.ts';

/** The request does not fit its schema; says what is wrong with it and where, in words that do not quote it. */
export function invalidRequest(
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): Problem {
  return new Problem(422, 'The request is not valid.', {
    errors: issues.map(({ path, message }) => ({
      pointer: ['#', ...path.map(String)].join('/'),
      detail: message,
    })),
  });
}

/** No request can be accepted right now, for any user. */
export function serviceUnavailable(retryAfterSeconds: number): Problem {
  return new Problem(503, 'Recovery is not available right now. Please try again later.', {
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });
}

/** The error response for an outcome; `undefined`: the caller gets the one response for all that was accepted. */
export function problemFor(outcome: RecoveryOutcome, retryAfterSeconds: number): Problem | undefined {
  switch (outcome) {
    case 'forwarded':
    case 'not-recoverable':
    case 'rate-limited':
    case 'queued':
      return undefined;
    case 'captcha-failed':
      return new Problem(422, 'The request is not valid.', {
        errors: [{ pointer: '#/captchaToken', detail: 'The CAPTCHA is missing, has expired or failed.' }],
      });
    case 'token-refused':
    case 'token-unavailable':
    case 'upstream-failed':
    case 'misconfigured':
    case 'directory-unavailable':
    case 'deadline-exceeded':
    case 'outbox-failed':
    case 'captcha-unavailable':
      return serviceUnavailable(retryAfterSeconds);
  }
}

/** What http-json-body-parser says of JSON with a key that changes the prototype of what is made of it. */
const FORBIDDEN_KEY = 'Forbidden key in JSON body';
const REJECTED_KEYS = 'The body has the key "__proto__", or "constructor" with "prototype" in it.';

/** The error response for an error of the middy stack; `undefined`: an unexpected error. */
export function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  if (error.statusCode === 415) return new Problem(415, 'Send the body as application/json.');
  // the parser's word for what RFC 9110 calls a bad request
  if (error.statusCode === 422) {
    return new Problem(400, error.message === FORBIDDEN_KEY ? REJECTED_KEYS : 'The body is not valid JSON.');
  }
  return undefined;
}
