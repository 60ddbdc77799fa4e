import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import * as z from 'zod/mini';
import type { Deadline } from '../../core/deadline.ts';
import type { CaptchaVerdict, CaptchaVerifier } from '../../core/recover-user.ts';
import { BOUNDS } from '../../runtime/configuration-bounds.ts';
import { startDeadline } from '../../runtime/deadline.ts';
import {
  createHttpsClient,
  type HttpsClient,
  type HttpsResponse,
  RequestFailed,
} from '../http/https-client.ts';

/** Whose CAPTCHA is used. */
export type CaptchaProvider = 'turnstile' | 'hcaptcha' | 'recaptcha';

interface ProviderRules {
  verifyUrl: string;
  /** Longer tokens are not sent. */
  maximumTokenLength: number;
  /** Whether the provider recognizes a repeated request by the form's `idempotency_key`. */
  takesIdempotencyKey: boolean;
  /** Whether `score` says how likely a human is: hCaptcha's, for enterprises, says the opposite. */
  scoresHumans: boolean;
}

/**
 * Where, and by which rules, each provider verifies. Only Turnstile documents how long a token can be. hCaptcha's have
 * been seen with a little over 4,000 characters, and Google declines to name a limit (issue 67 of
 * GoogleCloudPlatform/recaptcha-enterprise-react-native), so theirs is ours: with room to spare, and yet within the
 * 8 KiB that AWS's common WAF rules allow a request's body.
 *
 * - https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
 * - https://docs.hcaptcha.com/#verify-the-user-response-server-side
 * - https://developers.google.com/recaptcha/docs/verify
 */
export const CAPTCHA_PROVIDERS: Readonly<Record<CaptchaProvider, Readonly<ProviderRules>>> = {
  turnstile: {
    verifyUrl: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
    maximumTokenLength: 2048,
    takesIdempotencyKey: true,
    scoresHumans: false,
  },
  hcaptcha: {
    verifyUrl: 'https://api.hcaptcha.com/siteverify',
    maximumTokenLength: 6144,
    takesIdempotencyKey: false,
    scoresHumans: false,
  },
  recaptcha: {
    verifyUrl: 'https://www.google.com/recaptcha/api/siteverify',
    maximumTokenLength: 6144,
    takesIdempotencyKey: false,
    scoresHumans: true,
  },
};

/** Visible ASCII: every provider's tokens are made of some of it. */
const TOKEN = /^[\x21-\x7e]+$/;

const verification = z.object({
  success: z.boolean(),
  'error-codes': z.nullish(z.array(z.string())),
  score: z.nullish(z.number()),
});
type Verification = z.infer<typeof verification>;

/** Error codes of a token that is missing, forged, expired or spent. */
const TOKEN_ERRORS: ReadonlySet<string> = new Set([
  'missing-input-response',
  'invalid-input-response',
  'timeout-or-duplicate',
  'expired-input-response',
  'already-seen-response',
  'invalid-or-already-seen-response',
]);

/** Error codes that no token can bring about: our configuration's fault, and with `internal-error` the provider's. */
const OTHER_ERRORS: ReadonlySet<string> = new Set([
  'missing-input-secret',
  'invalid-input-secret',
  'missing-remoteip',
  'invalid-remoteip',
  'internal-error',
]);

/**
 * Error codes that a wrong configuration brings about, but also a token made for it: one of somebody else's site, or
 * the provider's test token. Were they `unavailable`, such a token would pass wherever the check fails open.
 */
const DOUBTFUL_ERRORS: ReadonlySet<string> = new Set([
  'bad-request',
  'sitekey-secret-mismatch',
  'not-using-dummy-passcode',
  'not-using-dummy-secret',
]);

/** The provider is asked too often: by us, or by a stranger who has us ask. */
const TOO_MANY_REQUESTS = 429;

/** Statuses that blame the request, of which the token is the one part that callers choose. */
const REQUEST_REFUSED: ReadonlySet<number> = new Set([400, 413, 422]);

export interface CaptchaOptions {
  provider: CaptchaProvider;
  /** The site's secret key at the provider, or `undefined` where none can be had within the deadline. */
  secret(deadline: Deadline): Promise<string | undefined>;
  /** reCAPTCHA v3: a lower score, from 0 to 1, is not human; 0.5 by default. Version 2 has no scores. */
  minimumScore?: number | undefined;
  /** How long a check may take, in milliseconds, where its deadline leaves that much. */
  timeoutMs: number;
  /**
   * Called with the reason when a check comes to no verdict, or to one that a wrong configuration may bring about, in words
   * of this file or by the name of an error code; must not throw.
   */
  onUnavailable(reason: string): void;
  /** Override for the provider's URL (testing only). */
  verifyUrl?: URL | undefined;
  /** The client of the provider; unless given, one with connections of its own, the first of which it opens at once. */
  client?: HttpsClient | undefined;
}

/**
 * A CAPTCHA by one of the three providers, whose interfaces differ little. A verdict spends the token; `verify` never
 * throws for what the outside world does.
 */
export function createCaptchaVerifier(options: CaptchaOptions): CaptchaVerifier {
  const { secret, timeoutMs, minimumScore = BOUNDS.captchaMinimumScore.byDefault } = options;
  const rules = CAPTCHA_PROVIDERS[options.provider];
  const client = options.client ?? createHttpsClient(options.verifyUrl ?? new URL(rules.verifyUrl));

  async function ask(token: string, sourceIp: string | undefined, deadline: Deadline) {
    const secretKey = await secret(deadline);
    if (secretKey === undefined) return unavailable('CAPTCHA secret key is not configured');
    const form = new URLSearchParams({ secret: secretKey, response: token });
    // a test call of the gateway's console has a word in place of an address
    if (sourceIp !== undefined && isIP(sourceIp) !== 0) form.set('remoteip', sourceIp);
    if (rules.takesIdempotencyKey) form.set('idempotency_key', randomUUID());
    try {
      return read(await postTwiceIfStale(form.toString(), deadline.signal));
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      return unavailable(error.message);
    }
  }

  /** No other fault is worth a second try: the first one may have spent the token. */
  async function postTwiceIfStale(form: string, signal: AbortSignal): Promise<HttpsResponse> {
    const once = () =>
      client(
        {
          method: 'POST',
          path: '',
          headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
          body: form,
        },
        signal,
      );
    try {
      return await once();
    } catch (error) {
      if (error instanceof RequestFailed && error.staleConnection) return once();
      throw error;
    }
  }

  function read({ status, body }: HttpsResponse): CaptchaVerdict {
    if (status === TOO_MANY_REQUESTS) {
      options.onUnavailable('rate limited by the provider (status 429)');
      return 'overloaded';
    }
    const isRefused = REQUEST_REFUSED.has(status);
    const isSuccess = status >= 200 && status < 300;
    const result = isSuccess || isRefused ? verificationIn(body) : undefined;
    if (result === undefined || (isRefused && result.success)) {
      options.onUnavailable(`status ${status} without a verdict`);
      return isRefused ? 'not-human' : 'unavailable';
    }
    const errors = result['error-codes'] ?? [];
    const notable = errors.filter((code) => !TOKEN_ERRORS.has(code)).map(errorName);
    if (notable.length > 0) options.onUnavailable([...new Set(notable)].join(', '));
    // before `success`: siteverify has been seen to say true in one breath with invalid-input-secret
    if (errors.some((code) => OTHER_ERRORS.has(code))) return 'unavailable';
    return result.success && isLikelyHuman(result) ? 'human' : 'not-human';
  }

  function isLikelyHuman({ score }: Verification): boolean {
    return !rules.scoresHumans || (score ?? 1) >= minimumScore;
  }

  function unavailable(reason: string): CaptchaVerdict {
    options.onUnavailable(reason);
    return 'unavailable';
  }

  return {
    async verify(token, sourceIp, deadline) {
      if (token.length > rules.maximumTokenLength || !TOKEN.test(token)) return 'not-human';
      // a token that nobody waits for any more stays unspent
      if (deadline.signal.aborted) return unavailable('deadline exceeded before the check started');
      const limited = startDeadline(timeoutMs, deadline.signal);
      return ask(token, sourceIp, limited).finally(limited.clear);
    },
  };
}

function verificationIn(body: string | undefined): Verification | undefined {
  try {
    return verification.safeParse(JSON.parse(body ?? '')).data;
  } catch {
    return undefined;
  }
}

/** A known error code; any other is text of the other side, which may quote what it was sent. */
function errorName(code: string): string {
  return OTHER_ERRORS.has(code) || DOUBTFUL_ERRORS.has(code) ? code : 'an unknown error code';
}
