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
export function passHumanCheck(
  options: HumanCheckOptions,
  container: HTMLElement,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    tokenOf(options, container).then(resolve, reject);
  });
}

async function tokenOf(options: HumanCheckOptions, container: HTMLElement): Promise<string> {
  const { provider, siteKey, language } = options;
  await load(options);
  const api: unknown = Reflect.get(globalThis, PROVIDERS[provider].global);
  if (provider === 'recaptcha-v3') return String(await call(api, 'execute', siteKey, { action: ACTION }));
  return new Promise((resolve, reject) => {
    call(api, 'render', container, {
      sitekey: siteKey,
      callback: resolve,
      'error-callback': () => reject(new Error(`The human check of ${provider} failed.`)),
      ...(provider === 'turnstile' && { language, size: 'flexible', action: ACTION }),
      ...(provider === 'hcaptcha' && { hl: language }),
    });
  });
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
  const found: unknown = typeof api === 'object' && api !== null ? Reflect.get(api, method) : undefined;
  if (typeof found !== 'function') throw new Error(`The script of the human check has no ${method}.`);
  return Reflect.apply(found, api, parameters);
}
