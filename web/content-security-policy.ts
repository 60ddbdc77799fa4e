import type { CaptchaProvider } from './recover-user-form/captcha-provider.ts';

/** What a page loads and calls besides its own files. */
export interface PolicyOptions {
  /** The origins that the page may call besides its own. */
  readonly connectOrigins: readonly string[];
  /** Adds the origins of the provider's widget, and removes Trusted Types. */
  readonly captcha?: CaptchaProvider | undefined;
  /** Adds `'unsafe-eval'`, and removes Trusted Types. */
  readonly allowUnsafeEval?: boolean | undefined;
}

/** The Content-Security-Policy sources that each provider documents for its widget, by directive. */
const CAPTCHA_CSP_SOURCES: Readonly<Record<CaptchaProvider, Readonly<Record<string, string>>>> = {
  // https://developers.cloudflare.com/turnstile/reference/content-security-policy/
  turnstile: {
    'script-src': 'https://challenges.cloudflare.com',
    'frame-src': 'https://challenges.cloudflare.com',
  },
  // https://docs.hcaptcha.com/#content-security-policy-settings
  hcaptcha: {
    'script-src': 'https://hcaptcha.com https://*.hcaptcha.com',
    'frame-src': 'https://hcaptcha.com https://*.hcaptcha.com',
    'style-src': 'https://hcaptcha.com https://*.hcaptcha.com',
    'connect-src': 'https://hcaptcha.com https://*.hcaptcha.com',
  },
  // https://developers.google.com/recaptcha/docs/faq
  recaptcha: {
    'script-src': 'https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/',
    'frame-src': 'https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/',
  },
  'recaptcha-v3': {
    'script-src': 'https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/',
    'frame-src': 'https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/',
    'connect-src': 'https://www.google.com/recaptcha/',
  },
};

/**
 * Returns the Content-Security-Policy of a page, which allows its own files and the given origins only. Trusted Types prevent
 * script injection, but the widgets of the CAPTCHA providers do not support them. `frame-ancestors` is missing, because it works
 * only in a header.
 */
export function contentSecurityPolicy({ connectOrigins, captcha, allowUnsafeEval }: PolicyOptions): string {
  const widgetSources = captcha ? CAPTCHA_CSP_SOURCES[captcha] : {};
  const pageSources: Readonly<Record<string, string>> = {
    'default-src': "'none'",
    'script-src': allowUnsafeEval ? "'self' 'unsafe-eval'" : "'self'",
    'style-src': "'self'",
    'img-src': "'self'",
    'connect-src': ["'self'", ...connectOrigins].join(' '),
    'base-uri': "'none'",
    'form-action': "'none'",
    ...(!captcha &&
      !allowUnsafeEval && { 'require-trusted-types-for': "'script'", 'trusted-types': "'none'" }),
  };
  const names = new Set([...Object.keys(pageSources), ...Object.keys(widgetSources)]);
  return [...names]
    .map((name) => [name, pageSources[name], widgetSources[name]].filter(Boolean).join(' '))
    .join('; ');
}
