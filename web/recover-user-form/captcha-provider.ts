/** Whose CAPTCHA the form renders; version 3 of reCAPTCHA has nothing to see. */
export const CAPTCHA_PROVIDERS = ['turnstile', 'hcaptcha', 'recaptcha', 'recaptcha-v3'] as const;

/** One of them. */
export type CaptchaProvider = (typeof CAPTCHA_PROVIDERS)[number];

/** The name is that of a provider. */
export function isCaptchaProvider(name: string): name is CaptchaProvider {
  return CAPTCHA_PROVIDERS.some((provider) => provider === name);
}
