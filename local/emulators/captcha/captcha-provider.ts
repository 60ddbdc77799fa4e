import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CAPTCHA_PROVIDERS,
  type CaptchaProvider,
} from '../../../functions/adapters/captcha/captcha-verifier.ts';
import { bundle } from '../../../web/build.ts';
import { createFaultSwitch, type LimitedFault } from '../../fault-switch.ts';
import {
  answerJson,
  type ListenOptions,
  type RunningServer,
  readBody,
  splitTarget,
  startHttpServer,
} from '../../http-server.ts';

/** The secret key that a simulated provider accepts beside the published test keys. Opens nothing real. */
export const SIMULATED_CAPTCHA_SECRET = 'simulated-captcha-secret';

/** Keys that a provider publishes for tests: they work for everybody, and protect nothing. */
export interface CaptchaTestKeys {
  /** For the widget on the page. */
  readonly siteKey: string;
  /** The secret key with which the token passes. */
  readonly secret: string;
  /** What the widget hands out under this site key; with reCAPTCHA's test keys, any token passes. */
  readonly token: string;
}

/**
 * The providers' test keys that pass.
 *
 * - https://developers.cloudflare.com/turnstile/troubleshooting/testing/
 * - https://docs.hcaptcha.com/#integration-testing-test-keys
 * - https://developers.google.com/recaptcha/docs/faq (version 2; version 3 has none)
 */
export const CAPTCHA_TEST_KEYS: Readonly<Record<CaptchaProvider, CaptchaTestKeys>> = {
  turnstile: {
    siteKey: '1x00000000000000000000AA',
    secret: '1x0000000000000000000000000000000AA',
    token: 'XXXX.DUMMY.TOKEN.XXXX',
  },
  hcaptcha: {
    siteKey: '10000000-ffff-ffff-ffff-000000000001',
    secret: '0x0000000000000000000000000000000000000000',
    token: '10000000-aaaa-bbbb-cccc-000000000001',
  },
  recaptcha: {
    siteKey: '6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI',
    secret: '6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe',
    token: 'any-token',
  },
};

/** Turnstile's test secret under which every token fails. */
export const TURNSTILE_FAILING_SECRET = '2x0000000000000000000000000000000AA';

/** Turnstile's test secret under which every token is already spent. */
export const TURNSTILE_SPENT_SECRET = '3x0000000000000000000000000000000AA';

/**
 * What goes wrong with the provider: `500` fails, `429` is asked too often, `not-json` responds with `200` and HTML,
 * `reset` cuts the connection, `hang` never responds, `slow` takes `delayMs` milliseconds.
 */
export type CaptchaFault = LimitedFault &
  (
    | { readonly kind: '500' | '429' | 'not-json' | 'reset' | 'hang' }
    | { readonly kind: 'slow'; readonly delayMs: number }
  );

/** A request that was received. */
export interface ReceivedVerification {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** How a simulated provider starts. */
export interface CaptchaProviderEmulatorOptions extends ListenOptions {
  readonly provider: CaptchaProvider;
  /** The site's secret key; {@link SIMULATED_CAPTCHA_SECRET} unless told otherwise. */
  readonly secret?: string | undefined;
}

/** How a token is issued. */
export interface IssueOptions {
  /** From 0 to 1, in the answer to this token: reCAPTCHA v3, hCaptcha for enterprises. */
  readonly score?: number | undefined;
  /** The token's time is over already. */
  readonly isExpired?: boolean | undefined;
}

/** A stand-in for a CAPTCHA's provider: verifies tokens, and serves a widget that hands them out. */
export interface CaptchaProviderEmulator extends RunningServer {
  /** Where it verifies: the provider's path, on this server. */
  readonly verifyUrl: URL;
  /** The requests that it received, in their order, the ones that a fault hit included, those for the widget not. */
  readonly requests: readonly ReceivedVerification[];
  /** A token that passes once, as the widget would hand it to a human. */
  issueToken(options?: IssueOptions): string;
  /** Switches a fault on, in place of the one before. */
  fault(fault: CaptchaFault): void;
  heal(): void;
}

interface IssuedToken extends IssueOptions {
  /** What the request that spent it was told apart by; `undefined` until then. */
  spentBy?: string;
}

const MAXIMUM_BODY_BYTES = 64 * 1024;
const FORM = /^application\/x-www-form-urlencoded(;|$)/i;
const FIELDS: Readonly<Record<CaptchaProvider, ReadonlySet<string>>> = {
  turnstile: new Set(['secret', 'response', 'remoteip', 'idempotency_key']),
  hcaptcha: new Set(['secret', 'response', 'remoteip', 'sitekey']),
  recaptcha: new Set(['secret', 'response', 'remoteip']),
};

/** Where the stand-in for the provider's script is: a classic script that shows a check box, ticked by whoever is human. */
export const WIDGET_PATH = '/widget.js';

/** What version 3 of reCAPTCHA makes of a human. */
const WIDGET_SCORE = 0.9;

/** How often the widget of one page can be passed. */
const TOKENS_PER_WIDGET = 20;

/** Starts a simulated provider. It takes the provider's published test keys, and tokens that it issued itself. */
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
    if (path === WIDGET_PATH) return answerWidget(request, response);
    const received = {
      method: request.method ?? '',
      path,
      contentType: request.headers['content-type'],
      body,
    };
    requests.push(received);
    if (!(await hitByFault(faults.next(), request, response))) answer(received, response);
  }, options);

  function answer({ method, path, contentType = '', body }: ReceivedVerification, response: ServerResponse) {
    if (path !== pathname) return answerJson(response, 404, { message: `There is ${pathname}` });
    if (method !== 'POST') return answerJson(response, 405, { message: 'Use POST' }, { Allow: 'POST' });
    const form = new URLSearchParams(body);
    const names = [...form.keys()];
    const isWellFormed =
      new Set(names).size === names.length && names.every((name) => FIELDS[provider].has(name));
    const verdict = FORM.test(contentType) && isWellFormed ? judge(form) : failure('bad-request');
    answerJson(response, 200, verdict);
  }

  function answerWidget(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET') {
      answerJson(response, 405, { message: 'Use GET' }, { Allow: 'GET' });
      return;
    }
    const render = new URLSearchParams(splitTarget(request).query).get('render') ?? 'explicit';
    // version 3 of reCAPTCHA is asked for by its site key, and is sure of nobody
    const score = provider === 'recaptcha' && render !== 'explicit' ? WIDGET_SCORE : undefined;
    const issued = Array.from({ length: TOKENS_PER_WIDGET }, () => issueToken({ score }));
    const given = `const ISSUED_TOKENS = ${JSON.stringify(issued)}, PROVIDER = ${JSON.stringify(provider)};`;
    response.writeHead(200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    // a classic script shares its names with the page
    response.end(`(() => {${given}\n${bundle('../local/emulators/captcha/captcha-widget.ts')}})();\n`);
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

/** Whether a fault answered, or left unanswered, the request. */
async function hitByFault(
  fault: CaptchaFault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  switch (fault?.kind) {
    case undefined:
      return false;
    case 'slow':
      // unreferenced, so that a slow response nobody waits for any more keeps no process alive
      await delay(fault.delayMs, undefined, { ref: false });
      return false;
    case '500':
    case '429':
      answerJson(response, Number(fault.kind), { message: 'Internal error' });
      break;
    case 'not-json':
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<html><body>Checking your browser</body></html>');
      break;
    case 'reset':
      request.socket.resetAndDestroy();
      break;
    case 'hang':
      break;
  }
  return true;
}

function success(extra: object): object {
  return { success: true, challenge_ts: new Date().toISOString(), hostname: 'localhost', ...extra };
}

function failure(code: string): object {
  return { success: false, 'error-codes': [code] };
}
