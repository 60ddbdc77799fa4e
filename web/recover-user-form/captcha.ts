import { create } from '../element/create.ts';
import type { CaptchaProvider } from './captcha-provider.ts';

/** The CAPTCHA configuration of the page. */
export interface CaptchaOptions {
  readonly provider: CaptchaProvider;
  /** The site's public key at the provider. */
  readonly siteKey: string;
  /** Overrides the URL of the provider's script: a mirror such as recaptcha.net, or an emulator. */
  readonly scriptUrl: string | null;
  readonly language: string;
}

interface ProviderRules {
  /** The global object that the script defines. */
  readonly global: string;
  /** The method that yields a token: `render` shows a widget, `execute` is invisible. */
  readonly method: 'render' | 'execute';
  readonly scriptUrl: string;
}

/**
 * - https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/
 * - https://docs.hcaptcha.com/configuration
 * - https://developers.google.com/recaptcha/docs/display and /v3
 */
const PROVIDERS: Readonly<Record<CaptchaProvider, ProviderRules>> = {
  turnstile: {
    global: 'turnstile',
    method: 'render',
    scriptUrl: 'https://challenges.cloudflare.com/turnstile/v0/api.js',
  },
  hcaptcha: { global: 'hcaptcha', method: 'render', scriptUrl: 'https://js.hcaptcha.com/1/api.js' },
  recaptcha: {
    global: 'grecaptcha',
    method: 'render',
    scriptUrl: 'https://www.google.com/recaptcha/api.js',
  },
  'recaptcha-v3': {
    global: 'grecaptcha',
    method: 'execute',
    scriptUrl: 'https://www.google.com/recaptcha/api.js',
  },
};

/** Whether a name is that of a provider. */
export function isCaptchaProvider(name: string): name is CaptchaProvider {
  return Object.hasOwn(PROVIDERS, name);
}

/** Identifies the form in the provider's statistics. */
const ACTION = 'recover_user';

/** Applies to loading a script and to an invisible check. A visible widget may take as long as the user needs. */
const TIMEOUT_MS = 20_000;

/** Loaded and loading scripts, so that all forms and attempts of a page load each script once. */
const scriptLoads = new Map<string, Promise<void>>();

/** Numbers the global callbacks, because each script needs its own `onload` callback. */
let scriptCount = 0;

/**
 * Shows the provider's widget in the container and resolves with a token, which is valid for one request. Rejects if the widget
 * cannot be shown, if it fails, or if the signal aborts. The container must not be in a shadow tree, because the providers'
 * scripts do not find it there.
 */
export async function getCaptchaToken(
  options: CaptchaOptions,
  container: HTMLElement,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([obtainToken(options, container, aborted), aborted]);
}

async function obtainToken(
  options: CaptchaOptions,
  container: HTMLElement,
  aborted: Promise<never>,
): Promise<string> {
  const { provider, siteKey } = options;
  const { global, method } = PROVIDERS[provider];
  // the page may have loaded the script already; the script of version 3 depends on the site key
  const isLoaded = method === 'render' && has(Reflect.get(globalThis, global), method);
  if (!isLoaded) await Promise.race([load(options), aborted]);
  const api: unknown = Reflect.get(globalThis, global);
  if (method === 'execute') {
    const verdict = call(api, method, siteKey, { action: ACTION });
    return String(await Promise.race([verdict, rejectAfter(TIMEOUT_MS)]));
  }
  const widget = render(api, options, container);
  try {
    return await Promise.race([widget.token, aborted]);
  } finally {
    removeWidget(api, widget.id);
  }
}

function render(
  api: unknown,
  { provider, siteKey, language }: CaptchaOptions,
  container: HTMLElement,
): { id: unknown; token: Promise<string> } {
  const { promise: token, resolve, reject } = Promise.withResolvers<string>();
  const fail = () => reject(new Error(`The ${provider} widget failed.`));
  const id = call(api, 'render', container, {
    sitekey: siteKey,
    callback: resolve,
    'error-callback': fail,
    ...(provider === 'turnstile' && {
      'unsupported-callback': fail,
      language,
      size: 'flexible',
      action: ACTION,
    }),
    ...(provider === 'hcaptcha' && { hl: language }),
  });
  return { id, token };
}

/**
 * Never throws, because the token is valid even if the removal fails. reCAPTCHA has no `remove`: its widget disappears with the
 * container.
 */
function removeWidget(api: unknown, id: unknown): void {
  if (!has(api, 'remove')) return;
  try {
    call(api, 'remove', id);
  } catch (error) {
    reportError(error);
  }
}

function rejectAfter(milliseconds: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('The CAPTCHA timed out.')), milliseconds);
  });
}

function load(options: CaptchaOptions): Promise<void> {
  const { provider, siteKey } = options;
  // the script of version 3 depends on the site key
  const key = provider === 'recaptcha-v3' ? `${provider} ${siteKey}` : provider;
  const present = scriptLoads.get(key);
  if (present) return present;
  const script = add(options);
  scriptLoads.set(key, script);
  // lets the next attempt load the script again
  script.catch(() => scriptLoads.delete(key));
  return script;
}

function add({ provider, siteKey, scriptUrl, language }: CaptchaOptions): Promise<void> {
  scriptCount += 1;
  const callbackName = `recoverUserFormCaptchaReady${scriptCount}`;
  const url = new URL(scriptUrl ?? PROVIDERS[provider].scriptUrl, document.baseURI);
  url.searchParams.set('render', provider === 'recaptcha-v3' ? siteKey : 'explicit');
  url.searchParams.set('onload', callbackName);
  if (provider.startsWith('recaptcha')) url.searchParams.set('hl', language);

  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const script = create('script', { src: url.href });
  const fail = () => reject(new Error('The CAPTCHA script failed to load.'));
  const timer = setTimeout(fail, TIMEOUT_MS);
  Reflect.set(globalThis, callbackName, resolve);
  script.addEventListener('error', fail);
  document.head.append(script);
  return promise
    .catch((error: unknown) => {
      script.remove();
      throw error;
    })
    .finally(() => {
      clearTimeout(timer);
      Reflect.deleteProperty(globalThis, callbackName);
    });
}

function call(api: unknown, method: string, ...parameters: readonly unknown[]): unknown {
  if (!has(api, method)) throw new Error(`The CAPTCHA script has no ${method}().`);
  return Reflect.apply(Reflect.get(api, method), api, parameters);
}

function has(api: unknown, method: string): api is object {
  return typeof api === 'object' && api !== null && typeof Reflect.get(api, method) === 'function';
}
