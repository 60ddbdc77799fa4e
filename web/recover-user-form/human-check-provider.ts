/** Whose human check the form renders; version 3 of reCAPTCHA has nothing to see. */
export const HUMAN_CHECK_PROVIDERS = ['turnstile', 'hcaptcha', 'recaptcha', 'recaptcha-v3'] as const;

/** One of them. */
export type HumanCheckProvider = (typeof HUMAN_CHECK_PROVIDERS)[number];

/** The name is that of a provider. */
export function isHumanCheckProvider(name: string): name is HumanCheckProvider {
  return HUMAN_CHECK_PROVIDERS.some((provider) => provider === name);
}
