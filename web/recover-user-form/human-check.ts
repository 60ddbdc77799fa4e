/** Whose human check the form renders; version 3 of reCAPTCHA has nothing to see. */
export type HumanCheckProvider = 'turnstile' | 'hcaptcha' | 'recaptcha' | 'recaptcha-v3';

/** What the page says about its human check. */
export interface HumanCheckOptions {
  readonly provider: HumanCheckProvider;
  /** The site's public key at the provider. */
  readonly siteKey: string;
  /** Where the provider's script is, if not where the provider says: a mirror such as recaptcha.net, or a stand-in. */
  readonly scriptUrl: string | undefined;
  readonly language: string;
}

interface ProviderRules {
  /** The global object of its script. */
  readonly global: string;
  readonly scriptUrl: string;
}

/**
 * - https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/
 * - https://docs.hcaptcha.com/configuration
 * - https://developers.google.com/recaptcha/docs/display and /v3
 */
const PROVIDERS: Readonly<Record<HumanCheckProvider, ProviderRules>> = {
  turnstile: { global: 'turnstile', scriptUrl: 'https://challenges.cloudflare.com/turnstile/v0/api.js' },
  hcaptcha: { global: 'hcaptcha', scriptUrl: 'https://js.hcaptcha.com/1/api.js' },
  recaptcha: { global: 'grecaptcha', scriptUrl: 'https://www.google.com/recaptcha/api.js' },
  'recaptcha-v3': { global: 'grecaptcha', scriptUrl: 'https://www.google.com/recaptcha/api.js' },
};

/** Names what the check is for in reCAPTCHA's statistics. */
const ACTION = 'recover_user';

/** The script tells that it is ready by a global function of this name. */
const READY = 'recoverUserFormHumanCheckIsReady';

/** A script that has not told by then is given up, in milliseconds. */
const PATIENCE_MS = 20_000;

/** Scripts by URL: a page has each of them once, however many forms and attempts there are. */
const loading = new Map<string, Promise<void>>();

/** The name is that of a provider. */
export function isHumanCheckProvider(name: string): name is HumanCheckProvider {
  return Object.hasOwn(PROVIDERS, name);
}

/**
 * Shows the provider's check in the container, which must not be in a shadow tree, where the providers' scripts do not look.
 * Resolves with a token that is good for one request. Rejects where the check cannot be shown, fails for good, or is called
 * off by the signal.
 */
export async function passHumanCheck(
  options: HumanCheckOptions,
  container: HTMLElement,
  signal: AbortSignal,
): Promise<string> {
  const isCalledOff = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  await Promise.race([load(options), isCalledOff]);
  const api: unknown = Reflect.get(globalThis, PROVIDERS[options.provider].global);
  if (options.provider === 'recaptcha-v3') {
    return String(await call(api, 'execute', options.siteKey, { action: ACTION }));
  }
  const widget = render(api, options, container);
  try {
    return await Promise.race([widget.token, isCalledOff]);
  } finally {
    // reCAPTCHA's goes with its container
    if (has(api, 'remove')) call(api, 'remove', widget.id);
  }
}

function render(
  api: unknown,
  { provider, siteKey, language }: HumanCheckOptions,
  container: HTMLElement,
): { id: unknown; token: Promise<string> } {
  const { promise: token, resolve, reject } = Promise.withResolvers<string>();
  const id = call(api, 'render', container, {
    sitekey: siteKey,
    callback: resolve,
    'error-callback': () => reject(new Error(`The human check of ${provider} failed.`)),
    ...(provider === 'turnstile' && { language, size: 'flexible', action: ACTION }),
    ...(provider === 'hcaptcha' && { hl: language }),
  });
  return { id, token };
}

function load({ provider, siteKey, scriptUrl, language }: HumanCheckOptions): Promise<void> {
  const url = new URL(scriptUrl ?? PROVIDERS[provider].scriptUrl, document.baseURI);
  url.searchParams.set('render', provider === 'recaptcha-v3' ? siteKey : 'explicit');
  url.searchParams.set('onload', READY);
  if (provider.startsWith('recaptcha')) url.searchParams.set('hl', language);
  const script = loading.get(url.href) ?? add(url.href);
  loading.set(url.href, script);
  // one that was blocked or unreachable may be there the next time
  script.catch(() => loading.delete(url.href));
  return script;
}

function add(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const giveUp = () => {
      script.remove();
      reject(new Error('The script of the human check could not be loaded.'));
    };
    const patience = setTimeout(giveUp, PATIENCE_MS);
    Reflect.set(globalThis, READY, () => {
      clearTimeout(patience);
      resolve();
    });
    script.addEventListener('error', giveUp);
    script.async = true;
    script.src = url;
    document.head.append(script);
  });
}

function call(api: unknown, method: string, ...parameters: readonly unknown[]): unknown {
  if (!has(api, method)) throw new Error(`The script of the human check has no ${method}.`);
  return Reflect.apply(Reflect.get(api, method), api, parameters);
}

function has(api: unknown, method: string): api is object {
  return typeof api === 'object' && api !== null && typeof Reflect.get(api, method) === 'function';
}
