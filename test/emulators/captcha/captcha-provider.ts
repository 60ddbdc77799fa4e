import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  CAPTCHA_PROVIDERS,
  type CaptchaProvider,
} from '../../../functions/adapters/captcha/captcha-verifier.ts';
import { applyFault, type ConnectionFault } from '../../../local/apply-fault.ts';
import { createFaultSwitch, type LimitedFault } from '../../../local/fault-switch.ts';
import {
  type ListenOptions,
  type RunningServer,
  readBody,
  sendJson,
  splitTarget,
  startHttpServer,
} from '../../../local/http-server.ts';
import { bundle } from '../../../web/bundle.ts';
import { CAPTCHA_TEST_KEYS, TURNSTILE_FAILING_SECRET, TURNSTILE_SPENT_SECRET } from './captcha-test-keys.ts';

/** The secret key that the emulator accepts beside the published test keys. It is not a real secret. */
export const SIMULATED_CAPTCHA_SECRET = 'simulated-captcha-secret';

/** A fault of the provider: an error response, or one of the connection. */
export type CaptchaFault =
  | (LimitedFault & { readonly kind: '500' | '429' })
  | Exclude<ConnectionFault, { readonly kind: 'lost-response' }>;

/** A request that the emulator received. */
export interface ReceivedVerification {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** Options of the emulator. */
export interface CaptchaProviderEmulatorOptions extends ListenOptions {
  readonly provider: CaptchaProvider;
  /** The site's secret key ({@link SIMULATED_CAPTCHA_SECRET}). */
  readonly secret?: string | undefined;
}

/** Options of an issued token. */
export interface IssueOptions {
  /** The score in the response for this token, from 0 to 1: reCAPTCHA v3, hCaptcha Enterprise. */
  readonly score?: number | undefined;
  /** Whether the token has already expired. */
  readonly isExpired?: boolean | undefined;
}

/** An emulator of a CAPTCHA provider: verifies tokens, and serves a widget that issues them. */
export interface CaptchaProviderEmulator extends RunningServer {
  /** The provider's verification path on this server. */
  readonly verifyUrl: URL;
  /** All verification requests in order, including those that a fault hit. */
  readonly requests: readonly ReceivedVerification[];
  /** Issues a token that passes once, as the widget does. */
  issueToken(options?: IssueOptions): string;
  /** Switches a fault on; it replaces the previous one. */
  fault(fault: CaptchaFault): void;
  heal(): void;
}

interface IssuedToken extends IssueOptions {
  /** The idempotency key of the request that spent it; `undefined` until then. */
  spentBy?: string;
}

const MAXIMUM_BODY_BYTES = 64 * 1024;
const FORM = /^application\/x-www-form-urlencoded(;|$)/i;
const FIELDS: Readonly<Record<CaptchaProvider, ReadonlySet<string>>> = {
  turnstile: new Set(['secret', 'response', 'remoteip', 'idempotency_key']),
  hcaptcha: new Set(['secret', 'response', 'remoteip', 'sitekey']),
  recaptcha: new Set(['secret', 'response', 'remoteip']),
};

/** Path of the widget's script: a classic script that shows a check box for the user to tick. */
export const WIDGET_PATH = '/widget.js';

/** The score of a token that the reCAPTCHA v3 widget issues. */
const WIDGET_SCORE = 0.9;

/** Number of tokens that the widget of one page can issue. */
const TOKENS_PER_WIDGET = 20;

/** Starts an emulator that accepts the provider's published test keys and the tokens that it issued. */
export async function startCaptchaProvider(
  options: CaptchaProviderEmulatorOptions,
): Promise<CaptchaProviderEmulator> {
  const { provider, secret: siteSecret = SIMULATED_CAPTCHA_SECRET } = options;
  const { pathname } = new URL(CAPTCHA_PROVIDERS[provider].verifyUrl);
  const testKeys = CAPTCHA_TEST_KEYS[provider];
  const tokens = new Map<string, IssuedToken>();
  const requests: ReceivedVerification[] = [];
  const faults = createFaultSwitch<CaptchaFault>();

  const server = await startHttpServer(async (request, response) => {
    const body = (await readBody(request, MAXIMUM_BODY_BYTES)) ?? '';
    const { path } = splitTarget(request);
    if (path === WIDGET_PATH) return sendWidget(request, response);
    const received = {
      method: request.method ?? '',
      path,
      contentType: request.headers['content-type'],
      body,
    };
    requests.push(received);
    const sendStatus = (status: number) => sendJson(response, status, { message: 'Internal error' });
    const isHandled = await applyFault(faults.next(), response, {
      '500': () => sendStatus(500),
      '429': () => sendStatus(429),
    });
    if (isHandled) verify(received, response);
  }, options);

  function verify({ method, path, contentType = '', body }: ReceivedVerification, response: ServerResponse) {
    if (path !== pathname) return sendJson(response, 404, { message: `There is ${pathname}` });
    if (method !== 'POST') return sendJson(response, 405, { message: 'Use POST' }, { Allow: 'POST' });
    const form = new URLSearchParams(body);
    const names = [...form.keys()];
    const isWellFormed =
      new Set(names).size === names.length && names.every((name) => FIELDS[provider].has(name));
    const verdict = FORM.test(contentType) && isWellFormed ? judge(form) : failure('bad-request');
    sendJson(response, 200, verdict);
  }

  function sendWidget(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET') {
      sendJson(response, 405, { message: 'Use GET' }, { Allow: 'GET' });
      return;
    }
    const render = new URLSearchParams(splitTarget(request).query).get('render') ?? 'explicit';
    // only reCAPTCHA v3 is loaded by its site key, and only its tokens have a score
    const score = provider === 'recaptcha' && render !== 'explicit' ? WIDGET_SCORE : undefined;
    const issued = Array.from({ length: TOKENS_PER_WIDGET }, () => issueToken({ score }));
    const given = `const ISSUED_TOKENS = ${JSON.stringify(issued)}, PROVIDER = ${JSON.stringify(provider)};`;
    response.writeHead(200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    // a function scope: the names of a classic script are visible to the page
    response.end(`(() => {${given}\n${bundle('../test/emulators/captcha/captcha-widget.ts')}})();\n`);
  }

  function judge(form: URLSearchParams): object {
    const secret = form.get('secret') ?? '';
    const token = form.get('response') ?? '';
    if (secret === '') return failure('missing-input-secret');
    if (token === '') return failure('missing-input-response');
    if (secret === siteSecret) return judgeIssued(token, form.get('idempotency_key') ?? '');
    return judgeTest(secret, token);
  }

  function judgeIssued(token: string, idempotencyKey: string): object {
    const issued = tokens.get(token);
    if (issued === undefined) {
      const isTestToken = provider === 'hcaptcha' && token === testKeys.token;
      return failure(isTestToken ? 'not-using-dummy-secret' : 'invalid-input-response');
    }
    if (issued.isExpired) {
      return failure(provider === 'hcaptcha' ? 'expired-input-response' : 'timeout-or-duplicate');
    }
    if (issued.spentBy !== undefined && (idempotencyKey === '' || issued.spentBy !== idempotencyKey)) {
      return failure(provider === 'hcaptcha' ? 'already-seen-response' : 'timeout-or-duplicate');
    }
    issued.spentBy = idempotencyKey;
    return success(issued.score === undefined ? {} : { score: issued.score });
  }

  function judgeTest(secret: string, token: string): object {
    if (provider === 'turnstile' && secret === TURNSTILE_FAILING_SECRET) {
      return failure('invalid-input-response');
    }
    if (provider === 'turnstile' && secret === TURNSTILE_SPENT_SECRET) return failure('timeout-or-duplicate');
    if (secret !== testKeys.secret) return failure('invalid-input-secret');
    if (provider === 'recaptcha' || token === testKeys.token) return success({});
    return failure(provider === 'hcaptcha' ? 'not-using-dummy-passcode' : 'invalid-input-response');
  }

  function issueToken(issue: IssueOptions = {}): string {
    const token = randomBytes(300).toString('base64url');
    tokens.set(token, { ...issue });
    return token;
  }

  return {
    ...server,
    verifyUrl: new URL(pathname, server.url),
    requests,
    issueToken,
    fault: faults.set,
    heal: faults.heal,
  };
}

function success(extra: object): object {
  return { success: true, challenge_ts: new Date().toISOString(), hostname: 'localhost', ...extra };
}

function failure(code: string): object {
  return { success: false, 'error-codes': [code] };
}
