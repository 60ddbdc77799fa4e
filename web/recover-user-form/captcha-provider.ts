/** Whose CAPTCHA the form renders; version 3 of reCAPTCHA has nothing to see. */
export const CAPTCHA_PROVIDERS = ['turnstile', 'hcaptcha', 'recaptcha', 'recaptcha-v3'] as const;

/** One of them. */
export type CaptchaProvider = (typeof CAPTCHA_PROVIDERS)[number];
