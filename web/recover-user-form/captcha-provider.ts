/** The CAPTCHA providers that the form supports. `recaptcha` is version 2; `recaptcha-v3` is invisible. */
export const CAPTCHA_PROVIDERS = ['turnstile', 'hcaptcha', 'recaptcha', 'recaptcha-v3'] as const;

/** One of the supported providers. */
export type CaptchaProvider = (typeof CAPTCHA_PROVIDERS)[number];
